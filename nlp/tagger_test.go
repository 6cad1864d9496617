package nlp_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"outcry/nlp"
)

func tag(t testing.TB, in string, opt nlp.TagOptions) []string {
	t.Helper()
	var out strings.Builder
	if err := nlp.TagLines(t.Context(), defaultClassifier(t), strings.NewReader(in), &out, opt); err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestTagLinesForms(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"complaint":      {`{"id":"a<1>","text":"WhatsApp is down","source":"x","author":{"any":1}}`, `{"id":"a<1>","kind":"complaint","lang":"en","services":["whatsapp"],"symptoms":["down"],"score":`},
		"number id":      {`{"id":12345678901234567890,"text":""}`, `{"id":12345678901234567890,"kind":"other","lang":"","services":[],"symptoms":[],"score":`},
		"about a string": {`{"id":1,"text":"not working","about":"Netflix"}`, `{"id":1,"kind":"complaint","lang":"en","services":["netflix"]`},
		"about a list":   {`{"id":1,"text":"not working","about":["Netflix"],"lang":null}`, `{"id":1,"kind":"complaint","lang":"en","services":["netflix"]`},
		"empty line":     {"\n", `{"id":null,"error":"the line is empty"}`},
		"no JSON":        {`{"id":1,`, `{"id":null,"error":"the line is not a JSON object`},
		"no object":      {`[1]`, `{"id":null,"error":"the line is not a JSON object"}`},
		"no text":        {`{"id":1}`, `{"id":null,"error":"the field text is missing or not a string"}`},
		"text a number":  {`{"id":1,"text":5}`, `{"id":null,"error":"the field text is missing or not a string"}`},
		"text null":      {`{"id":1,"text":null}`, `{"id":null,"error":"the field text is missing or not a string"}`},
		"no id":          {`{"text":"x"}`, `{"id":null,"error":"the field id is missing or neither a string nor a number"}`},
		"id a list":      {`{"id":[],"text":"x"}`, `{"id":null,"error":"the field id is missing`},
		"bad UTF-8":      {"{\"id\":1,\"text\":\"\xff\"}", `{"id":null,"error":"the line is not valid UTF-8"}`},
		"about a number": {`{"id":1,"text":"x","about":3}`, `{"id":null,"error":"the field about is neither`},
	} {
		t.Run(name, func(t *testing.T) {
			got := tag(t, tc.in, nlp.TagOptions{})
			if len(got) != 1 || !strings.HasPrefix(got[0], tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTagLinesExplains(t *testing.T) {
	got := tag(t, `{"id":1,"text":"é WhatsApp is down"}`, nlp.TagOptions{Explain: true})
	if want := `{"start":3,"end":11,"tag":"service:whatsapp","text":"WhatsApp"}`; !strings.Contains(got[0], want) {
		t.Errorf("%s lacks %s", got[0], want)
	}
	if got := tag(t, `{"id":1,"text":"nothing"}`, nlp.TagOptions{Explain: true}); !strings.Contains(got[0], `"spans":[]`) {
		t.Errorf("%s lacks empty spans", got[0])
	}
}

func TestTagLinesKeepsOrderAndGoesOn(t *testing.T) {
	var in strings.Builder
	const n = 3000
	for i := range n {
		if i%7 == 3 {
			in.WriteString("bad\n")
			continue
		}
		fmt.Fprintf(&in, "{\"id\":%d,\"text\":\"netflix down %d\"}\n", i, i)
	}
	got := tag(t, strings.TrimSuffix(in.String(), "\n"), nlp.TagOptions{})
	if len(got) != n {
		t.Fatalf("%d lines for %d", len(got), n)
	}
	for i, line := range got {
		var v struct{ ID *int }
		if err := json.Unmarshal([]byte(line), &v); err != nil || (v.ID == nil) != (i%7 == 3) || v.ID != nil && *v.ID != i {
			t.Fatalf("line %d: %s", i, line)
		}
	}
}

func TestTagLinesSkipsLongLines(t *testing.T) {
	long := `{"id":1,"text":"` + strings.Repeat("a", nlp.MaxLine) + `"}`
	got := tag(t, long+"\n"+`{"id":2,"text":"x"}`+"\n"+long, nlp.TagOptions{})
	if len(got) != 3 || !strings.Contains(got[0], "longer than") || !strings.HasPrefix(got[1], `{"id":2`) || !strings.Contains(got[2], "longer than") {
		t.Errorf("%d lines: %.200q", len(got), got)
	}
}

func TestTagLinesAnswersWhileTheInputPauses(t *testing.T) {
	in, typed := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan error, 1)
	c := defaultClassifier(t) // it may end the test, which only this goroutine can do
	go func() { done <- nlp.TagLines(t.Context(), c, in, out, nlp.TagOptions{}) }()
	read := bufio.NewReader(answers)
	for i := range 3 {
		fmt.Fprintf(typed, "{\"id\":%d,\"text\":\"hello\"}\n", i)
		line, err := read.ReadString('\n')
		if err != nil || !strings.HasPrefix(line, fmt.Sprintf(`{"id":%d,`, i)) {
			t.Fatalf("%q, %v", line, err)
		}
	}
	typed.Close()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it does not end")
	}
}

func TestTagLinesReportsErrors(t *testing.T) {
	broken := errors.New("broken")
	in, w := io.Pipe()
	w.CloseWithError(broken)
	if err := nlp.TagLines(t.Context(), defaultClassifier(t), in, io.Discard, nlp.TagOptions{}); !errors.Is(err, broken) {
		t.Errorf("reading: %v", err)
	}
	r, out := io.Pipe()
	r.CloseWithError(broken)
	many := strings.Repeat(`{"id":1,"text":"x"}`+"\n", 10000)
	if err := nlp.TagLines(t.Context(), defaultClassifier(t), strings.NewReader(many), out, nlp.TagOptions{}); !errors.Is(err, broken) {
		t.Errorf("writing: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := nlp.TagLines(ctx, defaultClassifier(t), strings.NewReader(many), io.Discard, nlp.TagOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func FuzzTagLines(f *testing.F) {
	for _, s := range []string{`{"id":1,"text":"x"}`, "\n\n", `{"id":"\u0000","text":"\ud800"}`, "{", "null", `{"id":1e999,"text":"","about":[null]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var out strings.Builder
		if err := nlp.TagLines(t.Context(), defaultClassifier(t), strings.NewReader(in), &out, nlp.TagOptions{Explain: true}); err != nil {
			t.Fatal(err)
		}
		want := strings.Count(in, "\n")
		if in != "" && !strings.HasSuffix(in, "\n") {
			want++
		}
		if got := strings.Count(out.String(), "\n"); got != want {
			t.Fatalf("%d lines for %d: %q", got, want, out.String())
		}
		for line := range strings.Lines(out.String()) {
			if !json.Valid([]byte(line)) {
				t.Fatalf("not JSON: %q", line)
			}
		}
	})
}
