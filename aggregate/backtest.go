package aggregate

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"outcry/aggregate/spike"
	"outcry/nlp"
)

// Backtest finds the incidents of the past in posts, or in counts, that are given
// to it in whatever order. It keeps what it needs in memory, some tens of bytes a
// complaint, and needs no store.
type Backtest struct {
	events  []complaint
	volumes map[volumeAt]float64
	given   []Count
	seen    map[string]bool // posts
}

// complaint is what one post says of one service.
type complaint struct {
	at                            time.Time
	service, source, lang, author string
	symptoms                      []string
	resolved                      bool
}

// Add takes a post that was tagged. id tells it from others of its source; one that
// is added again is not counted again.
func (b *Backtest) Add(source, id, author string, at time.Time, tags nlp.Tags) {
	key := source + "\x00" + id
	if b.seen[key] {
		return
	}
	if b.seen == nil {
		b.seen, b.volumes = map[string]bool{}, map[volumeAt]float64{}
	}
	b.seen[key] = true
	b.volumes[volumeAt{source, minuteOf(at)}]++
	if tags.Kind != nlp.Complaint && tags.Kind != nlp.Resolved {
		return
	}
	for _, service := range tags.Services {
		b.events = append(b.events, complaint{at.UTC(), service, source, tags.Lang, cmp.Or(author, key), tags.Symptoms, tags.Kind == nlp.Resolved})
	}
}

// AddCount takes how many complained in a minute, where posts are not at hand.
func (b *Backtest) AddCount(c Count) {
	c.Minute = c.Minute.UTC().Truncate(time.Minute)
	c.Posts = max(c.Posts, c.Authors)
	b.given = append(b.given, c)
}

// Past is an incident that Backtest has found, with the people a minute from a
// quarter of an hour before its onset to as long after its end.
type Past struct {
	Incident
	CurveFrom time.Time `json:"curve_from"`
	Curve     []int     `json:"curve"`
}

// Run follows all services on the clock of what was added, and returns the
// incidents by onset. owner says whose a service is.
func (b *Backtest) Run(cfg spike.Config, owner func(service string) string) []Past {
	slices.SortStableFunc(b.events, func(x, y complaint) int { return x.at.Compare(y.at) })
	h := heard{counts: b.counts(), volumes: b.volumes}
	if len(h.counts) == 0 {
		return []Past{}
	}
	begin, end := minuteOf(h.counts[0].Minute), minuteOf(h.counts[len(h.counts)-1].Minute)+1
	for at := range b.volumes {
		begin, end = min(begin, at.minute), max(end, at.minute+1)
	}
	if len(b.volumes) == 0 { // where nothing is known of what was heard, all was
		h.volumes = nil
	}
	f := newFleet(cfg, begin, owner)
	f.keep = end - begin + keepOver
	f.run(h, end)
	past := []Past{}
	for _, g := range groups(f.alarms(), owner) {
		past = append(past, b.describe(g.incident(end, owner), h.counts))
	}
	slices.SortFunc(past, func(x, y Past) int { return cmp.Or(x.Onset.Compare(y.Onset), strings.Compare(x.ID, y.ID)) })
	return past
}

// counts puts complaints together by minute, service and source; who complains
// again within the hour is not counted again.
func (b *Backtest) counts() []Count {
	type place struct {
		minute          int
		service, source string
	}
	type who struct{ service, author string }
	sums, last := map[place]*Count{}, map[who]time.Time{}
	sum := func(service, source string, at time.Time) *Count {
		key := place{minuteOf(at), service, source}
		if sums[key] == nil {
			sums[key] = &Count{Service: service, Source: source, Minute: timeOf(key.minute)}
		}
		return sums[key]
	}
	for _, e := range b.events {
		c := sum(e.service, e.source, e.at)
		if e.resolved {
			c.Resolved++
			continue
		}
		c.Posts++
		before, known := last[who{e.service, e.source + "\x00" + e.author}]
		if !known || e.at.Sub(before) > time.Hour {
			c.Authors++
			c.tell(e)
		}
		last[who{e.service, e.source + "\x00" + e.author}] = e.at
	}
	for _, g := range b.given {
		c := sum(g.Service, g.Source, g.Minute)
		c.Authors, c.Posts, c.Resolved = c.Authors+g.Authors, c.Posts+g.Posts, c.Resolved+g.Resolved
	}
	all := make([]Count, 0, len(sums))
	for _, c := range sums {
		all = append(all, *c)
	}
	slices.SortFunc(all, func(x, y Count) int {
		return cmp.Or(x.Minute.Compare(y.Minute), strings.Compare(x.Service, y.Service), strings.Compare(x.Source, y.Source))
	})
	return all
}

