package aggregate

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"outcry/aggregate/spike"
	"outcry/ingest"
	"outcry/ingest/bus"
	"outcry/nlp/lang"
)

const (
	// history is how far back the usual is learnt at the start.
	history = 28 * 24 * time.Hour
	// Counts of the last minutes may still change: posts come late. They are looked
	// at again until they have settled, by the posts' clock and by ours.
	settleAfter = 30 // minutes
	settleWall  = time.Minute
	// watchEvery is how often is looked; minuteLate how long after its end a minute
	// is looked at even if nothing later was heard, where something was of late.
	watchEvery = 5 * time.Second
	minuteLate = 10 * time.Second
	liveWithin = time.Hour
	// recent is how long after its end an incident may still change.
	recent = 24 * time.Hour
)

// Counts is what a Watcher learns from; see the Store for each.
type Counts interface {
	Newest(ctx context.Context) (time.Time, error)
	Counts(ctx context.Context, from, to time.Time, each func(Count) error) error
	Volumes(ctx context.Context, from, to time.Time, each func(Volume) error) error
	Coverage(ctx context.Context, q CoverageQuery) ([]Coverage, error)
}

// IncidentStore keeps incidents, and tells what else is known of them.
type IncidentStore interface {
	Counts
	Breakdown(ctx context.Context, q BreakdownQuery) (Breakdown, error)
	Texts(ctx context.Context, services []string, from, to time.Time, limit int) ([]string, error)
	Incidents(ctx context.Context, q IncidentQuery) ([]Incident, error)
	InsertIncidents(ctx context.Context, incidents []Incident) error
	InsertExpected(ctx context.Context, rows []Expected) error
}

// Watcher finds incidents in what is stored, by the posts' own clock: a replay of
// last year has its incidents last year. It holds nothing that it could not learn
// anew from the store, so it may be stopped at any time, and of several each comes
// to the same incidents.
type Watcher struct {
	Store   IncidentStore
	Queue   Queue                       // for the incidents topic
	Owner   func(service string) string // whose a service is
	Config  spike.Config
	Metrics *WatchMetrics
	Now     func() time.Time
	Log     *slog.Logger

	settled *fleet               // as of the last minute that will not change
	looked  []look               // ends of late, and when they were seen
	known   []Incident           // of late
	last    int                  // minute up to which was looked
	common  map[string]lang.Mask // function words
}

// look is that the store had all minutes up to end.
type look struct {
	at  time.Time
	end int
}

