package simulate

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"outcry/ingest"
)

// generator makes the posts of any minute.
type generator struct {
	scenario  *scenario
	languages []*language
	seed      uint64
	scale     float64
}

// minute makes the posts of the minute that begins at t, in time order.
func (g generator) minute(t time.Time) []made {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", g.scenario.Name, t.Unix())
	m := minuteMaker{
		generator: g, rng: rand.New(rand.NewPCG(g.seed, h.Sum64())),
		at: t, ofDay: int64(t.UTC().Hour()*60 + t.UTC().Minute()),
	}
	for _, l := range g.languages {
		m.background(l)
	}
	if day := g.scenario.From.UTC().Truncate(24 * time.Hour); !t.Before(day) && t.Before(day.Add(24*time.Hour)) {
		m.event()
	}
	slices.SortStableFunc(m.posts, func(a, b made) int { return a.post.CreatedAt.Compare(b.post.CreatedAt) })
	for i := range m.posts {
		id := fmt.Sprintf("sim-%d-%d%05d", g.seed, t.Unix()/60, i)
		m.posts[i].post.ID, m.posts[i].truth.ID = id, id
	}
	return m.posts
}

// minuteMaker collects the posts of one minute.
type minuteMaker struct {
	generator
	rng   *rand.Rand
	at    time.Time
	ofDay int64
	posts []made
}

func (m *minuteMaker) count(mean milli, k int) int {
	return count(m.rng, milli(math.Round(float64(mean)*m.scale)), k)
}

// background is what is posted on any day in l.
func (m *minuteMaker) background(l *language) {
	s, activity := m.scenario, m.scenario.Languages[l.Code]
	busy := milli(activity.busy(m.ofDay))
	for range m.count(activity.Posts*busy/100, s.Dispersion.Nothing) {
		m.say(l, draft{kind: "other", rule: "nothing"})
	}
	for i := range s.Services {
		v := &s.Services[i]
		if !v.speaks(l.Code) {
			continue
		}
		talk := s.talk(*v)
		for range m.count(v.Talk*busy/6000, s.Dispersion.Talk) {
			m.say(l, draft{kind: "other", rule: talk.pick(m.rng), service: v})
		}
		for range m.count(v.Complaints*busy/6000, s.Dispersion.Complaints) {
			symptom := v.Symptoms.pick(m.rng)
			m.say(l, draft{kind: "complaint", rule: "complaint." + symptom, service: v, symptom: symptom})
		}
	}
}

// busy is how busy the minute is, in percent, between the hours of the table.
func (a activity) busy(ofDay int64) int64 {
	from, to := a.Hours[ofDay/60], a.Hours[(ofDay/60+1)%24]
	return from + (to-from)*(ofDay%60)/60
}

// event is what is posted because of the event.
func (m *minuteMaker) event() {
	e := m.scenario.Event
	at := slices.IndexFunc(m.scenario.Services, func(v service) bool { return v.Slug == e.Service })
	for _, s := range e.Streams {
		for range m.count(s.Curve.in(m.ofDay), s.Dispersion) {
			d := draft{kind: s.Kind, service: &m.scenario.Services[at], event: true}
			if s.Symptoms != nil {
				d.symptom = s.Symptoms.pick(m.rng)
			}
			d.rule = e.rule(s, d.symptom)
			code := e.Languages.pick(m.rng)
			m.say(m.languages[slices.IndexFunc(m.languages, func(l *language) bool { return l.Code == code })], d)
		}
	}
}

// draft is a post before it has words.
type draft struct {
	kind, rule, symptom string

	service *service
	event   bool
}

func (m *minuteMaker) say(l *language, d draft) {
	created := m.at.Add(time.Duration(m.rng.IntN(60_000)) * time.Millisecond).UTC()
	p := ingest.Post{CreatedAt: created, Lang: m.tag(l)}
	truth := Truth{Kind: d.kind, Lang: l.Code, Services: []string{}, Symptoms: []string{}}
	author := m.author(l, d)
	p.Author = "sim-author-" + strconv.Itoa(author)
	// An author keeps to one platform.
	p.Source = m.scenario.Sources.at(author % m.scenario.Sources.total)
	p.Text, p.About = m.text(l, d)
	if d.service != nil {
		truth.Services = append(truth.Services, d.service.Slug)
	}
	if d.symptom != "" {
		truth.Symptoms = append(truth.Symptoms, d.symptom)
	}
	m.posts = append(m.posts, made{p, truth})
}

// tag is the platform's language tag: mostly right, sometimes absent, at
// times that of the app and not of the text.
func (m *minuteMaker) tag(l *language) string {
	switch n := m.rng.IntN(100); {
	case n < 13:
		return ""
	case n < 17:
		return "en"
	case n < 20:
		other := m.languages[m.rng.IntN(len(m.languages))]
		return other.Tags[0]
	}
	return l.Tags[m.rng.IntN(len(l.Tags))]
}

// author draws from the many who post now and then, or from the few who do
// not let go of a subject.
func (m *minuteMaker) author(l *language, d draft) int {
	first := 1 + 100_000*slices.Index(m.languages, l)
	if d.event && m.rng.IntN(100) < 14 {
		return first + m.rng.IntN(90)
	}
	return first + 100 + m.rng.IntN(60_000)
}
