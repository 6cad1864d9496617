package aggregate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/ingest"
	"outcry/ingest/bus"
	"outcry/nlp"
)

// history is what two sources said, in the real store: a complaint about WhatsApp
// and one about Instagram every few minutes, for a start.
type history struct {
	t     *testing.T
	store *store.Store
	dice  *rand.Rand
	posts int
	said  []bus.Message // to the incidents topic
	now   time.Time
}

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func newHistory(t *testing.T) *history {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &history{t: t, store: s, dice: rand.New(rand.NewPCG(1, 2)), now: noon.Add(5 * time.Second)}
}

// threeDays fills the time before noon.
func (h *history) threeDays() {
	h.heard(noon.Add(-72*time.Hour), noon, "")
	h.complain(noon.Add(-72*time.Hour), noon, 0.2, "whatsapp")
	h.complain(noon.Add(-72*time.Hour), noon, 0.2, "instagram")
}

// heard fills the volumes of [from, to) of both sources but deaf.
func (h *history) heard(from, to time.Time, deaf string) {
	var volumes []nlp.Volume
	for minute := from; minute.Before(to); minute = minute.Add(time.Minute) {
		for _, source := range []string{"a", "b"} {
			if source == deaf {
				continue
			}
			v := nlp.Volume{Minute: minute, Source: source, Lang: "en"}
			for range 40 {
				v.Posts = append(v.Posts, h.dice.Uint64())
			}
			volumes = append(volumes, v)
		}
	}
	if err := h.store.InsertVolumes(h.t.Context(), volumes); err != nil {
		h.t.Fatal(err)
	}
}

// complain adds complaints of different people, rate a minute, in both sources.
func (h *history) complain(from, to time.Time, rate float64, service string) {
	h.complainIn("en", from, to, rate, service)
}

func (h *history) complainIn(lang string, from, to time.Time, rate float64, service string) {
	var signals []nlp.Signal
	for at := from; ; {
		at = at.Add(time.Duration(h.dice.ExpFloat64() / rate * float64(time.Minute)))
		if !at.Before(to) {
			break
		}
		h.posts++
		signals = append(signals, nlp.Signal{
			PostID: fmt.Sprint(h.posts), Source: []string{"a", "b"}[h.dice.IntN(2)], Service: service, Kind: nlp.Complaint, Lang: lang,
			Symptoms: []string{"messages"}, Author: fmt.Sprintf("%016x", h.dice.Uint64()), Text: "cannot send messages at all today", CreatedAt: at,
		})
	}
	if err := h.store.InsertSignals(h.t.Context(), signals); err != nil {
		h.t.Fatal(err)
	}
}

// Write implements aggregate.Queue.
func (h *history) Write(_ context.Context, m []bus.Message) error {
	h.said = append(h.said, m...)
	return nil
}

