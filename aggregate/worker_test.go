package aggregate_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/aggregate"
	"outcry/ingest"
	"outcry/ingest/bus"
	"outcry/nlp"
)

// street stands in for bus and store, to make them fail at will and to see
// the order of their calls; the tests of the commands run the real ones.
type street struct {
	batch bus.Batch
	log   []string
	fail  map[string]int // how often a call fails first
	end   context.CancelFunc
}

func (s *street) call(name string, n int) error {
	if n == 0 {
		return nil
	}
	if s.fail[name] > 0 {
		s.fail[name]--
		s.log = append(s.log, name+" fails")
		return errors.New("away")
	}
	s.log = append(s.log, name)
	return nil
}

func (s *street) Fetch(ctx context.Context, _ int, _ time.Duration) (bus.Batch, error) {
	if len(s.log) > 0 {
		<-ctx.Done()
		return bus.Batch{}, ctx.Err()
	}
	return s.batch, nil
}

func (s *street) Commit(context.Context, bus.Batch) error {
	defer s.end()
	return s.call("commit", 1)
}

func (s *street) Write(_ context.Context, m []bus.Message) error {
	return s.call("dead letters", len(m))
}

func (s *street) InsertSignals(_ context.Context, rows []nlp.Signal) error {
	return s.call("signals", len(rows))
}

func (s *street) InsertVolumes(_ context.Context, rows []nlp.Volume) error {
	return s.call("volumes", len(rows))
}

func (s *street) InsertCoverage(_ context.Context, rows []ingest.Coverage) error {
	return s.call("coverage", len(rows))
}

func (s *street) InsertDeletions(_ context.Context, rows []nlp.Signal) error {
	return s.call("deletions", len(rows))
}

func (s *street) ForgetDeleted(context.Context, time.Time) error { return nil }

func now() time.Time { return time.Date(2022, 10, 26, 0, 0, 0, 0, time.UTC) }

const (
	signal   = `{"post_id":"1","source":"a","service":"whatsapp","kind":"complaint","created_at":"2022-10-25T07:17:00Z"}`
	deletion = `{"post_id":"1","source":"a","deleted":true,"created_at":"0001-01-01T00:00:00Z"}`
	coverage = `{"source":"a","parts":1,"from":"2022-10-25T07:17:00Z","to":"2022-10-25T07:18:00Z"}`
	volume   = `{"minute":"2022-10-25T07:17:00Z","source":"a","lang":"fr","posts":[1]}`
)

func TestWorkerStoresThenCommits(t *testing.T) {
	for name, c := range map[string]struct {
		signals, volumes []string
		fail             map[string]int
		want             []string
		coverage         []string
	}{
		"all kinds":          {[]string{signal, deletion}, []string{volume}, nil, []string{"signals", "volumes", "deletions", "commit"}, nil},
		"signals alone":      {[]string{signal}, nil, nil, []string{"signals", "commit"}, nil},
		"dead letters":       {[]string{"{", "{}", signal}, []string{"no"}, nil, []string{"signals", "dead letters", "commit"}, nil},
		"the store is away":  {[]string{signal}, nil, map[string]int{"signals": 2}, []string{"signals fails", "signals fails", "signals", "commit"}, nil},
		"away for volumes":   {[]string{signal}, []string{volume}, map[string]int{"volumes": 1}, []string{"signals", "volumes fails", "volumes", "commit"}, nil},
		"times of nowhere":   {[]string{signal, strings.Replace(signal, "2022", "2500", 1)}, []string{`{}`}, nil, []string{"signals", "dead letters", "commit"}, nil},
		"coverage":           {nil, []string{volume}, map[string]int{"coverage": 1}, []string{"volumes", "coverage fails", "coverage", "commit"}, []string{coverage}},
		"coverage of nobody": {nil, nil, nil, []string{"dead letters", "commit"}, []string{`{}`}},
		"away for deletions": {[]string{deletion}, nil, map[string]int{"deletions": 1}, []string{"deletions fails", "deletions", "commit"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				s := &street{fail: c.fail, end: cancel}
				for _, value := range c.signals {
					s.batch.Messages = append(s.batch.Messages, bus.Message{Topic: ingest.SignalsTopic, Value: []byte(value)})
				}
				for _, value := range c.volumes {
					s.batch.Messages = append(s.batch.Messages, bus.Message{Topic: ingest.VolumesTopic, Value: []byte(value)})
				}
				for _, value := range c.coverage {
					s.batch.Messages = append(s.batch.Messages, bus.Message{Topic: ingest.CoverageTopic, Value: []byte(value)})
				}
				w := &aggregate.Worker{Reader: s, Queue: s, Store: s, Metrics: aggregate.NewMetrics(prometheus.NewRegistry()), Now: now, Log: slog.New(slog.DiscardHandler)}
				if err := w.Run(ctx); err != nil {
					t.Error(err)
				}
				if !slices.Equal(s.log, c.want) {
					t.Errorf("got %q, want %q", s.log, c.want)
				}
			})
		})
	}
}
