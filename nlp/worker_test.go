package nlp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/ingest"
	"outcry/ingest/bus"
	"outcry/nlp"
)

// stubBus hands on one batch and keeps what is written, to test the order of
// writes and commits; the street's tests run the real bus.
type stubBus struct {
	batch    bus.Batch
	written  []bus.Message
	log      []string
	writeErr error
}

func (s *stubBus) Fetch(ctx context.Context, limit int, window time.Duration) (bus.Batch, error) {
	if len(s.log) > 0 {
		return bus.Batch{}, errors.New("no more")
	}
	return s.batch, nil
}

func (s *stubBus) Write(ctx context.Context, messages []bus.Message) error {
	s.log = append(s.log, "write")
	s.written = append(s.written, messages...)
	return s.writeErr
}

func (s *stubBus) Commit(ctx context.Context, b bus.Batch) error {
	s.log = append(s.log, "commit")
	return nil
}

func work(t *testing.T, s *stubBus, posts ...ingest.Post) {
	t.Helper()
	for _, p := range posts {
		value, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		s.batch.Messages = append(s.batch.Messages, bus.Message{Topic: ingest.PostsTopic, Value: value})
	}
	w := &nlp.Worker{Reader: s, Queue: s, Classifier: defaultClassifier(t), Metrics: nlp.NewMetrics(prometheus.NewRegistry()), Now: time.Now}
	if err := w.Run(t.Context()); err == nil {
		t.Error("the error of the queue was lost")
	}
}

var minute = time.Date(2022, 10, 25, 7, 17, 0, 0, time.UTC)

func TestWorkerWritesSignalsAndVolumes(t *testing.T) {
	s := &stubBus{}
	work(t, s,
		ingest.Post{ID: "1", Source: "a", Text: "WhatsApp and Instagram are down", Author: "00000000000000aa", CreatedAt: minute.Add(5 * time.Second)},
		ingest.Post{ID: "2", Source: "a", Text: "what a lovely morning in the park", CreatedAt: minute.Add(50 * time.Second)},
		ingest.Post{ID: "3", Source: "a", Deleted: true},
	)
	if !slices.Equal(s.log, []string{"write", "commit"}) {
		t.Errorf("got %v", s.log)
	}
	var services []string
	var heard, deleted int
	for _, m := range s.written {
		switch m.Topic {
		case ingest.SignalsTopic:
			var g nlp.Signal
			if err := json.Unmarshal(m.Value, &g); err != nil {
				t.Fatal(err)
			}
			if g.Deleted {
				deleted++
				continue
			}
			services = append(services, g.Service)
			if string(m.Key) != g.Service || g.PostID != "1" || g.Author != "00000000000000aa" || g.Kind != nlp.Complaint || !g.CreatedAt.Equal(minute.Add(5*time.Second)) {
				t.Errorf("got %s", m.Value)
			}
		case ingest.VolumesTopic:
			var v nlp.Volume
			if err := json.Unmarshal(m.Value, &v); err != nil || !v.Minute.Equal(minute) || v.Source != "a" {
				t.Errorf("got %s, %v", m.Value, err)
			}
			heard += len(v.Posts)
		}
	}
	if slices.Sort(services); fmt.Sprint(services) != "[instagram whatsapp]" || heard != 2 || deleted != 1 {
		t.Errorf("got signals of %v, %d posts heard, %d deletions", services, heard, deleted)
	}
}

func TestWorkerKeepsAComplaintWithoutService(t *testing.T) {
	s := &stubBus{}
	work(t, s, ingest.Post{ID: "1", Source: "a", Text: "is the app down for anyone else? it keeps crashing and nothing loads", CreatedAt: minute})
	for _, m := range s.written {
		if m.Topic == ingest.SignalsTopic && string(m.Key) == nlp.UnknownService {
			return
		}
	}
	t.Errorf("no signal of %s in %q", nlp.UnknownService, s.written)
}

// What the press tells is news, however it sounds.
func TestWorkerTakesThePressForNoWitness(t *testing.T) {
	s := &stubBus{}
	work(t, s, ingest.Post{ID: "1", Source: "a", Text: "WhatsApp is down", Press: true, CreatedAt: minute})
	for _, m := range s.written {
		var g nlp.Signal
		if err := json.Unmarshal(m.Value, &g); m.Topic == ingest.SignalsTopic && (err != nil || g.Kind != nlp.News || g.Service != "whatsapp") {
			t.Errorf("got %s, %v", m.Value, err)
		}
	}
	if len(s.written) != 2 {
		t.Errorf("%d messages, not a signal and a volume", len(s.written))
	}
}

// A report has no text to be read: it says what it says.
func TestWorkerTakesAReportAtItsWord(t *testing.T) {
	s := &stubBus{}
	work(t, s,
		ingest.Post{ID: "1", Source: "reports", Report: &ingest.Report{Service: "whatsapp", Symptom: "messages"}, Lang: "fr", Author: "00000000000000aa", CreatedAt: minute},
		ingest.Post{ID: "2", Source: "reports", Report: &ingest.Report{Service: "whatsapp"}, CreatedAt: minute},
		ingest.Post{ID: "3", Source: "reports", Report: &ingest.Report{Service: "What's up?"}, CreatedAt: minute},
	)
	var got []string
	for _, m := range s.written {
		switch m.Topic {
		case ingest.SignalsTopic:
			var g nlp.Signal
			if err := json.Unmarshal(m.Value, &g); err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(g.PostID, g.Service, g.Kind, g.Symptoms, g.Lang, g.Score, g.Text))
		case ingest.DeadLettersTopic:
			got = append(got, string(m.Headers[1].Value))
		}
	}
	slices.Sort(got)
	if want := []string{"1whatsappcomplaint[messages]fr1", "2whatsappcomplaint[]1", "bad_report"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWorkerCommitsNothingThatIsNotWritten(t *testing.T) {
	s := &stubBus{writeErr: errors.New("away")}
	work(t, s, ingest.Post{ID: "1", Source: "a", Text: "WhatsApp is down", CreatedAt: minute})
	if slices.Contains(s.log, "commit") {
		t.Error("committed")
	}
}
