package nlp_test

import (
	"slices"
	"strings"
	"testing"

	"outcry/nlp"
	"outcry/nlp/catalog"
)

// plainComplaint says in each language that a service does not work.
func plainComplaint() map[string]string {
	return map[string]string{
		"ar": "{} مش شغال من ساعة", "cs": "{} už hodinu nefunguje", "de": "{} geht seit einer Stunde nicht",
		"el": "το {} δεν δουλεύει εδώ και μία ώρα", "en": "{} has been down for an hour", "es": "{} no funciona desde hace una hora",
		"fa": "{} یک ساعته کار نمیکنه", "fi": "{} ei toimi", "fr": "{} ne marche plus depuis une heure", "he": "{} לא עובד כבר שעה",
		"hi": "{} ek ghante se nahi chal raha", "hu": "{} egy órája nem működik", "id": "{} ga bisa dari tadi",
		"it": "{} non funziona da un'ora", "ja": "{}使えないんだけど", "ko": "{} 한시간째 안됨", "nl": "{} doet het al een uur niet",
		"pl": "{} nie działa od godziny", "pt": "{} fora do ar faz uma hora", "ro": "{} nu merge de o oră", "ru": "{} не работает уже час",
		"sv": "{} funkar inte", "th": "{} ล่ม เข้าไม่ได้", "tl": "{} ayaw gumana kanina pa", "tr": "{} bir saattir çalışmıyor",
		"uk": "{} не працює вже годину", "vi": "{} sập cả tiếng rồi", "zh": "{}崩了一个小时了",
	}
}

// TestServicesAreFoundByTheirNames puts the name of each service into a plain
// complaint in each language of its countries. A few names are everyday words,
// for which so little is no evidence.
func TestServicesAreFoundByTheirNames(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	c := defaultClassifier(t)
	const least = 0.96
	asked, found := 0, 0
	for _, s := range cat.Services() {
		langs := s.Langs
		if len(langs) == 0 {
			langs = []string{"en", "es", "de", "ja"}
		}
		for _, lang := range langs {
			sentence, ok := plainComplaint()[lang]
			if !ok {
				continue
			}
			asked++
			tags := c.Classify(nlp.Input{Text: strings.Replace(sentence, "{}", s.Name, 1)})
			if tags.Kind == nlp.Complaint && slices.Contains(tags.Services, s.Slug) {
				found++
			} else {
				t.Logf("%s: %q in %s: %s about %v", s.Slug, s.Name, lang, tags.Kind, tags.Services)
			}
		}
	}
	if share := float64(found) / float64(asked); share < least {
		t.Errorf("%.3f of %d names were found in a plain complaint, want %.2f", share, asked, least)
	} else {
		t.Logf("%.3f of %d names were found in a plain complaint", share, asked)
	}
}
