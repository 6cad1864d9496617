package api

import (
	"maps"
	"slices"
	"strings"
)

// CheckEmbedTexts says what is wrong with a file like embed.yaml.
func CheckEmbedTexts(file []byte) error {
	_, err := readEmbedTexts(file, reportYAML)
	return err
}

// EmbedWords are all words of charts, by their language: texts, symptoms and the names
// of all languages that posts may be in.
func EmbedWords() (map[string]string, error) {
	t, err := readEmbedTexts(embedYAML, reportYAML)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for lang, s := range t.languages {
		words := []string{s.Complaints, s.Last, s.Updated, s.Minutes, s.Hours, s.Days, s.People, s.Usual, s.Incident, s.Deaf, s.Simulated, s.Peak}
		words = slices.AppendSeq(words, maps.Values(t.Languages[lang].Symptoms))
		for a := 'a'; a <= 'z'; a++ {
			for b := 'a'; b <= 'z'; b++ {
				words = append(words, languageName(lang, string([]rune{a, b})))
			}
		}
		all[lang] = strings.Join(append(words, t.speech(lang, nil).digits.Replace("0123456789")), " ")
	}
	return all, nil
}

// Pictures is what keeps pictures that were drawn.
type Pictures struct{ *pictures }

// NewPictures keeps so many bytes.
func NewPictures(most int) Pictures { return Pictures{newPictures(most)} }

// Get is the picture under a tag, drawn where it is not kept.
func (p Pictures) Get(tag string, draw func() ([]byte, error)) ([]byte, error) {
	return p.get(tag, draw)
}
