package aggregate

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"outcry/aggregate/spike"
	"outcry/nlp"
)

// fleet follows all services, each as a whole and in its parts, minute by minute.
type fleet struct {
	cfg       spike.Config
	owner     func(service string) string
	keep      int // minutes for which an outage that has ended is remembered
	at        int // the next minute
	begun     int // the first minute in which anything was heard; 0: not yet
	sources   []string
	telling   map[string]bool // sources that have said when they are heard
	ears      *spike.Ears
	services  map[string]*spike.Service
	standings map[string]standing // of the alarms that last
	over      []alarm             // outages that have ended, not long ago
	expect    int                 // from which minute on what is usual is noted
	expected  []Expected          // that was noted
}

// alarm is an outage of one service.
type alarm struct {
	service string
	spike.Alarm
}

// heard is what the store holds of some minutes.
type heard struct {
	counts   []Count                    // by minute
	volumes  map[volumeAt]float64       // posts
	coverage map[string]map[int]float64 // by source and minute, where the source says
}

type volumeAt struct {
	source string
	minute int
}

// mondayShift makes minutes since 1970, a Thursday, minutes since a Monday.
const mondayShift = 4 * 24 * 60

// minuteOf counts minutes as Detectors do.
func minuteOf(t time.Time) int { return int(t.Truncate(time.Minute).Unix()/60) - mondayShift }

// timeOf is when such a minute begins.
func timeOf(minute int) time.Time { return time.Unix(int64(minute+mondayShift)*60, 0).UTC() }

// catchUp is how long a service is taken to have been silent that is heard of for
// the first time.
const catchUp = 7 * 24 * 60

// keepOver is how long an outage that has ended is remembered.
const keepOver = 2 * 24 * 60

func newFleet(cfg spike.Config, at int, owner func(service string) string) *fleet {
	return &fleet{cfg: cfg, owner: owner, keep: keepOver, at: at, expect: math.MaxInt, ears: &spike.Ears{}, telling: map[string]bool{}, services: map[string]*spike.Service{}, standings: map[string]standing{}}
}

func (f *fleet) clone() *fleet {
	c := *f
	c.ears, c.services, c.over, c.sources = f.ears.Clone(), make(map[string]*spike.Service, len(f.services)), slices.Clone(f.over), slices.Clone(f.sources)
	c.expected, c.telling, c.standings = nil, maps.Clone(f.telling), maps.Clone(f.standings)
	for service, d := range f.services {
		c.services[service] = d.Clone()
	}
	return &c
}

// run takes the minutes up to end.
func (f *fleet) run(h heard, end int) {
	counts := h.counts
	for len(counts) > 0 && minuteOf(counts[0].Minute) < f.at {
		counts = counts[1:]
	}
	for ; f.at < end; f.at++ {
		n := 0
		for n < len(counts) && minuteOf(counts[n].Minute) == f.at {
			n++
		}
		f.minute(counts[:n], h)
		counts = counts[n:]
		if f.at >= f.expect && f.at%int(Quarter/time.Minute) == 0 {
			f.note()
		}
	}
	f.over = slices.DeleteFunc(f.over, func(a alarm) bool { return a.End < f.at-f.keep })
}

// minute takes one minute of all services.
func (f *fleet) minute(counts []Count, h heard) {
	f.meet(counts, h)
	hearing := f.listen(counts, h)
	if f.begun == 0 && slices.ContainsFunc(hearing, func(h float64) bool { return h > 0 }) {
		f.begun = f.at
	}
	of := make(map[string]*told)
	for _, c := range counts {
		if c.Service == nlp.UnknownService {
			continue
		}
		if of[c.Service] == nil {
			of[c.Service] = &told{Minute: spike.Minute{Authors: make([]uint16, len(f.sources)), Hearing: hearing}}
		}
		of[c.Service].add(c, slices.Index(f.sources, c.Source))
		if f.services[c.Service] == nil {
			f.services[c.Service] = f.newService(hearing)
		}
	}
	nothing := &told{Minute: spike.Minute{Authors: make([]uint16, len(f.sources)), Hearing: hearing}}
	for service, d := range f.services {
		m, spoken := of[service]
		if !spoken {
			m = nothing
		}
		if v := d.Step(f.at, m.Minute, m.parts); v.State == spike.Over {
			f.over = append(f.over, f.believed(alarm{service, *v.Alarm})...)
		}
	}
	f.judge()
}

