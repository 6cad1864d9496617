package api

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"time"

	"outcry/aggregate"
)

// liveNews are the events of one look.
type liveNews struct {
	points    map[string][]*liveEvent // by service
	incidents []liveIncident
	newest    []*liveEvent
}

type liveIncident struct {
	services []string
	event    *liveEvent
}

// tell makes events of what has changed since the look before and gives each to the
// topics that want it. l.mu is held.
func (l *liveHub) tell(look *liveLook) {
	news, before := liveNews{points: map[string][]*liveEvent{}}, l.seq
	for _, service := range slices.Sorted(maps.Keys(look.points)) {
		news.points[service] = l.tellPoints(service, look)
	}
	for service := range l.counts { // nobody watches it any more
		if look.points[service] == nil {
			delete(l.counts, service)
		}
	}
	news.incidents = l.tellIncidents(look)
	if look.newest.After(l.newest) {
		l.newest = look.newest
		news.newest = append(news.newest, l.event("newest", liveNewest{l.newest}))
	}
	for _, t := range look.topics {
		t.publish(l.pick(t, news))
		t.err, t.snap, t.snapAt = nil, liveBytes{}, 0
		if !t.ready {
			t.ready = true
			t.broadcast()
		}
	}
	if l.seq > before {
		l.writer.wake()
	}
}

func (l *liveHub) event(name string, body any) *liveEvent {
	l.seq++
	return &liveEvent{l.seq, time.Now(), liveEventBytes(name, l.id(l.seq), body)}
}

// tellPoints compares the minutes of a service with those that were told. Of a service
// that was not watched before there is nothing to tell: streams begin with it.
func (l *liveHub) tellPoints(service string, look *liveLook) []*liveEvent {
	told, watched := l.counts[service]
	window := look.newest.Add(time.Minute - liveWindow)
	kept := make(map[int64]liveCount, len(look.points[service]))
	var events []*liveEvent
	for _, p := range look.points[service] {
		c := liveCountOf(p)
		was, known := told[p.T.Unix()]
		switch {
		case watched && (!known || c.differs(was, p.T.Before(look.newest))):
			events = append(events, l.event("point", c.point(service, p.T)))
		case known:
			c = was // what is told later is compared with what was sent
		}
		if !p.T.Before(window) {
			kept[p.T.Unix()] = c
		}
	}
	l.counts[service] = kept
	return events
}

func (l *liveHub) tellIncidents(look *liveLook) []liveIncident {
	var news []liveIncident
	seen := make(map[string]aggregate.Incident, len(look.incidents))
	slices.SortFunc(look.incidents, func(a, b aggregate.Incident) int { return cmp.Or(a.Onset.Compare(b.Onset), cmp.Compare(a.ID, b.ID)) })
	for _, i := range look.incidents {
		if was, known := l.incidents[i.ID]; !known || !reflect.DeepEqual(was, i) {
			news = append(news, liveIncident{i.Services, l.event("incident", i)})
		}
		seen[i.ID] = i
	}
	l.incidents = seen
	return news
}

// pick chooses what a topic gets, in order.
func (l *liveHub) pick(t *liveTopic, news liveNews) []*liveEvent {
	var events []*liveEvent
	for _, service := range l.follow(t) {
		events = append(events, l.minutes(service)...)
	}
	for _, service := range t.current() {
		events = append(events, news.points[service]...)
	}
	for _, i := range news.incidents {
		if t.wants(i.services) {
			events = append(events, i.event)
		}
	}
	events = append(events, news.newest...)
	slices.SortFunc(events, func(a, b *liveEvent) int { return cmp.Compare(a.seq, b.seq) })
	return events
}

// follow brings the services of open incidents up to date in a topic that asks for
// those, and returns the new ones, of which its streams have no minutes yet.
func (l *liveHub) follow(t *liveTopic) []string {
	if !t.open() {
		return nil
	}
	had := t.now
	t.now = map[string]bool{}
	for _, i := range l.incidents {
		if lasts(i) {
			for _, service := range i.Services {
				t.now[service] = true
			}
		}
	}
	var added []string
	for _, service := range t.current() {
		if !had[service] {
			added = append(added, service)
		}
	}
	return added
}

// minutes are new events of all minutes of a service that are known.
func (l *liveHub) minutes(service string) []*liveEvent {
	var events []*liveEvent
	for _, t := range slices.Sorted(maps.Keys(l.counts[service])) {
		events = append(events, l.event("point", l.counts[service][t].point(service, time.Unix(t, 0))))
	}
	return events
}

// snapshot is how a stream begins. Only its last event has an id: who is cut before it
// begins anew. l.mu is held.
func (l *liveHub) snapshot(t *liveTopic) liveBytes {
	if t.snapAt == l.seq {
		return t.snap
	}
	var b liveBytes
	add := func(name, id string, body any) {
		b.data = append(b.data, liveEventBytes(name, id, body)...)
		b.events++
	}
	for _, service := range t.current() {
		for _, minute := range slices.Sorted(maps.Keys(l.counts[service])) {
			add("point", "", l.counts[service][minute].point(service, time.Unix(minute, 0)))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(l.incidents)) {
		if i := l.incidents[id]; t.wants(i.Services) && !i.Retracted {
			add("incident", "", i)
		}
	}
	if !l.newest.IsZero() {
		add("newest", l.id(l.seq), liveNewest{l.newest})
	}
	t.snap, t.snapAt = b, l.seq
	return b
}