// Run watches until ctx ends, which is no error. While the store is away it tries
// again and again.
func (w *Watcher) Run(ctx context.Context) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		if err := w.Look(ctx); err != nil && ctx.Err() == nil {
			w.Metrics.failed.Inc()
			w.Log.Error("cannot look for incidents, trying again", "err", err, "in", watchEvery)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Look takes all minutes that are complete, and stores what has become of
// incidents.
func (w *Watcher) Look(ctx context.Context) error {
	begun := w.Now()
	end, err := w.end(ctx, begun)
	if err != nil || end == 0 || end == w.last {
		return err
	}
	if w.settled == nil {
		if err := w.begin(ctx, end); err != nil {
			return err
		}
	}
	fleet, err := w.follow(ctx, begun, end)
	if err != nil {
		return err
	}
	if err := w.update(ctx, fleet, end); err != nil {
		return err
	}
	w.last = end
	w.Metrics.looked(w.Now().Sub(begun), begun.Sub(timeOf(end)), len(fleet.services))
	return nil
}

// end is the minute after the last that is complete; 0 where nothing was heard.
func (w *Watcher) end(ctx context.Context, now time.Time) (int, error) {
	newest, err := w.Store.Newest(ctx)
	if err != nil || newest.IsZero() {
		return 0, err
	}
	end := min(minuteOf(newest), minuteOf(now)) // another's clock may be ahead of ours
	if late := minuteOf(now.Add(-minuteLate)); late > end && now.Sub(newest) < liveWithin {
		end = late // it is live, and nothing was heard since
	}
	return end, nil
}

// begin makes a fleet that knows nothing yet, and remembers the incidents of late.
func (w *Watcher) begin(ctx context.Context, end int) (err error) {
	if w.known, err = w.Store.Incidents(ctx, IncidentQuery{From: timeOf(end - keepOver), Limit: maxKnown}); err != nil {
		return err
	}
	w.settled = w.newFleet(end)
	return nil
}

// newFleet begins so long before end that it knows the usual by then.
func (w *Watcher) newFleet(end int) *fleet {
	f := newFleet(w.Config, end-int(history/time.Minute), w.Owner)
	f.expect = end - int(recent/time.Minute)
	return f
}

// maxKnown bounds how many incidents are remembered.
const maxKnown = 10_000

// follow brings the settled fleet as far as it goes, and returns one that has also
// seen what may still change.
func (w *Watcher) follow(ctx context.Context, now time.Time, end int) (*fleet, error) {
	w.looked = append(w.looked, look{now, end})
	settle := end - settleAfter
	if !w.looked[0].at.Equal(now) { // at the start all is as it is
		for len(w.looked) > 1 && now.Sub(w.looked[1].at) >= settleWall {
			w.looked = w.looked[1:]
		}
		settle = min(settle, w.looked[0].end)
	}
	const day = 24 * 60
	if w.settled.at < end-int(history/time.Minute) { // the posts' clock has leapt
		w.settled = w.newFleet(end)
	}
	for w.settled.at < settle {
		until := min(settle, w.settled.at+day)
		h, err := w.read(ctx, w.settled.at, until)
		if err != nil {
			return nil, err
		}
		w.settled.run(h, until)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	h, err := w.read(ctx, w.settled.at, end)
	if err != nil {
		return nil, err
	}
	fleet := w.settled.clone()
	fleet.run(h, end)
	if err := w.Store.InsertExpected(ctx, append(w.settled.expected, fleet.expected...)); err != nil {
		return nil, err
	}
	// Noted once: what settles a little otherwise is no matter.
	w.settled.expect, w.settled.expected = fleet.expect, nil
	return fleet, nil
}

// read asks the store what was heard in [from, to).
func (w *Watcher) read(ctx context.Context, from, to int) (heard, error) {
	h := heard{volumes: map[volumeAt]float64{}, coverage: map[string]map[int]float64{}}
	if from >= to {
		return h, nil
	}
	err := w.Store.Counts(ctx, timeOf(from), timeOf(to), func(c Count) error {
		h.counts = append(h.counts, c)
		return nil
	})
	if err == nil {
		err = w.Store.Volumes(ctx, timeOf(from), timeOf(to), func(v Volume) error {
			h.volumes[volumeAt{v.Source, minuteOf(v.Minute)}] = float64(v.Posts)
			return nil
		})
	}
	if err != nil {
		return h, err
	}
	covered, err := w.Store.Coverage(ctx, CoverageQuery{From: timeOf(from), To: timeOf(to), Step: time.Minute})
	for _, c := range covered {
		h.coverage[c.Source] = make(map[int]float64, len(c.Shares))
		for i, share := range c.Shares {
			h.coverage[c.Source][from+i] = share
		}
	}
	return h, err
}

// update stores what is new of incidents.
func (w *Watcher) update(ctx context.Context, f *fleet, end int) error {
	var changed []Incident
	seen := map[string]bool{}
	for _, g := range groups(f.alarms(), w.Owner) {
		now := g.incident(end, w.Owner)
		before, known := w.find(now, seen)
		if known {
			now.ID, now.Detected, now.Noticed = before.ID, before.Detected, now.Noticed.since(before.Noticed)
		}
		seen[now.ID] = true
		if known && !before.Open() && (before.End.Equal(now.End) || timeOf(end).Sub(before.End) > recent) {
			continue
		}
		if !known && !now.Open() && timeOf(end).Sub(now.End) > recent {
			continue // it was over before anybody watched
		}
		if err := w.describe(ctx, &now); err != nil {
			return err
		}
		changed = append(changed, now)
	}
	changed = append(changed, w.vanished(seen, end)...)
	if err := w.Store.InsertIncidents(ctx, changed); err != nil {
		return err
	}
	if err := w.publish(ctx, changed); err != nil {
		return err
	}
	for _, i := range changed {
		w.remember(i)
	}
	w.forget(end)
	return nil
}

// find returns what is known of an incident already, if no other was taken for it.
func (w *Watcher) find(now Incident, taken map[string]bool) (Incident, bool) {
	for _, k := range w.known {
		if !taken[k.ID] && (k.ID == now.ID || same(k, now)) {
			return k, true
		}
	}
	return Incident{}, false
}

// vanished are open incidents that have no alarm of their own any more: late counts
// have shown that there was none, or it has become part of another. Where its
// minutes have settled, nobody follows it: the posts' clock has leapt, or it was
// found by a past that is forgotten now.
func (w *Watcher) vanished(seen map[string]bool, end int) (all []Incident) {
	for _, k := range w.known {
		if seen[k.ID] || !k.Open() {
			continue
		}
		k.End, k.Updated, k.Retracted = k.Updated, timeOf(end), minuteOf(k.Detected) > w.settled.at
		all = append(all, k)
	}
	return all
}

// remember keeps the newest of each incident, and says what became of it.
func (w *Watcher) remember(now Incident) {
	i := slices.IndexFunc(w.known, func(k Incident) bool { return k.ID == now.ID })
	log := w.Log.With("incident", now.ID)
	switch {
	case i < 0 && now.Open():
		log.Warn("an incident", "services", now.Services, "since", now.Onset, "people", now.People, "severity", now.Severity, "part", now.Noticed.Name)
	case now.Retracted:
		log.Info("the incident is taken back: late counts show none, or it is part of another")
	case !now.Open() && (i < 0 || w.known[i].Open()):
		log.Info("the incident is over", "services", now.Services, "since", now.Onset, "until", now.End, "people", now.People, "severity", now.Severity)
	}
	if i < 0 {
		w.known = append(w.known, now)
		return
	}
	w.known[i] = now
}

// forget drops incidents that are long over.
func (w *Watcher) forget(end int) {
	open := 0
	w.known = slices.DeleteFunc(w.known, func(k Incident) bool {
		if k.Open() {
			open++
		}
		return k.Retracted || !k.Open() && minuteOf(k.End) < end-keepOver
	})
	w.Metrics.open.Set(float64(open))
}

// describe adds what the store knows: who complains of what, where, in which words.
func (w *Watcher) describe(ctx context.Context, i *Incident) error {
	ask := BreakdownQuery{Services: i.Services, From: i.Onset, To: until(*i)}
	b, err := w.Store.Breakdown(ctx, ask)
	if err != nil {
		return err
	}
	i.People, i.Posts, i.Symptoms, i.Languages, i.Sources = b.People, b.Posts, b.Symptoms, b.Languages, b.Sources
	for m, people := range b.ByMinute {
		if people > i.PeakPeople {
			i.Peak, i.PeakPeople = i.Onset.Add(time.Duration(m)*time.Minute), people
		}
	}
	if leading(b.Languages).Share >= mainly {
		before, err := w.Store.Breakdown(ctx, BreakdownQuery{Services: i.Services, From: i.Onset.Add(-Week), To: i.Onset})
		if err != nil {
			return err
		}
		i.MainlyIn = mainlyIn(b, before)
	}
	if err := w.describePart(ctx, i, ask, &b); err != nil {
		return err
	}
	i.Severity = severity(i.Excess, until(*i).Sub(i.Onset), wide(b.Languages)+wide(b.Sources))
	i.Words, err = w.words(ctx, *i)
	return err
}

// describePart adds who complained in the part in which it was noticed. Where it is
// this part that rose, how widely is seen in b of it.
func (w *Watcher) describePart(ctx context.Context, i *Incident, q BreakdownQuery, b *Breakdown) error {
	switch i.Noticed.By {
	case PartSymptom:
		q.Symptom = i.Noticed.Name
	case PartLang:
		q.Lang = i.Noticed.Name
	default:
		return nil
	}
	part, err := w.Store.Breakdown(ctx, q)
	if err != nil {
		return err
	}
	i.Noticed.People, i.Noticed.Symptoms = part.People, part.Symptoms
	if i.OfPart() {
		*b = part
	}
	return nil
}

// publish tells of incidents on their topic.
func (w *Watcher) publish(ctx context.Context, incidents []Incident) error {
	messages := make([]bus.Message, 0, len(incidents))
	for _, i := range incidents {
		value, err := json.Marshal(i)
		if err != nil {
			return fmt.Errorf("encode incident: %w", err)
		}
		messages = append(messages, bus.Message{Topic: ingest.IncidentsTopic, Key: []byte(i.ID), Value: value})
	}
	if len(messages) == 0 {
		return nil
	}
	return w.Queue.Write(ctx, messages)
}
