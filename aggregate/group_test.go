package aggregate

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry/aggregate/spike"
	"outcry/nlp/lang"
)

func TestGroups(t *testing.T) {
	owner := func(service string) string {
		if name, _, owned := strings.Cut(service, "/"); owned {
			return name
		}
		return service
	}
	out := func(service string, onset, end int) alarm {
		return alarm{service, spike.Alarm{Onset: onset, Detected: onset + 2, End: end, People: 100, Usual: 1}}
	}
	cloud := func(n int) (all []alarm) {
		for i := range n {
			all = append(all, out(fmt.Sprintf("s%d", i), 100+i, 0))
		}
		return all
	}
	for name, c := range map[string]struct {
		alarms []alarm
		want   string
	}{
		"strangers":          {[]alarm{out("a", 100, 0), out("b", 100, 0)}, "a | b"},
		"one owner":          {[]alarm{out("meta/w", 100, 0), out("meta/i", 110, 0), out("b", 111, 0)}, "meta/w meta/i | b"},
		"one owner, later":   {[]alarm{out("meta/w", 100, 0), out("meta/i", 130, 0)}, "meta/w | meta/i"},
		"it comes back":      {[]alarm{out("a", 100, 150), out("a", 160, 0)}, "a a"},
		"it is out anew":     {[]alarm{out("a", 100, 150), out("a", 200, 0)}, "a | a"},
		"seven are no cloud": {cloud(7), "s0 | s1 | s2 | s3 | s4 | s5 | s6"},
		"eight are a cloud":  {append(cloud(8), out("z", 500, 0)), "s0 s1 s2 s3 s4 s5 s6 s7 | z"},
	} {
		var got []string
		for _, g := range groups(c.alarms, owner) {
			var names []string
			for _, a := range g {
				names = append(names, a.service)
			}
			got = append(got, strings.Join(names, " "))
		}
		if s := strings.Join(got, " | "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
	i := group{out("meta/w", 100, 150), out("meta/i", 95, 170)}.incident(200, owner)
	if i.ID != "meta/w-"+timeOf(100).Format("20060102T1504") || !i.Onset.Equal(timeOf(95)) || !i.End.Equal(timeOf(170)) || i.Owner != "meta" || i.Excess != 198 || len(i.Services) != 2 {
		t.Errorf("%+v", i)
	}
	if i = (group{out("a", 100, 150), out("a", 160, 0)}).incident(200, owner); !i.Open() || i.Owner != "" || len(i.Services) != 1 || !i.Updated.Equal(timeOf(200)) {
		t.Errorf("%+v", i)
	}
}

func TestSeverity(t *testing.T) {
	for _, c := range []struct {
		excess  float64
		long    time.Duration
		breadth int
		want    string
	}{
		{20, 10 * time.Minute, 1, Minor}, {60, 15 * time.Minute, 2, Minor}, {400, 30 * time.Minute, 2, Major},
		{1000, 3 * time.Hour, 4, Critical}, {5000, 10 * time.Minute, 1, Critical}, {0, 0, 0, Minor},
	} {
		if got := severity(c.excess, c.long, c.breadth); got != c.want {
			t.Errorf("%g people, %s, %d places: %s, want %s", c.excess, c.long, c.breadth, got, c.want)
		}
	}
}

func TestTypicalWords(t *testing.T) {
	var now, before []string
	for i := range 20 {
		now = append(now, "the messages are stuck on one tick! https://example.org/tick @whatsapp")
		before = append(before, fmt.Sprintf("the backup is stuck at %d", i))
	}
	if got := typical(now, before, lang.Load().Words()); !slices.Equal(got, []string{"messages", "one", "tick"}) {
		t.Errorf("got %q", got)
	}
	if got := typical(nil, nil, nil); len(got) != 0 {
		t.Errorf("of nothing: %q", got)
	}
}

// The part in which an incident was noticed stays; what rose says whether it is of it.
func TestNoticedIn(t *testing.T) {
	owner := func(string) string { return "meta" }
	out := func(service, part string, people, ofPart float64) alarm {
		return alarm{service, spike.Alarm{Onset: 100, Detected: 102, People: people, Usual: 500, Part: part, PartPeople: ofPart, PartUsual: 10, PartExcess: ofPart - 10}}
	}
	ja := Noticed{By: PartLang, Name: "ja", Usual: 10, Excess: 60}
	for name, c := range map[string]struct {
		group         group
		want          Noticed
		ofPart, apart bool
	}{
		"the whole":                {group{out("w", "", 2000, 0)}, Noticed{}, false, false},
		"a part":                   {group{out("w", "lang=ja", 520, 70)}, ja, true, true},
		"a part of which most is":  {group{out("w", "lang=ja", 1200, 500)}, Noticed{By: PartLang, Name: "ja", Usual: 10, Excess: 490}, true, false},
		"the whole followed":       {group{out("w", "lang=ja", 2000, 70)}, ja, false, false},
		"a symptom":                {group{out("w", "symptom=login", 520, 70)}, Noticed{By: PartSymptom, Name: "login", Usual: 10, Excess: 60}, true, true},
		"the same part of two":     {group{out("w", "lang=ja", 520, 70), out("i", "lang=ja", 520, 70)}, Noticed{By: PartLang, Name: "ja", Usual: 20, Excess: 120}, true, true},
		"another part of another":  {group{out("w", "lang=ja", 520, 70), out("i", "lang=fr", 520, 70)}, Noticed{By: PartLang, Name: "ja"}, false, false},
		"another service as whole": {group{out("w", "lang=ja", 520, 70), out("i", "", 2000, 0)}, Noticed{By: PartLang, Name: "ja"}, false, false},
	} {
		i := c.group.incident(200, owner)
		i.People = int(c.group[0].People)
		if !reflect.DeepEqual(i.Noticed, c.want) || i.OfPart() != c.ofPart || i.Apart() != c.apart {
			t.Errorf("%s: %+v, of the part %v, apart %v", name, i.Noticed, i.OfPart(), i.Apart())
		}
	}
	later, fr := ja, Noticed{By: PartLang, Name: "fr", Usual: 9}
	later.Usual = 12
	for name, c := range map[string][3]Noticed{
		"told anew":        {ja, later, later},
		"another part now": {ja, fr, ja},
		"the whole now":    {ja, {}, ja},
		"the whole before": {{}, fr, {}},
	} {
		if got := c[1].since(c[0]); !reflect.DeepEqual(got, c[2]) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestMainlyIn(t *testing.T) {
	of := func(posts int, shares ...Share) Breakdown { return Breakdown{Posts: posts, Languages: shares} }
	fr, en := Share{"fr", 0.8}, Share{"en", 0.9}
	for name, c := range map[string]struct {
		now, before Breakdown
		want        string
	}{
		"it was another":         {of(90, fr), of(30, en, Share{"fr", 0.1}), "fr"},
		"it was never heard":     {of(90, fr), of(30, en), "fr"},
		"it always is":           {of(90, fr), of(30, Share{"fr", 0.41}), ""},
		"too little is known":    {of(90, fr), of(29, en), ""},
		"it is not most of all":  {of(90, Share{"fr", 0.59}), of(30, en), ""},
		"no language is known":   {of(90, Share{"", 0.9}, Share{"fr", 0.1}), of(30, en), ""},
		"nothing is said at all": {of(0), of(30, en), ""},
	} {
		if got := mainlyIn(c.now, c.before); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
