package aggregate

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Outages that begin together are one incident: those of one owner, and those of
// many owners at once, who share a cloud or a network.
const (
	sameOwnerWithin = 15 * time.Minute
	cloudWithin     = 10 * time.Minute
	cloudOwners     = 8
	// sameIncident is how far apart two ranges may be that tell of one incident. An
	// outage is over when it has been calm for some 20 minutes, so that none can come
	// back sooner.
	sameIncident = 30 * time.Minute
)

// group is the alarms of one incident, the first noticed first.
type group []alarm

// groups puts alarms together. owner names whose a service is.
func groups(alarms []alarm, owner func(service string) string) (all []group) {
	for _, a := range alarms {
		i := slices.IndexFunc(all, func(g group) bool {
			return slices.ContainsFunc(g, func(b alarm) bool { return together(a, b, owner) })
		})
		if i < 0 {
			all = append(all, group{a})
		} else {
			all[i] = append(all[i], a)
		}
	}
	return joinClouds(all, owner)
}

// together says that b, which was noticed first, and a are of one incident: they
// began together, or it came back soon.
func together(a, b alarm, owner func(string) string) bool {
	if a.service == b.service {
		return b.End == 0 || a.Onset-b.End <= int(sameIncident/time.Minute)
	}
	return owner(a.service) == owner(b.service) && near(a.Onset, b.Onset, sameOwnerWithin)
}

// joinClouds makes one group of those that began together with very many others.
func joinClouds(all []group, owner func(string) string) (joined []group) {
	cloud := -1 // in joined
	for _, g := range all {
		hit := map[string]bool{}
		for _, other := range all {
			if near(g[0].Onset, other[0].Onset, cloudWithin) {
				hit[owner(other[0].service)] = true
			}
		}
		switch {
		case len(hit) < cloudOwners:
			joined = append(joined, g)
		case cloud >= 0 && near(g[0].Onset, joined[cloud][0].Onset, cloudWithin):
			joined[cloud] = append(joined[cloud], g...)
		default:
			cloud = len(joined)
			joined = append(joined, g)
		}
	}
	return joined
}

func near(a, b int, within time.Duration) bool {
	return max(a-b, b-a) <= int(within/time.Minute)
}

// incident is what the alarms of a group say; the store knows the rest. end is the
// minute after the last that was looked at.
func (g group) incident(end int, owner func(string) string) Incident {
	first := g[0]
	i := Incident{
		ID:       first.service + "-" + timeOf(first.Onset).Format("20060102T1504"),
		Onset:    timeOf(first.Onset),
		Earliest: timeOf(first.Earliest),
		Latest:   timeOf(first.Latest),
		Detected: timeOf(first.Detected + 1),
		Updated:  timeOf(end),
	}
	members := slices.Clone(g)
	slices.SortStableFunc(members, func(a, b alarm) int { return cmp.Compare(b.Excess(), a.Excess()) })
	owners := map[string]bool{}
	last := 0
	for _, a := range members {
		if !slices.Contains(i.Services, a.service) {
			i.Services = append(i.Services, a.service)
		}
		owners[owner(a.service)] = true
		i.Usual += a.Usual
		i.Excess += a.Excess()
		if onset := timeOf(a.Onset); onset.Before(i.Onset) {
			i.Onset, i.Earliest, i.Latest = onset, timeOf(a.Earliest), timeOf(a.Latest)
		}
		if a.End == 0 {
			last = math.MaxInt
		}
		last = max(last, a.End)
	}
	if last < math.MaxInt {
		i.End = timeOf(last)
	}
	i.Noticed = g.noticed()
	if len(i.Services) > 1 && len(owners) == 1 {
		i.Owner = owner(first.service)
	}
	return i
}

// noticed is the part in which it was noticed first. What it brought is known where
// all were noticed in the same.
func (g group) noticed() (n Noticed) {
	if g[0].Part == "" {
		return n
	}
	n.By, n.Name = partOf(g[0].Part)
	if slices.ContainsFunc(g, func(a alarm) bool { return a.Part != g[0].Part }) {
		return n
	}
	for _, a := range g {
		n.Usual += a.PartUsual
		n.Excess += max(0, a.PartPeople-a.PartUsual)
	}
	return n
}

// since is what is told of the part now, where it was known which it is: that stays,
// with what was told of it last, though late counts had it noticed elsewhere.
func (n Noticed) since(before Noticed) Noticed {
	if n.By == before.By && n.Name == before.Name {
		return n
	}
	return before
}

// severity weighs how many people, for how long, and how widely: in orders of
// magnitude of the people beyond the usual, with half an order for ten times a
// quarter of an hour and a third for ten kinds of places. breadth is the number of
// languages and sources that have a twentieth of the complaints each.
func severity(excess float64, long time.Duration, breadth int) string {
	magnitude := math.Log10(math.Max(1, excess)) +
		math.Log10(math.Max(1, long.Minutes()/15))/2 + math.Log10(math.Max(1, float64(breadth)))/3
	switch {
	case magnitude >= 3.5:
		return Critical
	case magnitude >= 2.5:
		return Major
	}
	return Minor
}

// same says that two incidents are one: they share a service, and lasted at the
// same time.
func same(a, b Incident) bool {
	shared := slices.ContainsFunc(a.Services, func(s string) bool { return slices.Contains(b.Services, s) })
	return shared && a.Onset.Before(until(b).Add(sameIncident)) && b.Onset.Before(until(a).Add(sameIncident))
}

// until is when an incident ended, or was last seen.
func until(i Incident) time.Time {
	if i.Open() {
		return i.Updated
	}
	return i.End
}

// A language is special for an incident when so many of the complaints are in it, and
// at most so large a part of that share was in the week before, of which enough is known.
const (
	mainly      = 0.6
	usuallyMost = 0.5
	leastBefore = 30 // posts
)

// mainlyIn is the language that is special for an incident; empty for none. before is
// of the week before it.
func mainlyIn(now, before Breakdown) string {
	top := leading(now.Languages)
	if top.Share < mainly || before.Posts < leastBefore {
		return ""
	}
	for _, usual := range before.Languages {
		if usual.Name == top.Name && usual.Share > usuallyMost*top.Share {
			return ""
		}
	}
	return top.Name
}

// leading is the largest of the shares, if it has a name.
func leading(shares []Share) Share {
	if len(shares) == 0 || shares[0].Name == "" {
		return Share{}
	}
	return shares[0]
}