func (h *history) watcher() *aggregate.Watcher {
	owner := map[string]string{"whatsapp": "meta", "instagram": "meta"}
	return &aggregate.Watcher{
		Store: h.store, Queue: h, Owner: func(service string) string { return owner[service] },
		Metrics: aggregate.NewWatchMetrics(prometheus.NewRegistry()), Now: func() time.Time { return h.now },
		Log: slog.New(slog.NewTextHandler(testWriter{h.t}, nil)),
	}
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// pass lets minutes pass, each looked at as it ends.
func (h *history) pass(w *aggregate.Watcher, minutes int, rates map[string]float64, deaf string) {
	for range minutes {
		from := h.now.Truncate(time.Minute)
		h.heard(from, from.Add(time.Minute), deaf)
		for _, service := range []string{"whatsapp", "instagram"} {
			h.complain(from, from.Add(time.Minute), rates[service], service)
		}
		h.now = h.now.Add(time.Minute)
		h.look(w)
	}
}

// look happens after the first post of the next minute was heard.
func (h *history) look(w *aggregate.Watcher) {
	h.heard(h.now.Truncate(time.Minute), h.now.Truncate(time.Minute).Add(time.Minute), "")
	if err := w.Look(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *history) incidents() []aggregate.Incident {
	all, err := h.store.Incidents(h.t.Context(), aggregate.IncidentQuery{Limit: 100})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

func TestIncident(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	if _, err := os.Stat("../node_modules"); err != nil {
		t.Skip("the embedded engine is not installed: make libchdb")
	}
	h := newHistory(t)
	h.threeDays()
	w := h.watcher()
	calm := map[string]float64{"whatsapp": 0.2, "instagram": 0.2}
	h.pass(w, 3, calm, "")
	if all := h.incidents(); len(all) > 0 {
		t.Fatalf("while all is as usual: %+v", all)
	}

	onset := h.now.Truncate(time.Minute)
	h.pass(w, 6, map[string]float64{"whatsapp": 12, "instagram": 0.2}, "")
	all := h.incidents()
	if len(all) != 1 {
		t.Fatalf("%d incidents", len(all))
	}
	i := all[0]
	if d := i.Onset.Sub(onset).Abs(); d > time.Minute || !i.Open() || i.Detected.Sub(onset) > 3*time.Minute || i.Earliest.After(i.Onset) || i.Latest.Before(i.Onset) {
		t.Errorf("onset %s after the true one, noticed %s: %+v", d, i.Detected.Sub(onset), i)
	}
	if i.People < 40 || i.Posts < i.People || i.PeakPeople < 8 || i.Excess < 40 || i.Usual > 10 || len(i.Languages) != 1 || len(i.Sources) != 2 ||
		len(i.Symptoms) != 1 || i.Symptoms[0] != (aggregate.Share{Name: "messages", Share: 1}) {
		t.Errorf("got %+v", i)
	}

	// Instagram follows: it is the same owner's, and the same incident. Another
	// process, and one that is started anew, see what the first saw.
	h.pass(w, 4, map[string]float64{"whatsapp": 12, "instagram": 9}, "")
	w = h.watcher()
	h.pass(w, 2, map[string]float64{"whatsapp": 12, "instagram": 9}, "")
	h.look(h.watcher())
	all = h.incidents()
	if len(all) != 1 || all[0].ID != i.ID || len(all[0].Services) != 2 || all[0].Services[0] != "whatsapp" || all[0].Owner != "meta" {
		t.Fatalf("after the second service: %+v", all)
	}

	// Posts that come late are counted.
	before := all[0].People
	h.complain(onset, onset.Add(5*time.Minute), 4, "whatsapp")
	h.pass(w, 1, map[string]float64{"whatsapp": 12, "instagram": 9}, "")
	if all = h.incidents(); len(all) != 1 || all[0].People < before+15 {
		t.Errorf("late posts: %d people, before %d: %+v", all[0].People, before, all)
	}

	// A source that goes deaf does not end it; the calm does.
	h.pass(w, 4, map[string]float64{"whatsapp": 12, "instagram": 9}, "b")
	end := h.now.Truncate(time.Minute)
	h.pass(w, 25, calm, "")
	all = h.incidents()
	if len(all) != 1 || all[0].Open() || all[0].End.Sub(end) > 8*time.Minute || all[0].End.Before(end.Add(-3*time.Minute)) {
		t.Fatalf("after the calm since %s: %+v", end, all)
	}
	var last aggregate.Incident
	if err := json.Unmarshal(h.said[len(h.said)-1].Value, &last); err != nil || last.ID != i.ID || last.Open() ||
		string(h.said[len(h.said)-1].Key) != i.ID || h.said[0].Topic != ingest.IncidentsTopic {
		t.Errorf("the topic was told %s, %v", h.said[len(h.said)-1].Value, err)
	}
	if usual, err := h.store.Expected(t.Context(), "whatsapp", noon.Add(-6*time.Hour), noon); err != nil || len(usual) != 24 || usual[0].Usual < 0.1 || usual[0].Usual > 0.3 || usual[0].Alpha <= 0 {
		t.Errorf("what is usual: %d quarters, %+v, %v", len(usual), usual, err)
	}
	told := len(h.said)
	h.look(h.watcher())
	if all = h.incidents(); len(all) != 1 || len(h.said) > told+1 {
		t.Errorf("a restart made %d incidents of one, and told %d more", len(all), len(h.said)-told)
	}
}

// An outage of those who speak Japanese is an incident of the service, one and the
// same for whoever looks at it, and whenever it began to look.
func TestIncidentOfOnePart(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	if _, err := os.Stat("../node_modules"); err != nil {
		t.Skip("the embedded engine is not installed: make libchdb")
	}
	h := newHistory(t)
	begin := noon.Add(-6 * 24 * time.Hour)
	usual := map[string]float64{"en": 4, "es": 4, "de": 3, "ja": 0.3}
	h.heard(begin, noon, "")
	for _, lang := range []string{"en", "es", "de", "ja"} {
		h.complainIn(lang, begin, noon, usual[lang], "whatsapp")
	}
	w := h.watcher()
	pass := func(minutes int, ja float64) {
		for range minutes {
			from := h.now.Truncate(time.Minute)
			h.heard(from, from.Add(time.Minute), "")
			for _, lang := range []string{"en", "es", "de"} {
				h.complainIn(lang, from, from.Add(time.Minute), usual[lang], "whatsapp")
			}
			h.complainIn("ja", from, from.Add(time.Minute), ja, "whatsapp")
			h.now = h.now.Add(time.Minute)
			h.look(w)
		}
	}
	pass(3, usual["ja"])
	if all := h.incidents(); len(all) > 0 {
		t.Fatalf("while all is as usual: %+v", all)
	}
	onset := h.now.Truncate(time.Minute)
	pass(20, 3.5)
	all := h.incidents()
	if len(all) != 1 || !all[0].Open() || all[0].Onset.Sub(onset).Abs() > 3*time.Minute || all[0].Languages[0].Share > 0.5 {
		t.Fatalf("of an outage since %s: %+v", onset, all)
	}
	id, noticed := all[0].ID, all[0].Noticed
	if noticed.By != aggregate.PartLang || noticed.Name != "ja" || noticed.People < 40 || noticed.People > 90 || noticed.Usual < 3 || noticed.Usual > 10 ||
		noticed.Excess < 35 || len(noticed.Symptoms) != 1 || !all[0].Apart() || all[0].People < 200 {
		t.Errorf("it was noticed in %+v, of %d people", noticed, all[0].People)
	}
	w = h.watcher()
	pass(5, 3.5)
	pass(40, usual["ja"])
	h.look(h.watcher())
	if all = h.incidents(); len(all) != 1 || all[0].ID != id || all[0].Open() || all[0].Excess < 40 || all[0].Usual < 200 ||
		all[0].Noticed.Name != "ja" || all[0].Noticed.People < noticed.People || all[0].Noticed.Usual < noticed.Usual || all[0].Severity != aggregate.Minor {
		t.Errorf("after a restart, of %s: %+v", id, all)
	}
	var last aggregate.Incident
	if err := json.Unmarshal(h.said[len(h.said)-1].Value, &last); err != nil || !reflect.DeepEqual(last.Noticed, all[0].Noticed) {
		t.Errorf("the topic was told %s, %v", h.said[len(h.said)-1].Value, err)
	}
}