// told is what was told of a service in a minute.
type told struct {
	spike.Minute
	parts []spike.Part
}

// add takes what one source told.
func (m *told) add(c Count, source int) {
	m.Authors[source] = few(c.Authors)
	m.Resolved += uint16(min(c.Resolved, 1000))
	for name, people := range c.Parts {
		i := slices.IndexFunc(m.parts, func(p spike.Part) bool { return p.Name == name })
		if i < 0 {
			i, m.parts = len(m.parts), append(m.parts, spike.Part{Name: name, People: make([]uint16, len(m.Authors))})
		}
		m.parts[i].People[source] = few(people)
	}
}

func few(n uint64) uint16 { return uint16(min(n, math.MaxUint16)) }

// note keeps what is usual in the quarter of an hour that begins.
func (f *fleet) note() {
	for service, d := range f.services {
		if mean, alpha := d.Expected(); mean > 0 {
			f.expected = append(f.expected, Expected{service, timeOf(f.at), mean, alpha})
		}
	}
	f.expect = f.at + 1
}

// newService is of one that was silent until now, in all sources but those that are
// new themselves.
func (f *fleet) newService(hearing []float64) *spike.Service {
	d := spike.NewService(len(f.sources), f.cfg)
	silence := spike.Minute{Authors: make([]uint16, len(f.sources)), Hearing: make([]float64, len(f.sources))}
	for i, h := range hearing {
		silence.Hearing[i] = max(0, h)
	}
	for t := max(f.begun, f.at-catchUp); t < f.at; t++ {
		d.Step(t, silence, nil)
	}
	return d
}

// meet gives new sources their place.
func (f *fleet) meet(counts []Count, h heard) {
	for _, c := range counts {
		if !slices.Contains(f.sources, c.Source) {
			f.sources = append(f.sources, c.Source)
		}
	}
	for _, source := range slices.Sorted(maps.Keys(h.coverage)) {
		f.telling[source] = true
		if !slices.Contains(f.sources, source) {
			f.sources = append(f.sources, source)
		}
	}
}

// saidSomething stands for the posts of a source that says nothing but complaints, as
// one that is chosen by words of complaint: it is heard, as nothing tells otherwise.
const saidSomething = 1e-6

// mostOfOne is how many complaints about one service count at most, where nothing but
// complaints tells how well a source is heard: its outage is not to be heard in it.
const mostOfOne = 5

// listen says how well each source is heard in the minute.
func (f *fleet) listen(counts []Count, h heard) []float64 {
	posts, covered, hearing := make([]float64, len(f.sources)), make([]float64, len(f.sources)), make([]float64, len(f.sources))
	for i, source := range f.sources {
		posts[i], covered[i] = h.volumes[volumeAt{source, f.at}], math.NaN()
		if f.telling[source] { // one that has fallen silent is in no answer of the store
			covered[i] = h.coverage[source][f.at]
		}
	}
	if h.volumes == nil { // counts without a word on what was heard: they tell it themselves
		for _, c := range counts {
			posts[slices.Index(f.sources, c.Source)] += float64(min(c.Authors, mostOfOne))
		}
		f.ears.Step(f.at, posts, covered, hearing)
		for i := range hearing {
			hearing[i] = min(1, hearing[i]) // more complaints are a rise
		}
		return hearing
	}
	for _, c := range counts { // what is left are posts that are no complaints
		i := slices.Index(f.sources, c.Source)
		posts[i] = max(saidSomething, posts[i]-float64(c.Posts))
	}
	f.ears.Step(f.at, posts, covered, hearing)
	return hearing
}

// alarms are the outages that last, and those that have just ended, by the time of
// their alarm.
func (f *fleet) alarms() []alarm {
	all := slices.Clone(f.over)
	for _, a := range f.lasting() {
		all = append(all, f.believed(a)...)
	}
	slices.SortFunc(all, func(a, b alarm) int {
		return cmp.Or(cmp.Compare(a.Detected, b.Detected), cmp.Compare(a.service, b.service))
	})
	return all
}
