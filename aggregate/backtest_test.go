package aggregate_test

import (
	"fmt"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/spike"
	"outcry/nlp"
)

// backtest is a service of three languages, of which so many more a minute complain in
// Japanese, or so many times as many in all, from noon of the sixth day on, for an hour. Nothing else is ever said.
func backtest(ja, all int, symptom string) []aggregate.Past {
	var b aggregate.Backtest
	begin, n := noon.Add(-132*time.Hour), 0
	say := func(minute, people int, lang string, symptoms ...string) {
		for k := range people {
			n++
			at := begin.Add(time.Duration(minute)*time.Minute + time.Duration(k)*time.Second)
			b.Add([]string{"a", "b"}[n%2], fmt.Sprint(n), "", at, nlp.Tags{Kind: nlp.Complaint, Lang: lang, Services: []string{"line"}, Symptoms: symptoms})
		}
	}
	const out = 132 * 60
	for i := range out + 120 {
		more := 1
		if i >= out && i < out+60 {
			more = all
			say(i, ja, "ja", symptom)
		}
		say(i, more*2*(1+i%2), "en", "down")
		say(i, more*(i%3/2), "es", "app")
		say(i, more*(i%10/9), "ja", "app")
		say(i, more*(i%12/11), "en", "login")
	}
	return b.Run(spike.Config{}, func(service string) string { return service })
}

func TestBacktestOfAPart(t *testing.T) {
	for name, c := range map[string]struct {
		past          []aggregate.Past
		by, name      string
		ofPart, apart bool
		mainlyIn      string
	}{
		"a language":       {backtest(3, 1, "messages"), aggregate.PartLang, "ja", true, true, ""},
		"a language, much": {backtest(30, 1, "messages"), "", "", false, false, "ja"},
		"the whole":        {backtest(0, 9, ""), "", "", false, false, ""},
	} {
		if len(c.past) != 1 {
			t.Errorf("%s: %d incidents", name, len(c.past))
			continue
		}
		i := c.past[0].Incident
		if i.Noticed.By != c.by || i.Noticed.Name != c.name || i.OfPart() != c.ofPart || i.Apart() != c.apart || i.MainlyIn != c.mainlyIn || i.Onset.Sub(noon).Abs() > 2*time.Minute {
			t.Errorf("%s: %+v", name, i)
		}
		if n := i.Noticed; c.ofPart && (n.People < 170 || n.People > 195 || n.Usual < 4 || n.Usual > 9 || n.Symptoms[0].Name != "messages" || i.People < 250) {
			t.Errorf("%s: %+v", name, i)
		}
	}
}

// A source that falls silent about all services is not heard: counts alone tell so, and
// when it is heard again, that is no outage. Nor is it one when a new source begins.
func TestCountsTellWhatIsHeard(t *testing.T) {
	const days, away, back = 4, 3*24*60 + 9*60, 3*24*60 + 19*60
	var b aggregate.Backtest
	add := func(minute int, service, source string, people int) {
		if people > 0 {
			b.AddCount(aggregate.Count{Service: service, Source: source, Minute: noon.Add(time.Duration(minute) * time.Minute), Authors: uint64(people)})
		}
	}
	for i := range days * 24 * 60 {
		for s := range 40 {
			service := fmt.Sprint("service", s)
			if i < away || i >= back {
				add(i, service, "old", (i*7+s*5)%9)
			}
			if i > 2*24*60 {
				add(i, service, "new", (i*5+s*7)%13/8)
			}
		}
	}
	if past := b.Run(spike.Config{}, func(service string) string { return service }); len(past) > 0 {
		t.Errorf("%d incidents, the first: %+v", len(past), past[0].Incident)
	}
}
