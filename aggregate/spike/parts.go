package spike

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
)

// Part is what was heard of one part of a service in one minute, a symptom or a
// language: People as Minute.Authors, by source.
type Part struct {
	Name   string
	People []uint16
}

// What a part must be so that it is followed by itself.
const (
	partRate     = 0.05           // people a minute: of less, too little is known
	partShare    = 0.8            // of the service: a part that is nearly all of it says nothing else
	mostParts    = 24             // of a service, the largest
	partMinutes  = 3 * dayMinutes // learnt before there may be an alarm
	quietMinutes = 60             // before an outage, by which the share of a part is told
	partBudget   = 0.005          // of the false alarms of a service, shared by all its parts
)

// Service follows one service as a whole, and those of its symptoms and languages
// that are spoken of enough: an outage of payments alone, or in Japanese alone, may
// drown in the whole. All are tests of the one service, which has one alarm at a
// time, by whoever notices first, and one allowance of false alarms.
type Service struct {
	cfg     Config
	whole   *Detector
	parts   []*part // that are followed, by name
	spoken  map[string]float64
	minutes float64 // behind spoken
	people  float64 // of the whole, in these minutes
	left    int     // minutes until it is chosen anew what is followed
	alarm   *Alarm
	opener  *Detector // who noticed it first
	own     Alarm     // what of the alarm is of the opener, where that is a part
	quiet   float64   // what part of the usual was the opener's before that
	ended   int       // where the last of its tests that have ended did
	led     int       // where its leader did
	nothing []uint16
}

type part struct {
	name string
	*Detector
}

// NewService follows a service of which so many sources may tell; more may come.
func NewService(sources int, cfg Config) *Service {
	whole := New(sources, cfg)
	return &Service{cfg: whole.cfg, whole: whole, spoken: map[string]float64{}, left: dayMinutes}
}

// Step takes the counts of minute t, in minutes since a Monday at midnight (UTC),
// of the whole and of those parts of which anything was heard, each named once. The
// verdict is that of the whole, but for the state and the alarm.
func (s *Service) Step(t int, m Minute, parts []Part) Verdict {
	paused := s.alarm != nil && t-s.alarm.Onset < dayMinutes
	leader := s.leader()
	s.whole.paused = paused
	v := s.whole.Step(t, m)
	over := s.over(s.whole, leader, v)
	of, excess := m, 0.0
	for _, p := range s.parts {
		of.Authors, p.paused = s.heard(p.name, parts, len(m.Authors)), paused
		w := p.Step(t, of)
		over = s.over(p.Detector, leader, w) || over
		if w.Alarm != nil {
			excess = max(excess, w.Alarm.Excess())
		}
	}
	if over {
		s.calm(t)
	}
	s.follow(t, excess, &v)
	if s.alarm == nil && v.State != Over {
		s.count(v.People, parts)
	}
	return v
}

// leader is whose end is that of the outage, if nothing rises beside: the whole, or
// who noticed it where the whole does not.
func (s *Service) leader() *Detector {
	if s.whole.alarm != nil {
		return s.whole
	}
	return s.opener
}

// over notes the end that a test has come to, and says whether it is the leader's.
func (s *Service) over(d, leader *Detector, v Verdict) bool {
	if v.State != Over {
		return false
	}
	s.ended = max(s.ended, v.Alarm.End)
	if d == leader {
		s.led = v.Alarm.End
	}
	return d == leader
}

// calm lets go, when the leader has come to its end, of parts that do not rise any more
// since. Of many small counts some sway for long: each by itself would end late.
func (s *Service) calm(t int) {
	rising := false
	for _, p := range s.parts {
		switch {
		case p.alarm == nil:
		case p.risen(s.led, t):
			rising = true
		default:
			p.subside(t)
		}
	}
	if !rising && s.whole.alarm == nil {
		s.ended = s.led
	}
}

// heard is who spoke of a part.
func (s *Service) heard(name string, parts []Part, sources int) []uint16 {
	for i := range parts {
		if parts[i].Name == name {
			return parts[i].People
		}
	}
	for len(s.nothing) < sources {
		s.nothing = append(s.nothing, 0)
	}
	return s.nothing[:sources]
}

// follow makes one outage of those of the whole and of its parts: it begins with the
// first that is noticed, and ends with the last.
func (s *Service) follow(t int, excess float64, v *Verdict) {
	last := s.lasting()
	switch {
	case s.alarm == nil && last == nil:
		return
	case s.alarm == nil:
		s.open(t, last)
	case s.moved():
		s.date()
		s.recount(t)
	default:
		s.whole.count(s.alarm, t)
		s.opener.count(&s.own, t)
	}
	s.tell()
	s.alarm.PartExcess = max(s.alarm.PartExcess, excess)
	v.State, v.Alarm = Out, s.alarm
	if last == nil {
		v.State = Over
		s.end(t)
	}
}

// lasting is the test whose alarm lasts: the whole before its parts, and of these
// the one that rose most.
func (s *Service) lasting() (d *Detector) {
	if s.whole.alarm != nil {
		return s.whole
	}
	for _, p := range s.parts {
		if p.alarm != nil && (d == nil || p.alarm.Excess() > d.alarm.Excess()) {
			d = p.Detector
		}
	}
	return d
}

