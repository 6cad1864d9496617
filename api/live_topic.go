package api

import (
	"slices"
	"sort"
	"time"
)

const (
	liveMemory    = 5 * time.Minute // how long events are kept for those who were cut
	maxLiveLog    = 1024            // events of a topic that are kept
	maxIdleTopics = 1000            // topics without a stream that are kept
)

// liveTopic is what all streams share that ask for the same services: the events that
// they got. Streams hold no events of their own, but a place among these. The hub's
// lock guards it.
type liveTopic struct {
	services []string        // sorted; none: those of open incidents
	now      map[string]bool // the services of open incidents, where those are asked for
	log      []*liveEvent    // the newest events, in order
	floor    uint64          // the event before the first of log
	last     uint64          // the last event
	tail     liveBytes       // what the last poll brought
	before   uint64          // the last event before tail
	first    uint64          // the first event of tail
	snap     liveBytes       // how a stream begins, as of snapAt
	snapAt   uint64
	wake     chan struct{} // closed when there is something new
	ready    bool          // a poll has looked after it since somebody listens
	err      error         // why the last one could not
	streams  int
	idle     time.Time // since when it has no stream
}

func newLiveTopic(services []string, seq uint64) *liveTopic {
	return &liveTopic{services: services, floor: seq, last: seq, before: seq, wake: make(chan struct{})}
}

// open says that the topic is of whatever services have open incidents.
func (t *liveTopic) open() bool { return len(t.services) == 0 }

// current are the services of the topic, in order.
func (t *liveTopic) current() []string {
	if !t.open() {
		return t.services
	}
	names := make([]string, 0, len(t.now))
	for name := range t.now {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// wants says whether an incident with these services is of the topic.
func (t *liveTopic) wants(services []string) bool {
	return t.open() || slices.ContainsFunc(services, func(s string) bool { return slices.Contains(t.services, s) })
}

// publish adds events, in order, and wakes who waits for them.
func (t *liveTopic) publish(events []*liveEvent) {
	if len(events) == 0 {
		return
	}
	t.before, t.first, t.tail = t.last, events[0].seq, joinLive(events)
	t.log = append(t.log, events...)
	t.last = events[len(events)-1].seq
	t.trim(events[0].at.Add(-liveMemory))
	t.broadcast()
}

func (t *liveTopic) trim(oldest time.Time) {
	gone := 0
	for gone < len(t.log) && (len(t.log)-gone > maxLiveLog || t.log[gone].at.Before(oldest)) {
		t.floor = t.log[gone].seq
		t.log[gone] = nil // so that its bytes are freed before the list is
		gone++
	}
	t.log = t.log[gone:]
}

func (t *liveTopic) broadcast() {
	close(t.wake)
	t.wake = make(chan struct{})
}

// after is what came after the event with this number; false when that is no longer
// known.
func (t *liveTopic) after(seq uint64) (liveBytes, bool) {
	switch {
	case seq < t.floor:
		return liveBytes{}, false
	case seq >= t.last:
		return liveBytes{}, true
	case seq >= t.before && seq < t.first: // as nearly all streams are: the bytes are theirs already
		return t.tail, true
	}
	next := sort.Search(len(t.log), func(i int) bool { return t.log[i].seq > seq })
	return joinLive(t.log[next:]), true
}
