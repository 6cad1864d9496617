package main_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// labelledLines are enough posts to train on.
const labelledLines = `{"id":"a","text":"WhatsApp is down, I cannot send messages","kind":"complaint","lang":"en","services":["whatsapp"],"symptoms":["messages"]}
{"id":"b","text":"Netflix keeps buffering tonight","kind":"complaint","lang":"en","services":["netflix"],"symptoms":["playback"]}
{"id":"c","text":"watching Netflix tonight","kind":"other","lang":"en","services":["netflix"],"symptoms":[]}
{"id":"d","text":"WhatsApp est de retour !","kind":"resolved","lang":"fr","services":["whatsapp"],"symptoms":["down"]}
{"id":"e","text":"WhatsApp down for thousands of users, says Downdetector","kind":"news","lang":"en","services":["whatsapp"],"symptoms":["down"]}
{"id":"f","text":"free tickets and orange juice for everyone at the party","kind":"other","lang":"en","services":[],"symptoms":[]}
`

func labelledFile(t *testing.T, lines string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "posts.ndjson")
	if err := os.WriteFile(path, []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEvalPrintsQualityByLanguage(t *testing.T) {
	t.Parallel()
	path := labelledFile(t, labelledLines)
	out, errs, code := outcry(t, "", "eval", path)
	if code != 0 || !strings.Contains(out, "complaint F1") || !strings.Contains(out, "fr") || !strings.Contains(out, `labelled \ tagged`) {
		t.Errorf("%d %s\n%s", code, errs, out)
	}
	out, errs, code = outcry(t, "", "eval", "--format", "json", path)
	var answer struct {
		All struct {
			Posts       int     `json:"posts"`
			ComplaintF1 float64 `json:"complaint_f1"`
		} `json:"all"`
		Languages map[string]any `json:"languages"`
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || code != 0 || answer.All.Posts != 6 || answer.All.ComplaintF1 != 1 || len(answer.Languages) != 2 {
		t.Errorf("%d %v %s\n%s", code, err, errs, out)
	}
}

func TestTrainWritesAModelThatTagTakes(t *testing.T) {
	t.Parallel()
	model := filepath.Join(t.TempDir(), "model.bin")
	if _, errs, code := outcry(t, "", "train", "--out", model, labelledFile(t, strings.Repeat(labelledLines, 3))); code != 0 {
		t.Fatal(errs)
	}
	out, errs, code := outcry(t, `{"id":1,"text":"WhatsApp is down, I cannot send messages"}`, "tag", "--model", model)
	if code != 0 || !strings.Contains(out, `"services":["whatsapp"]`) {
		t.Errorf("%d %s\n%s", code, errs, out)
	}
}

// TestModelIsTrainedFromTheseFiles trains again: the model that comes with the
// program must be the one that make train writes from the files as they stand.
func TestModelIsTrainedFromTheseFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOARCH != "amd64" {
		t.Skip("other processors round the last bit of a weight differently")
	}
	posts, err := filepath.Glob(filepath.Join("..", "..", "testdata", "posts", "*.ndjson"))
	if err != nil || len(posts) == 0 {
		t.Fatalf("%d files of posts, %v", len(posts), err)
	}
	model := filepath.Join(t.TempDir(), "model.bin")
	if _, errs, code := outcry(t, "", append([]string{"train", "--out", model}, posts...)...); code != 0 {
		t.Fatal(errs)
	}
	got, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("..", "..", "nlp", "model.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("posts, lexicon, catalogue or code have changed since the model was trained: run make train")
	}
}

// Whatever is wrong with a file is said by its name, with the line.
func TestEvalAndTrainNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := labelledFile(t, labelledLines)
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"a kind that is none":     {[]string{"eval", labelledFile(t, labelledLines+`{"id":"x","text":"y","kind":"rant","lang":"en"}`+"\n")}, `posts.ndjson:7: unknown kind "rant"`},
		"a symptom that is none":  {[]string{"eval", labelledFile(t, `{"id":"x","text":"y","kind":"news","lang":"en","symptoms":["sad"]}`)}, `posts.ndjson:1: unknown symptom "sad"`},
		"a complaint of nothing":  {[]string{"eval", labelledFile(t, `{"id":"x","text":"y","kind":"complaint","lang":"en"}`)}, "a complaint without a symptom"},
		"no JSON":                 {[]string{"train", "--out", "m", labelledFile(t, "\n\nhello\n")}, "posts.ndjson:3: the line is not a JSON object"},
		"no post":                 {[]string{"train", "--out", "m", labelledFile(t, "\n")}, "there is no post in it"},
		"a folder that is absent": {[]string{"train", "--out", "/nowhere/at/all/m", good}, "write model"},
		"a model that is none":    {[]string{"eval", "--model", good, good}, "read model"},
		"a model that is absent":  {[]string{"tag", "--model", "/nowhere/m"}, "--model"},
		"a file that is absent":   {[]string{"eval", "/nowhere/posts"}, "/nowhere/posts"},
	} {
		t.Run(name, func(t *testing.T) {
			_, errs, code := outcry(t, "", tc.args...)
			if code == 0 || !strings.Contains(errs, tc.want) {
				t.Errorf("code %d, %q, want %q", code, errs, tc.want)
			}
		})
	}
}
