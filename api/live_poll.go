package api

import (
	"context"
	"maps"
	"slices"
	"time"

	"outcry/aggregate"
)

const (
	liveEvery  = time.Second
	liveHurry  = 100 * time.Millisecond // between two polls when somebody waits
	liveWindow = 30 * time.Minute       // before the newest post: what is watched, as posts come late
	liveBehind = 6 * time.Hour          // how far a poll goes back after a pause
	liveListed = 1000                   // incidents of one poll
)

// run polls until nobody listens.
func (l *liveHub) run() {
	defer l.running.Done()
	for l.listened() {
		began := time.Now()
		err := l.poll()
		if err != nil && !l.failing && l.ctx.Err() == nil {
			l.log.ErrorContext(l.ctx, "live streams have no news until the store answers", "err", err)
		}
		l.failing = err != nil
		l.pause(began)
	}
}

// listened ends the polling when there is no stream. What is known then is kept: who
// comes back gets what has changed.
func (l *liveHub) listened() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.streams) > 0 && !l.closed {
		return true
	}
	l.polling = false
	for _, t := range l.topics {
		t.ready = false
	}
	return false
}

func (l *liveHub) pause(began time.Time) {
	rest := time.NewTimer(liveEvery - time.Since(began))
	defer rest.Stop()
	select {
	case <-rest.C:
	case <-l.ctx.Done():
	case <-l.hurry:
		select {
		case <-time.After(liveHurry - time.Since(began)):
		case <-l.ctx.Done():
		}
	}
}

// liveLook is one look into the store.
type liveLook struct {
	topics    []*liveTopic
	watched   map[string]bool // services
	known     []string        // incidents of the look before that were not retracted
	open      bool            // the services of open incidents are watched
	from      time.Time
	newest    time.Time
	incidents []aggregate.Incident
	points    map[string][]aggregate.Point
}

func (l *liveHub) poll() error {
	ctx, cancel := context.WithTimeout(l.ctx, l.timeout)
	defer cancel()
	look, before := l.ask()
	err := l.look(ctx, look, before)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		for _, t := range look.topics {
			t.err = err
			if !t.ready { // who waits for it is told
				t.broadcast()
			}
		}
		return err
	}
	l.tell(look)
	return nil
}

// ask notes what is to be looked after.
func (l *liveHub) ask() (*liveLook, time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.prune()
	look := &liveLook{watched: map[string]bool{}}
	for _, t := range l.topics {
		look.topics = append(look.topics, t)
		look.open = look.open || t.open()
		for _, service := range t.services {
			look.watched[service] = true
		}
	}
	for id, i := range l.incidents {
		if !i.Retracted {
			look.known = append(look.known, id)
		}
	}
	return look, l.newest
}

// look reads the last minutes before the newest post: a replay has a clock of its own.
// After a pause it reads from where it ended.
func (l *liveHub) look(ctx context.Context, look *liveLook, before time.Time) error {
	newest, err := l.store.Newest(ctx)
	if err != nil || newest.IsZero() {
		return err
	}
	if now := l.now().Truncate(time.Minute); newest.After(now) { // of a post from the future
		newest = now
	}
	look.newest, look.from = newest.UTC(), newest.UTC()
	if !before.IsZero() && before.Before(newest) {
		look.from = maxTime(before, newest.Add(-liveBehind))
	}
	look.from = look.from.Add(time.Minute - liveWindow)
	if err := l.lookAtIncidents(ctx, look); err != nil {
		return err
	}
	services := slices.Sorted(maps.Keys(look.watched))
	if len(services) == 0 {
		return nil
	}
	look.points, err = l.store.Minutes(ctx, services, look.from, look.newest.Add(time.Minute))
	return err
}

func (l *liveHub) lookAtIncidents(ctx context.Context, look *liveLook) error {
	listed, err := l.store.Incidents(ctx, aggregate.IncidentQuery{From: look.from, Limit: liveListed})
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, i := range listed {
		seen[i.ID] = true
		look.incidents = append(look.incidents, plainIncident(i))
		if look.open && lasts(i) {
			for _, service := range i.Services {
				look.watched[service] = true
			}
		}
	}
	for _, id := range look.known { // retracted, or over for so long that it is not listed
		if seen[id] {
			continue
		}
		i, ok, err := l.store.Incident(ctx, id)
		if err != nil {
			return err
		}
		if ok && (i.Retracted || lasts(i)) {
			look.incidents = append(look.incidents, plainIncident(i))
		}
	}
	return nil
}

func lasts(i aggregate.Incident) bool { return i.Open() && !i.Retracted }
