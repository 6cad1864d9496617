package search_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"outcry/api/search"
	"outcry/nlp"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// rig is a real index on the disk, with a clock of its own.
type rig struct {
	*search.Index
	t   *testing.T
	dir string
	now time.Time
	log bytes.Buffer
}

func open(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), now: noon}
	r.reopen()
	t.Cleanup(func() { r.Close() })
	return r
}

func (r *rig) config() search.Config {
	return search.Config{Dir: r.dir, Keep: 30 * 24 * time.Hour, Now: func() time.Time { return r.now },
		Log: slog.New(slog.NewTextHandler(&r.log, nil))}
}

func (r *rig) reopen() {
	r.t.Helper()
	if r.Index != nil {
		if err := r.Close(); err != nil {
			r.t.Fatal(err)
		}
	}
	index, err := search.Open(r.config())
	if err != nil {
		r.t.Fatal(err)
	}
	r.Index = index
}

func (r *rig) apply(posts []nlp.Signal, deleted ...nlp.Signal) {
	r.t.Helper()
	if err := r.Apply(r.t.Context(), posts, deleted); err != nil {
		r.t.Fatal(err)
	}
}

// say indexes texts, "fr: texte" each, a second apart; their ids are 1, 2, …
func (r *rig) say(lines ...string) {
	r.t.Helper()
	var posts []nlp.Signal
	for i, line := range lines {
		lang, text, _ := strings.Cut(line, ": ")
		p := post(fmt.Sprint(i+1), text)
		p.Lang, p.CreatedAt = lang, noon.Add(time.Duration(i)*time.Second)
		posts = append(posts, p)
	}
	r.apply(posts)
}

func post(id, text string) nlp.Signal {
	return nlp.Signal{PostID: id, Source: "test", Service: "whatsapp", Kind: nlp.Complaint, Lang: "en",
		Symptoms: []string{"messages"}, Score: 0.875, Text: text, Author: "author" + id, CreatedAt: noon}
}

func (r *rig) find(text string, edit ...func(*search.Query)) search.Found {
	r.t.Helper()
	words, err := search.Parse(text)
	if err != nil {
		r.t.Fatalf("%q: %v", text, err)
	}
	q := search.Query{Words: words, Limit: 50}
	for _, e := range edit {
		e(&q)
	}
	found, err := r.Search(r.t.Context(), q)
	if err != nil {
		r.t.Fatalf("%q: %v", text, err)
	}
	return found
}

// ids of what is found, in order.
func (r *rig) ids(text string, edit ...func(*search.Query)) string {
	r.t.Helper()
	var ids []string
	for _, h := range r.find(text, edit...).Hits {
		ids = append(ids, h.ID)
	}
	return strings.Join(ids, " ")
}

// marked shows the first hit with what matched in brackets.
func (r *rig) marked(text string) string {
	r.t.Helper()
	hits := r.find(text).Hits
	if len(hits) == 0 {
		return ""
	}
	out, last := "", 0
	for _, m := range hits[0].Marks {
		out += hits[0].Text[last:m.Start] + "[" + hits[0].Text[m.Start:m.End] + "]"
		last = m.End
	}
	return out + hits[0].Text[last:]
}

