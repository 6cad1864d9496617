package brief_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"outcry/aggregate/brief"
	"outcry/nlp/lexicon"
)

func TestLanguages(t *testing.T) {
	const want = "ar cs de el en es fa fi fil fr he hi hu id it ja ko nl pl pt ro ru sv th tr uk vi zh"
	book := load(t)
	if got := strings.Join(book.Languages(), " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	_, err := book.Write("tlh", nil, lasting())
	if err == nil || !strings.Contains(err.Error(), `"tlh"; there are ar, cs, de`) {
		t.Errorf("got %v", err)
	}
}

// lasting are the least facts that a brief is written of.
func lasting() brief.Facts {
	return brief.Facts{Names: []string{"Acme"}, Onset: at("2026-10-25 07:17"), Now: at("2026-10-25 08:30")}
}

func TestFactsThatCannotBe(t *testing.T) {
	book := load(t)
	for want, change := range map[string]func(*brief.Facts){
		"names: the name of a service is wanted": func(f *brief.Facts) { f.Names = []string{" \n{}"} },
		"onset is missing":                       func(f *brief.Facts) { f.Onset = time.Time{} },
		"now is missing":                         func(f *brief.Facts) { f.Now = time.Time{} },
		"is before onset":                        func(f *brief.Facts) { f.End = f.Onset.Add(-time.Hour) },
		"people is -1":                           func(f *brief.Facts) { f.People = -1 },
		"peak people is":                         func(f *brief.Facts) { f.PeakPeople = math.MaxInt },
		"usual is NaN":                           func(f *brief.Facts) { f.Usual = math.NaN() },
		"symptoms[1]: there is no symptom":       func(f *brief.Facts) { f.Symptoms = []brief.Share{{"app", 0.5}, {"nope", 0.4}} },
		"part: there is no symptom":              func(f *brief.Facts) { f.Part.Symptom = "nope" },
		"one is possible":                        func(f *brief.Facts) { f.Part = brief.Part{Lang: "fr", Symptom: "login"} },
		"apart of what is missing":               func(f *brief.Facts) { f.Part.Apart = true },
		"the share of app is 1.2":                func(f *brief.Facts) { f.Symptoms = []brief.Share{{"app", 1.2}} },
	} {
		f := lasting()
		change(&f)
		if text, err := book.Write("en", nil, f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v (%s)", want, err, text)
		}
	}
}

// opening is what is said before symptoms and people.
func opening(t *testing.T, book *brief.Book, lang string, zone *time.Location, f brief.Facts) string {
	t.Helper()
	f.People, f.Symptoms = 0, nil
	return write(t, book, lang, zone, f)
}

func TestTimes(t *testing.T) {
	book := load(t)
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		zone            *time.Location
		onset, end, now string
		want            string
	}{
		"another zone":         {paris, "2026-07-01 07:17", "", "2026-07-01 09:00", "since 9:17 (7:17 GMT)."},
		"GMT itself":           {nil, "2026-07-01 07:17", "", "2026-07-01 09:00", "since 7:17 GMT."},
		"GMT, yesterday":       {nil, "2026-06-30 07:17", "", "2026-07-01 09:00", "since 7:17 GMT on 30 June."},
		"yesterday in GMT":     {paris, "2026-06-30 22:05", "", "2026-07-01 09:00", "since 0:05 (22:05 GMT on 30 June)."},
		"yesterday":            {paris, "2026-06-30 20:05", "", "2026-07-01 09:00", "since 22:05 on 30 June (20:05 GMT)."},
		"now is another day":   {paris, "2026-06-30 20:05", "", "2026-06-30 22:00", "since 22:05 on 30 June (20:05 GMT)."},
		"last year":            {paris, "2025-12-31 20:05", "", "2026-01-01 09:00", "since 21:05 on 31 December 2025 (20:05 GMT)."},
		"ended yesterday":      {paris, "2026-06-30 07:00", "2026-06-30 08:00", "2026-07-01 09:00", "on 30 June from 9:00 (7:00 GMT) to 10:00 (8:00 GMT), for 1 hour."},
		"over New Year":        {nil, "2025-12-31 23:30", "2026-01-01 00:10", "2026-01-01 09:00", "from 23:30 GMT on 31 December 2025 to 0:10 GMT on 1 January, for 40 minutes."},
		"clocks go forward":    {paris, "2026-03-29 00:30", "2026-03-29 01:10", "2026-03-29 09:00", "from 1:30 (0:30 GMT) to 3:10 (1:10 GMT), for 40 minutes."},
		"clocks go back":       {paris, "2026-10-25 00:30", "2026-10-25 01:10", "2026-10-25 09:00", "from 2:30 (0:30 GMT) to 2:10 (1:10 GMT), for 40 minutes."},
		"ended in its minute":  {nil, "2026-07-01 07:17", "2026-07-01 07:17", "2026-07-01 09:00", "from 7:17 GMT to 7:18 GMT, for 1 minute."},
		"whole days":           {nil, "2026-07-01 07:17", "2026-07-03 07:20", "2026-07-03 09:00", "for 2 days."},
		"a zone of half hours": {time.FixedZone("", 5*3600+1800), "2026-07-01 07:17", "", "2026-07-01 09:00", "since 12:47 (7:17 GMT)."},
	} {
		f := brief.Facts{Names: []string{"Acme"}, Onset: at(c.onset), Now: at(c.now)}
		if c.end != "" {
			f.End = at(c.end)
		}
		if got := opening(t, book, "en", c.zone, f); !strings.HasSuffix(got, " "+c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// A language that has no name is not told, nor what is of it alone.
func TestPartWithoutName(t *testing.T) {
	book := load(t)
	for apart, want := range map[bool]string{true: "since 7:17 GMT.", false: "since 7:17 GMT. About half of the reports mention an app that crashes or will not open. So far 40 people have complained."} {
		f := lasting()
		f.People, f.Symptoms, f.Part = 40, []brief.Share{{"app", 0.5}}, brief.Part{Lang: "bn", Apart: apart}
		if got := write(t, book, "en", nil, f); !strings.HasSuffix(got, want) || strings.Contains(got, "above all") {
			t.Errorf("apart %v: %q", apart, got)
		}
	}
}

// What depends on the hour, the day or the name beside it.
func TestSpelling(t *testing.T) {
	book := load(t)
	for _, c := range []struct{ lang, name, onset, end, now, want string }{
		{"es", "Acme", "2026-07-02 01:05", "", "2026-07-02 02:00", "desde la 1:05 GMT"},
		{"es", "Acme", "2026-07-02 11:05", "", "2026-07-02 12:00", "desde las 11:05 GMT"},
		{"it", "Acme", "2026-07-02 01:05", "2026-07-02 11:00", "2026-07-02 12:00", "dall’1:05 GMT alle 11:00 GMT"},
		{"it", "Acme", "2026-07-08 02:05", "", "2026-07-09 12:00", "dell’8 luglio"},
		{"pt", "Acme", "2026-07-02 01:00", "2026-07-02 10:00", "2026-07-02 12:00", "da 1h GMT às 10h GMT"},
		{"pt", "Acme", "2026-07-02 10:05", "2026-07-02 21:00", "2026-07-02 22:00", "das 10h05 GMT às 21h GMT"},
		{"el", "Acme", "2026-07-02 01:05", "", "2026-07-02 12:00", "από τη 1:05 GMT"},
		{"fr", "Acme", "2026-07-01 10:00", "", "2026-07-02 12:00", "qu’Acme rencontre des problèmes depuis le 1er juillet à 10\u00a0h GMT"},
		{"fr", "Banque Acme", "2026-07-02 10:01", "", "2026-07-02 12:00", "que Banque Acme rencontre des problèmes depuis 10\u00a0h\u00a001 GMT"},
		{"ja", "Acme", "2026-07-02 12:00", "", "2026-07-02 12:30", "午後0時から"},
		{"ko", "Acme", "2026-07-02 00:05", "", "2026-07-02 12:30", "오전 0시 5분부터"},
		{"fil", "Acme", "2026-07-02 12:05", "", "2026-07-02 12:30", "12:05 ng tanghali"},
		{"hi", "Acme", "2026-07-02 02:05", "", "2026-07-02 12:30", "रात 2:05 बजे"},
		{"fa", "Acme", "2026-07-02 02:05", "", "2026-07-02 12:30", "۲:۰۵ به وقت گرینویچ"},
		{"th", "Acme", "2025-07-02 02:05", "", "2026-07-02 12:30", "2 กรกฎาคม 2568"},
	} {
		f := brief.Facts{Names: []string{c.name}, Onset: at(c.onset), Now: at(c.now)}
		if c.end != "" {
			f.End = at(c.end)
		}
		if got := opening(t, book, c.lang, nil, f); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.lang, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	book := load(t)
	for _, c := range []struct {
		lang, owner string
		names       []string
		want        string
	}{
		{"en", "", []string{"A", "B"}, "that A and B have had"},
		{"en", "", []string{"A", "B", "C"}, "that A, B and C have had"},
		{"en", "", []string{"A", "B", "C", "D", "E", "F"}, "that A, B, C, D, E and others have had"},
		{"en", "Acme", []string{"A"}, "that A has had"},
		{"en", "Acme", []string{"A", "B"}, "that Acme services (A and B) have had"},
		{"en", "", []string{" {time}\nA\u202e\xff  B "}, "that time A B has had"},
		{"es", "", []string{"A", "Instagram"}, "A e Instagram"},
		{"es", "", []string{"A", "iCloud"}, "A y iCloud"},
		{"es", "", []string{"A", "Hiedra"}, "A y Hiedra"},
		{"id", "", []string{"A", "B", "C"}, "A, B, dan C"},
		{"id", "", []string{"A", "B"}, "A dan B"},
		{"he", "Acme", []string{"A", "B"}, "\u2068Acme\u2069 (\u2068A\u2069 ו-\u2068B\u2069)"},
		{"ar", "", []string{"A", "B"}, "\u2068A\u2069 و\u2068B\u2069"},
		{"fa", "", []string{"A", "B"}, "\u2068A\u2069 و \u2068B\u2069"},
	} {
		f := lasting()
		f.Names, f.Owner = c.names, c.owner
		if got := opening(t, book, c.lang, nil, f); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.lang, got, c.want)
		}
	}
}

func TestEverySymptomIsInTheGolden(t *testing.T) {
	told := map[string]bool{}
	for _, s := range symptoms() {
		told[s.name] = true
	}
	for _, slug := range lexicon.Symptoms() {
		if !told[slug] {
			t.Errorf("%s is not", slug)
		}
	}
}
