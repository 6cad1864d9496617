package aggregate

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// The counts of one service do not tell whose a rise is. An alarm is kept back while
// those of the other services explain it better than an outage of its own: as the
// spill of a giant's (who cannot be reached by those whose network is down blames his
// own), or as a storm that one source makes alone, about it or about several.
const (
	spillShare  = 0.07 // of the giant's excess: more is no spill
	spillBefore = 5    // minutes before the giant's onset, in which the spill's may be
	spillAfter  = 15   // minutes after it
	spillFades  = 30   // minutes in which is seen that it does not fade with the giant's:
	spillLasts  = 4    // its share has grown by that factor,
	spillFew    = 10   // and this many people
	// Who is so loud is told of in any case.
	loudPeople  = 25 // a minute
	loudFactor  = 10 // of the usual
	loudMinutes = 3  // the last

	// Of a storm the other sources have so much of their usual share at most.
	stormElsewhere = 0.25
	stormProof     = 4.0              // the other sources kept silent by chance one time in 10⁴,
	stormProofs    = 3.0              // or in 10³ where several rise together,
	stormServices  = 3                // at least so many,
	stormWithin    = 10 * time.Minute // from onset to onset
	stormMost      = 3 * 60           // minutes for which it is believed to be a storm,
	stormLoud      = 60               // or so many if it is loud

	compared = 4 * 60 // minutes, at most: spike.Service remembers little more
)

// standing is what the fleet thinks of the alarm of a service.
type standing struct {
	believed int    // the minute since which it is; 0: it is not
	giant    string // whose spill it may be; empty: nobody's
	storm    int    // the minute in which it was found to be of a storm; 0: of none
}

// judge thinks anew of the alarms that are kept back.
func (f *fleet) judge() {
	lasting := f.lasting()
	maps.DeleteFunc(f.standings, func(service string, _ standing) bool { return f.services[service].Alarm() == nil })
	slices.SortFunc(lasting, func(a, b alarm) int { // giants first
		return cmp.Or(cmp.Compare(b.Excess(), a.Excess()), cmp.Compare(a.service, b.service))
	})
	for _, a := range lasting {
		s := f.standings[a.service]
		if s.believed > 0 {
			continue
		}
		s.giant = f.giant(a, s.giant, lasting)
		if s.storm == 0 && f.storms(a, lasting) {
			s.storm = f.at
		}
		most := stormMost
		if f.loud(a) {
			most = stormLoud
		}
		if s.giant == "" && (s.storm == 0 || f.at-s.storm >= most) {
			s.believed = f.at
		}
		f.standings[a.service] = s
	}
}

// believed is an alarm, noticed when it came to be believed; none if it was not.
func (f *fleet) believed(a alarm) []alarm {
	if a.Detected = f.standings[a.service].believed; a.Detected == 0 {
		return nil
	}
	return []alarm{a}
}

// lasting are the alarms that last.
func (f *fleet) lasting() (all []alarm) {
	for service, d := range f.services {
		if a := d.Alarm(); a != nil {
			all = append(all, alarm{service, *a})
		}
	}
	return all
}

// giant is the service of which a may be the spill: it is out, or was when a began, and
// is so much greater. Where many begin together it is a cloud that fell.
func (f *fleet) giant(a alarm, before string, lasting []alarm) string {
	owners := map[string]bool{}
	for _, b := range lasting {
		if near(a.Onset, b.Onset, cloudWithin) {
			owners[f.owner(b.service)] = true
		}
	}
	if len(owners) >= cloudOwners {
		return ""
	}
	if before != "" && f.spilt(a, before) {
		return before
	}
	for _, b := range lasting {
		after := a.Onset - b.Onset
		if f.standings[b.service].believed > 0 && f.owner(a.service) != f.owner(b.service) &&
			-spillBefore <= after && after <= spillAfter && f.spilt(a, b.service) {
			return b.service
		}
	}
	return ""
}

// spilt says that a is small beside what is heard of a giant, also when that is over.
func (f *fleet) spilt(a alarm, giant string) bool {
	if f.loud(a) {
		return false
	}
	from, of := max(a.Onset, f.at-compared), max(a.Onset, f.at-spillFades+1)
	return a.Excess() <= spillShare*f.sum(giant, from).excess() &&
		f.sum(a.service, of).excess() <= spillLasts*spillShare*max(0, f.sum(giant, of).excess())+spillFew
}

// loud says that so many complain now that nobody can wait.
func (f *fleet) loud(a alarm) bool {
	last := f.sum(a.service, f.at-loudMinutes+1)
	return last.people >= loudMinutes*loudPeople && last.people >= loudFactor*last.usual
}

// storms says that a is of a rise, of it or of several services, that one source makes
// alone.
func (f *fleet) storms(a alarm, lasting []alarm) bool {
	var together []alarm
	bySource := make([]sums, len(f.sources))
	for _, b := range lasting {
		if near(a.Onset, b.Onset, stormWithin) {
			together = append(together, b)
			f.heard(b.service, b.Onset, func(source int, people, usual float64) { bySource[source].add(people, usual) })
		}
	}
	loudest := 0
	for i := range bySource {
		if bySource[i].excess() > bySource[loudest].excess() {
			loudest = i
		}
	}
	var all, rest, own, here sums
	for i, s := range bySource {
		all.add(s.people, s.usual)
		if i != loudest {
			rest.add(s.people, s.usual)
		}
	}
	f.heard(a.service, a.Onset, func(source int, people, usual float64) {
		own.add(people, usual)
		if source == loudest {
			here.add(people, usual)
		}
	})
	if here.excess() < own.excess()/2 || rest.excess()*all.usual > stormElsewhere*rest.usual*all.excess() {
		return false
	}
	proof := 0.0
	for _, b := range together {
		proof += f.services[b.service].Silence(max(b.Onset, f.at-compared), f.at, loudest)
	}
	least := stormProof
	if len(together) >= stormServices {
		least = stormProofs
	}
	return combined(proof, len(together)) > least
}

// combined is what n independent proofs prove together of which the sum is given, all
// of them negative decimal logarithms of probabilities: Fisher, Statistical Methods for
// Research Workers, 1932. The sum alone grows with every service.
func combined(sum float64, n int) float64 {
	nats := sum * math.Ln10
	term, tail := math.Exp(-nats), 0.0
	for k := 1; k <= n; k++ {
		tail += term
		term *= nats / float64(k)
	}
	return -math.Log10(tail)
}

// sums are what was heard of a service in some minutes.
type sums struct{ people, usual float64 }

func (s *sums) add(people, usual float64) { s.people, s.usual = s.people+people, s.usual+usual }

func (s sums) excess() float64 { return s.people - s.usual }

// sum is what was heard of a service from one minute up to now.
func (f *fleet) sum(service string, from int) (s sums) {
	f.heard(service, from, func(_ int, people, usual float64) { s.add(people, usual) })
	return s
}

// heard is the same by source.
func (f *fleet) heard(service string, from int, each func(source int, people, usual float64)) {
	people, usual := f.services[service].Heard(max(from, f.at-compared), f.at)
	for i := range people {
		each(i, people[i], usual[i])
	}
}