func TestWordsAreFoundInTheirForms(t *testing.T) {
	r := open(t)
	r.say(
		"en: My messages are not sending, WhatsApp is down",
		"fr: Impossible d'envoyer des messages, l'appli est en panne",
		"de: Nachrichten können nicht gesendet werden, Störung überall",
		"es: Los mensajes no se envían desde la aplicación",
		"ru: Сообщения не отправляются, всё лежит",
		"ja: メッセージが送信できない",
		"th: ส่งข้อความไม่ได้",
		"ko: 카톡이 안 보내져요",
		"cs: Nefunguje mi přihlášení",
		"ar: لا أستطيع إرسال الرسائل",
		"hi: व्हाट्सएप काम नहीं कर रहा",
		"zh: 微信发不出消息",
		": zażółć gęślą jaźń",
		"pt: a conexão caiu de novo",
		"tr: Mesajlar gönderilmiyor, ISTANBUL'da kesinti",
	)
	for query, want := range map[string]string{
		"message":                "2 1",
		"messages sending":       "1",
		"MESSAGE sent":           "",
		"down":                   "1", // no word is too common to be looked for
		"not":                    "1",
		"appli":                  "2",
		"l’appli":                "2",
		"nachricht":              "3",
		"störung":                "3",
		"storung":                "3",
		"stoerung":               "3",
		"mensaje":                "4",
		"aplicacion":             "4",
		"сообщение":              "5",
		"все":                    "5",
		"送信":                     "6",
		"送":                      "6",
		"ข้อความ":                "7",
		"카톡":                     "8",
		"prihlaseni":             "9",
		"الرسائل":                "10",
		"काम":                    "11",
		"消息":                     "12",
		"zazolc":                 "13",
		"CONEXAO":                "14",
		"istanbul":               "15",
		"kesinti":                "15",
		"messages panne":         "2",
		"\"en panne\"":           "2",
		"\"panne en\"":           "",
		"\"whatsapp down\"":      "",
		"“whatsapp is down”":     "1",
		"messages -panne":        "1",
		"-message -messages":     "15 14 13 12 11 10 9 8 7 6 5 4 3",
		"messages -\"en panne\"": "1",
		"mesages~":               "15 2 1",
		"whatsap~":               "1",
		"whatsxxx~":              "",
		"send*":                  "1",
		"überal*":                "3",
		"- message":              "2 1",
		"service:whatsapp":       "",
		"text:message":           "",
		"+message":               "2 1",
		"(message)":              "2 1",
		"message/":               "2 1",
		"\x00message\x00":        "2 1",
		"mess\u200bage":          "2 1",
		"😀 message":              "2 1",
		"":                       "15 14 13 12 11 10 9 8 7 6 5 4 3 2 1",
	} {
		if got := r.ids(query); got != want {
			t.Errorf("%q: found %q, want %q", query, got, want)
		}
	}
	if got := r.ids("message", func(q *search.Query) { q.Lang = "fr" }); got != "2" {
		t.Errorf("in French: %q", got)
	}
}

