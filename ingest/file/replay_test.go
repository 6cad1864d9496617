package file_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest"
	"outcry/ingest/file"
)

var onset = time.Date(2022, 10, 25, 7, 17, 0, 0, time.UTC)

// arrivals replays posts written at the given offsets from onset, and tells
// when each one came, counted from the first event.
func arrivals(t *testing.T, cfg file.ReplayConfig, after int, offsets ...time.Duration) string {
	t.Helper()
	var body strings.Builder
	for i, d := range offsets {
		fmt.Fprintf(&body, `{"id":"%d","text":"x","created_at":%q}`+"\n", i, onset.Add(d).Format(time.RFC3339Nano))
	}
	src, err := file.New(file.Config{Path: write(t, "a.ndjson", []byte(body.String()))})
	if err != nil {
		t.Fatal(err)
	}
	replay, err := file.NewReplay(src, cfg)
	if err != nil {
		t.Fatal(err)
	}
	all, err := run(t.Context(), src, "")
	if err != nil {
		t.Fatal(err)
	}
	cursor := ""
	if after > 0 {
		cursor = all[after-1].Cursor
	}
	var got strings.Builder
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		err := replay.Run(t.Context(), cursor, func(e ingest.Event) error {
			fmt.Fprintf(&got, "%s:%v ", e.Post.ID, time.Since(began))
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	return got.String()
}

func TestReplayPace(t *testing.T) {
	const m = time.Minute
	for name, c := range map[string]struct {
		cfg     file.ReplayConfig
		after   int
		offsets []time.Duration
		want    string
	}{
		"an hour in a minute":   {file.ReplayConfig{Speed: 60}, 0, []time.Duration{0, m, 3 * m, 60 * m}, "0:0s 1:1s 2:3s 3:1m0s "},
		"as it was":             {file.ReplayConfig{Speed: 1}, 0, []time.Duration{5 * m, 6 * m}, "0:0s 1:1m0s "},
		"slower":                {file.ReplayConfig{Speed: 0.5}, 0, []time.Duration{0, m}, "0:0s 1:2m0s "},
		"as fast as possible":   {file.ReplayConfig{}, 0, []time.Duration{0, 60 * m}, "0:0s 1:0s "},
		"out of order":          {file.ReplayConfig{Speed: 60}, 0, []time.Duration{2 * m, 0, 3 * m, m, 4 * m}, "0:0s 1:0s 2:1s 3:1s 4:2s "},
		"after a cursor":        {file.ReplayConfig{Speed: 60}, 2, []time.Duration{0, m, 10 * m, 12 * m}, "2:0s 3:2s "},
		"fast until":            {file.ReplayConfig{Speed: 60, FastUntil: onset.Add(3 * m)}, 0, []time.Duration{0, m, 4 * m, 2 * m, 6 * m}, "0:0s 1:0s 2:0s 3:0s 4:2s "},
		"fast until, not fast":  {file.ReplayConfig{FastUntil: onset}, 0, []time.Duration{0, m}, "0:0s 1:0s "},
		"fast until long after": {file.ReplayConfig{Speed: 1, FastUntil: onset.Add(9 * m)}, 0, []time.Duration{0, m}, "0:0s 1:0s "},
		"very slow, backwards":  {file.ReplayConfig{Speed: 1e-300}, 0, []time.Duration{m, 0}, "0:0s 1:0s "},
	} {
		t.Run(name, func(t *testing.T) {
			if got := arrivals(t, c.cfg, c.after, c.offsets...); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// Time spent in emit is made up for.
func TestReplayCatchesUp(t *testing.T) {
	body := ndjson + "bad\n" + `{"id":"3","text":"x","created_at":"2022-10-25T07:18:00Z"}` + "\n" + `{"id":"9","deleted":true}`
	src, _ := file.New(file.Config{Path: write(t, "a.ndjson", []byte(body))})
	replay, _ := file.NewReplay(src, file.ReplayConfig{Speed: 1})
	synctest.Test(t, func(t *testing.T) {
		var got []string
		began := time.Now()
		err := replay.Run(t.Context(), "", func(e ingest.Event) error {
			got = append(got, time.Since(began).String())
			time.Sleep(25 * time.Second)
			return nil
		})
		// The second post is due in the 21st second of 07:17, the bad record at once.
		if s := strings.Join(got, " "); err != nil || s != "0s 25s 50s 1m15s 1m40s" {
			t.Errorf("%s, %v", s, err)
		}
	})
}

func TestReplayEndsWithContext(t *testing.T) {
	src, _ := file.New(file.Config{Path: write(t, "a.ndjson", []byte(ndjson))})
	replay, _ := file.NewReplay(src, file.ReplayConfig{Speed: 1e-9})
	if replay.Name() != "file" {
		t.Errorf("name %s", replay.Name())
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if got, err := run(ctx, replay, ""); !errors.Is(err, context.DeadlineExceeded) || len(got) != 1 {
			t.Errorf("%d events, %v", len(got), err)
		}
	})
}

func TestReplaySpeed(t *testing.T) {
	for _, speed := range []float64{-1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if _, err := file.NewReplay(nil, file.ReplayConfig{Speed: speed}); err == nil {
			t.Errorf("speed %v was taken", speed)
		}
	}
}