// tell counts one person in the parts of the service that the complaint is of.
func (c *Count) tell(e complaint) {
	if c.Parts == nil {
		c.Parts = map[string]uint64{}
	}
	if e.lang != "" {
		c.Parts[PartName(PartLang, e.lang)]++
	}
	for _, symptom := range e.symptoms {
		c.Parts[PartName(PartSymptom, symptom)]++
	}
}

// describe adds who complained of what, and the curve.
func (b *Backtest) describe(i Incident, counts []Count) Past {
	const around = 15 * time.Minute
	p := Past{Incident: i, CurveFrom: i.Onset.Add(-around)}
	p.Curve = make([]int, until(i).Add(around).Sub(p.CurveFrom)/time.Minute)
	for _, c := range counts {
		at := int(c.Minute.Sub(p.CurveFrom) / time.Minute)
		if c.Minute.Before(p.CurveFrom) || at >= len(p.Curve) || !slices.Contains(i.Services, c.Service) {
			continue
		}
		p.Curve[at] += int(c.Authors)
		if within := !c.Minute.Before(i.Onset) && c.Minute.Before(until(i)); within {
			p.People += int(c.Authors)
			p.Posts += int(c.Posts)
			p.Noticed.People += int(c.Parts[PartName(i.Noticed.By, i.Noticed.Name)])
			if p.Curve[at] > p.PeakPeople {
				p.Peak, p.PeakPeople = c.Minute, p.Curve[at]
			}
		}
	}
	p.Words = []string{}
	all, part := b.shares(i.Services, i.Onset, until(i), Noticed{}), b.shares(i.Services, i.Onset, until(i), i.Noticed)
	p.MainlyIn = mainlyIn(all, b.shares(i.Services, i.Onset.Add(-Week), i.Onset, Noticed{}))
	p.Symptoms, p.Languages, p.Sources = all.Symptoms, all.Languages, all.Sources
	if i.Noticed.Name != "" {
		p.Noticed.Symptoms = part.Symptoms
	}
	if p.OfPart() {
		all = part
	}
	p.Severity = severity(p.Excess, until(i).Sub(i.Onset), wide(all.Languages)+wide(all.Sources))
	return p
}

// in says that it is of the part; everything is of none.
func (e complaint) in(part Noticed) bool {
	switch part.By {
	case PartLang:
		return e.lang == part.Name
	case PartSymptom:
		return slices.Contains(e.symptoms, part.Name)
	}
	return true
}

// shares counts symptoms, languages and sources of the complaints about services in
// [from, to), or of those that are of a part.
func (b *Backtest) shares(services []string, from, to time.Time, of Noticed) Breakdown {
	first := sort.Search(len(b.events), func(n int) bool { return !b.events[n].at.Before(from) })
	symptoms, languages, sources, total := map[string]int{}, map[string]int{}, map[string]int{}, 0
	for _, e := range b.events[first:] {
		if !e.at.Before(to) {
			break
		}
		if e.resolved || !slices.Contains(services, e.service) || !e.in(of) {
			continue
		}
		total++
		languages[e.lang]++
		sources[e.source]++
		for _, s := range e.symptoms {
			symptoms[s]++
		}
	}
	return Breakdown{Posts: total, Symptoms: ranked(symptoms, total), Languages: ranked(languages, total), Sources: ranked(sources, total)}
}

func ranked(counts map[string]int, total int) []Share {
	shares := []Share{}
	for name, n := range counts {
		shares = append(shares, Share{name, float64(n) / float64(total)})
	}
	slices.SortFunc(shares, func(x, y Share) int { return cmp.Or(cmp.Compare(y.Share, x.Share), strings.Compare(x.Name, y.Name)) })
	return shares
}

// wide is how many of the shares are a twentieth or more.
func wide(shares []Share) (n int) {
	for _, s := range shares {
		if s.Share >= 0.05 {
			n++
		}
	}
	return n
}