func (s *Service) open(t int, by *Detector) {
	s.alarm, s.opener, s.own, s.ended = &Alarm{}, by, Alarm{}, 0
	for _, p := range s.parts {
		if p.Detector == by {
			s.alarm.Part = p.name
		}
	}
	s.date()
	s.recount(t)
	for _, d := range s.tests() {
		for i := range d.tests {
			d.tests[i].forget()
		}
	}
}

// moved says that who noticed the outage dates it otherwise now. One who notices it
// a second time does not.
func (s *Service) moved() bool {
	a := s.opener.alarm
	return a != nil && a.Detected == s.alarm.Detected && a.Onset != s.alarm.Onset
}

// date takes the onset from who noticed it.
func (s *Service) date() {
	a := s.opener.alarm
	s.alarm.Onset, s.alarm.Earliest, s.alarm.Latest, s.alarm.Detected = a.Onset, a.Earliest, a.Latest, a.Detected
}

// recount sums up the alarm anew, from its onset to t.
func (s *Service) recount(t int) {
	s.own.Onset = s.alarm.Onset
	s.whole.recount(s.alarm, t)
	s.opener.recount(&s.own, t)
	var own, whole float64
	for i := s.own.Onset - quietMinutes; i < s.own.Onset; i++ {
		own += s.opener.means[i&last]
		whole += s.whole.means[i&last]
	}
	s.quiet = own / math.Max(whole, 1e-9)
}

// tell notes what of the alarm is of the part that noticed it. What is usual of the
// part goes by its share of before: until the alarm the part has learnt the rise as
// well, and there is more to notice in a part than in the whole before it is one.
func (s *Service) tell() {
	if s.alarm.Part != "" {
		s.alarm.PartPeople, s.alarm.PartUsual = s.own.People, min(1, s.quiet)*s.alarm.Usual
	}
}

// end lets all begin anew: what is over is no evidence for anybody.
func (s *Service) end(t int) {
	s.whole.end(s.alarm, t, s.ended)
	s.opener.end(&s.own, t, s.ended)
	s.tell()
	s.alarm, s.opener = nil, nil
	for _, d := range s.tests() {
		d.forget(t + 1)
	}
}

// tests are the whole and the parts.
func (s *Service) tests() []*Detector {
	all := []*Detector{s.whole}
	for _, p := range s.parts {
		all = append(all, p.Detector)
	}
	return all
}

// count notes how much is spoken of each part, and once a day chooses by that.
func (s *Service) count(people int, parts []Part) {
	s.minutes++
	s.people += float64(people)
	for _, p := range parts {
		for _, n := range p.People {
			s.spoken[p.Name] += float64(n)
		}
	}
	if s.left--; s.left > 0 {
		return
	}
	s.choose()
	const keep = 1 - float64(dayMinutes)/memory
	s.left, s.minutes, s.people = dayMinutes, s.minutes*keep, s.people*keep
	for name, n := range s.spoken {
		if s.spoken[name] = n * keep; n < 1 {
			delete(s.spoken, name)
		}
	}
}

// choose follows the parts that are spoken of most. One that is followed already
// stays with half of what another needs, for what it has learnt.
func (s *Service) choose() {
	var chosen []*part
	rates := map[string]float64{}
	for name, n := range s.spoken {
		p, rate := &part{name: name}, n/s.minutes
		if i := slices.IndexFunc(s.parts, func(p *part) bool { return p.name == name }); i >= 0 {
			p, rate = s.parts[i], 2*rate
		}
		if rates[name] = rate; rate >= partRate && n < partShare*s.people {
			chosen = append(chosen, p)
		}
	}
	slices.SortFunc(chosen, func(a, b *part) int {
		return cmp.Or(cmp.Compare(rates[b.name], rates[a.name]), strings.Compare(a.name, b.name))
	})
	s.parts = chosen[:min(len(chosen), mostParts)]
	s.share()
}

// share gives every test its part of the false alarms that are accepted.
func (s *Service) share() {
	whole := s.cfg.FalseAlarms
	if len(s.parts) > 0 {
		whole *= 1 - partBudget
	}
	s.whole.allow(whole)
	for _, p := range s.parts {
		if p.Detector == nil {
			p.Detector = New(len(s.whole.sources), s.cfg)
			p.part = true
		}
		p.allow(s.cfg.FalseAlarms * partBudget / float64(len(s.parts)))
	}
}

// Alarm is the outage that lasts; nil where there is none.
func (s *Service) Alarm() *Alarm { return s.alarm }

// Expected is what Detector.Expected says of the whole.
func (s *Service) Expected() (mean, alpha float64) { return s.whole.Expected() }

// Clone is a Service that goes on from here by itself.
func (s *Service) Clone() *Service {
	c := *s
	c.whole, c.parts, c.spoken, c.nothing = s.whole.Clone(), make([]*part, len(s.parts)), maps.Clone(s.spoken), nil
	if s.opener == s.whole {
		c.opener = c.whole
	}
	for i, p := range s.parts {
		c.parts[i] = &part{p.name, p.Detector.Clone()}
		if s.opener == p.Detector {
			c.opener = c.parts[i].Detector
		}
	}
	if s.alarm != nil {
		alarm := *s.alarm
		c.alarm = &alarm
	}
	return &c
}