func TestMarks(t *testing.T) {
	r := open(t)
	r.say(
		"en: WhatsApp's DOWN again: messages won't send. Message me!",
		"fr: L’application, encore en panne… Éteinte",
		"ja: メッセージが送信できない、送信",
		"en: <script>alert(1)</script> \u202eboxes\u202c e\u0301\u0301\u0301clair",
	)
	for query, want := range map[string]string{
		"message":             "WhatsApp's DOWN again: [messages] won't send. [Message] me!",
		"whatsapp down":       "[WhatsApp's] [DOWN] again: messages won't send. Message me!",
		"\"down again\"":      "WhatsApp's [DOWN again]: messages won't send. Message me!",
		"agian~":              "WhatsApp's DOWN [again]: messages won't send. Message me!",
		"send mess*":          "WhatsApp's DOWN again: [messages] won't [send]. [Message] me!",
		"message -banana":     "WhatsApp's DOWN again: [messages] won't send. [Message] me!",
		"application eteinte": "[L’application], encore en panne… [Éteinte]",
		"送信":                  "メッセージが[送信]できない、[送信]",
		"送信でき":                "メッセージが[送信でき]ない、送信",
		"box":                 "<script>alert(1)</script> \u202e[boxes\u202c] e\u0301\u0301\u0301clair",
		"éclair":              "<script>alert(1)</script> \u202eboxes\u202c [e\u0301\u0301\u0301clair]",
	} {
		if got := r.marked(query); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
}

func TestFilters(t *testing.T) {
	r := open(t)
	a, b, c := post("a", "broken a"), post("b", "broken b"), post("c", "broken c")
	b.Service, b.Symptoms, b.Lang, b.Source = "instagram", []string{"login", "app"}, "de", "other"
	c.Kind, c.Symptoms = nlp.News, nil
	twice := a
	twice.Service = "instagram"
	r.apply([]nlp.Signal{a, b, c, twice})
	for name, one := range map[string]struct {
		edit func(*search.Query)
		want string
	}{
		"none":     {func(*search.Query) {}, "a b a"},
		"service":  {func(q *search.Query) { q.Service = "whatsapp" }, "a"},
		"symptom":  {func(q *search.Query) { q.Symptom = "app" }, "b"},
		"lang":     {func(q *search.Query) { q.Lang = "de" }, "b"},
		"source":   {func(q *search.Query) { q.Source = "other" }, "b"},
		"kind":     {func(q *search.Query) { q.Kind = "news" }, "c"},
		"together": {func(q *search.Query) { q.Service, q.Symptom = "instagram", "messages" }, "a"},
		"unknown":  {func(q *search.Query) { q.Service = "no such" }, ""},
	} {
		got := strings.Fields(r.ids("broken", one.edit))
		if len(got) != len(strings.Fields(one.want)) || one.want != "a b a" && strings.Join(got, " ") != one.want {
			t.Errorf("%s: got %q, want %q", name, got, one.want)
		}
	}
	f := r.find("broken")
	if got := fmt.Sprint(f.Total, f.Services, f.Symptoms, f.Languages); got != "3 [{instagram 2} {whatsapp 1}] [{messages 2} {app 1} {login 1}] [{en 2} {de 1}]" {
		t.Error(got)
	}
	h := r.find("broken", func(q *search.Query) { q.Service = "whatsapp" }).Hits[0]
	if h.ID != "a" || h.Source != "test" || h.Service != "whatsapp" || h.Kind != "complaint" || h.Lang != "en" || h.Symptoms[0] != "messages" ||
		h.Score != 0.875 || h.Text != "broken a" || !h.CreatedAt.Equal(noon) {
		t.Errorf("%+v", h)
	}
}

func TestRanges(t *testing.T) {
	r := open(t)
	var posts []nlp.Signal
	begin := noon.Truncate(24 * time.Hour).Add(-12 * time.Hour)
	for i := range 24 * 4 * 2 { // two days, every quarter of an hour and 250 ms
		p := post(fmt.Sprint(i), "broken")
		p.CreatedAt = begin.Add(time.Duration(i)*15*time.Minute + 250*time.Millisecond)
		posts = append(posts, p)
	}
	r.apply(posts)
	for _, span := range [][2]time.Duration{{0, 0}, {0, 15 * time.Minute}, {250 * time.Millisecond, 251 * time.Millisecond},
		{250*time.Millisecond + 1, time.Minute}, {251 * time.Millisecond, 30 * time.Second}, {0, 250 * time.Millisecond}, {0, 250*time.Millisecond + 1},
		{time.Hour, 26 * time.Hour}, {11 * time.Hour, 13*time.Hour + 7*time.Minute + 12300*time.Millisecond}, {12 * time.Hour, 36 * time.Hour},
		{-time.Hour, 100 * time.Hour}, {100 * time.Hour, 101 * time.Hour}} {
		from, to, want := begin.Add(span[0]), begin.Add(span[1]), 0
		for _, p := range posts {
			if !p.CreatedAt.Before(from) && p.CreatedAt.Before(to) {
				want++
			}
		}
		if got := r.find("broken", func(q *search.Query) { q.From, q.To = from, to }).Total; got != want {
			t.Errorf("%s to %s: got %d, want %d", from, to, got, want)
		}
	}
	if got := r.find("broken", func(q *search.Query) { q.From = noon }).Total; got != 96 {
		t.Errorf("from noon on: %d", got)
	}
}

func TestPages(t *testing.T) {
	r := open(t)
	var posts []nlp.Signal
	for i := range 103 {
		p := post(fmt.Sprint(i), "broken"+strings.Repeat(" broken", i%5))
		p.CreatedAt = noon.Add(-time.Duration(i/3) * 2 * time.Hour) // three at a time, over three days
		posts = append(posts, p)
	}
	r.apply(posts)
	for _, byScore := range []bool{false, true} {
		order := func(q *search.Query) { q.ByScore, q.Limit = byScore, 200 }
		all := strings.Fields(r.ids("broken", order))
		if len(all) != 103 {
			t.Fatalf("%d hits", len(all))
		}
		var paged []string
		var after *search.Place
		for range 20 {
			f := r.find("broken", order, func(q *search.Query) { q.Limit, q.After = 10, after })
			for _, h := range f.Hits {
				paged = append(paged, h.ID)
			}
			if f.Total != 103 {
				t.Errorf("a page of %d", f.Total)
			}
			if after = f.Next; after == nil {
				break
			}
		}
		if fmt.Sprint(paged) != fmt.Sprint(all) {
			t.Errorf("by score %t:\n%v\n%v", byScore, paged, all)
		}
	}
}

func TestTheBestMatchIsFirst(t *testing.T) {
	r := open(t)
	r.say("en: everything is broken today and I had coffee, then tea, then more coffee", "en: broken broken broken", "en: nothing at all")
	order := func(q *search.Query) { q.ByScore = true }
	if got := r.ids("broken", order); got != "2 1" {
		t.Error(got)
	}
	// Filters do not weigh in, nor make a number that is none.
	filters := func(q *search.Query) { q.Service, q.From = "whatsapp", noon.Add(-time.Hour) }
	if got := r.ids("broken", order, filters); got != "2 1" {
		t.Error(got)
	}
	if best := r.find("broken", order, filters).Hits[0].Place.Relevance; !(best > 0 && best < 1000) {
		t.Errorf("relevance %v", best)
	}
}
