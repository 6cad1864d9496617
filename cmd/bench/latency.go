package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// load is what the latency part sends: so many requests a second, each at its
// time, however long the answers before it take.
type load struct {
	rate    int
	lasts   time.Duration
	began   time.Time
	keep    string // folder of the filled store, kept from run to run
	tallies tallies
}

// tallies is what came back.
type tallies struct {
	mu     sync.Mutex
	took   []time.Duration
	failed int
	first  error
}

func (t *tallies) add(took time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		t.failed++
		t.first = err
		return
	}
	t.took = append(t.took, took)
}

// latency times GET /v1/curves, 24 hours by the minute of one service out of a
// thousand at random, as a browser asks: over a kept connection, compressed.
func (b bench) latency(ctx context.Context, l *load) error {
	services, err := fill(ctx, l.keep)
	if err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	s, err := b.serve(ctx, l.keep)
	if err != nil {
		return err
	}
	l.began = time.Now()
	l.send(ctx, s.url, services, 20*time.Second) // as a server that has been asked for a while
	l.tallies = tallies{}
	before, began := s.processor(), time.Now()
	l.send(ctx, s.url, services, l.lasts)
	spent, passed := s.processor()-before, time.Since(began)
	if err := s.stop(); err != nil {
		return err
	}
	return l.print(spent, passed)
}

func (l *load) send(ctx context.Context, url string, services []string, lasts time.Duration) {
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 512}}
	defer client.CloseIdleConnections()
	var answers sync.WaitGroup
	began, every := time.Now(), time.Second/time.Duration(l.rate)
	for i := range int(lasts / every) {
		due := began.Add(time.Duration(i) * every)
		time.Sleep(time.Until(due))
		if ctx.Err() != nil {
			break
		}
		// The range ends now, which is another minute once a minute.
		to := filledEnd().Add(-30 * time.Minute).Add(time.Since(l.began).Truncate(time.Minute))
		query := fmt.Sprintf("%s/v1/curves?service=%s&from=%d&to=%d", url, services[rand.IntN(len(services))], to.Add(-24*time.Hour).Unix(), to.Unix())
		answers.Go(func() {
			err := ask(ctx, client, query)
			l.tallies.add(time.Since(due), err) // from when it was due, so that a late sender hides nothing
		})
	}
	answers.Wait()
}

func ask(ctx context.Context, client *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept-Encoding", "gzip") // set by hand it is not unpacked, which is the client's time
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || n < 1000) {
		err = fmt.Errorf("status %d, %d bytes", res.StatusCode, n)
	}
	return err
}

func (l *load) print(spent, passed time.Duration) error {
	t := &l.tallies
	if len(t.took) == 0 || t.failed > 0 {
		return fmt.Errorf("%d of %d requests failed, the last: %w", t.failed, t.failed+len(t.took), t.first)
	}
	slices.Sort(t.took)
	at := func(share float64) time.Duration {
		return t.took[min(len(t.took)-1, int(share*float64(len(t.took))))].Round(100 * time.Microsecond)
	}
	fmt.Printf("latency of a curve of 24 hours, one of %d services at random, %d a second: p50 %s, p90 %s, p99 %s, longest %s (%d requests)\n",
		filledServices, l.rate, at(.5), at(.9), at(.99), at(1), len(t.took))
	fmt.Printf("processor time of outcry serve: %s a request, %.0f%% of one core\n",
		(spent / time.Duration(len(t.took))).Round(10*time.Microsecond), 100*spent.Seconds()/passed.Seconds())
	return nil
}
