package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	streamsRest  = 15 * time.Second // with one stream, to compare with
	streamsTaken = 30 * time.Second // with all of them
)

// streams holds many live streams open while a complaint comes every quarter of a
// second, and measures what they cost the server, and by how much the last client
// hears of a point after the first.
func (b bench) streams(ctx context.Context, n int) error {
	s, err := b.start(ctx, "streams")
	if err != nil {
		return err
	}
	feed, err := b.feed(ctx, s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go complain(ctx, feed)
	e := &ears{first: map[string]time.Time{}}
	if err := e.open(ctx, s.url, 1); err != nil {
		return err
	}
	alone := s.cost(ctx, streamsRest)
	began := time.Now()
	if err := e.open(ctx, s.url, n-1); err != nil {
		return err
	}
	opened := time.Since(began)
	if err := rest(ctx, 2*time.Second); err != nil {
		return err
	}
	e.reset()
	all := s.cost(ctx, streamsTaken)
	points, delays := e.result()
	fmt.Printf("streams: %d open in %.1f s; %.2f points/s each; %.2f s of CPU a second (%.2f with one stream)\n",
		n, opened.Seconds(), float64(points)/float64(n)/streamsTaken.Seconds(), all.cpu, alone.cpu)
	fmt.Printf("streams: memory %.0f MB, of which %.0f MB are not the engine's (%.0f and %.0f MB with one stream)\n",
		all.memory, all.own, alone.memory, alone.own)
	fmt.Printf("streams: a client hears of a point after the first that does: p50 %.3f s, p99 %.3f s; %d streams were lost\n",
		delays[len(delays)/2], delays[len(delays)*99/100], e.lost.Load())
	cancel()
	if err := feed.Close(); err != nil {
		return fmt.Errorf("close feed: %w", err)
	}
	return s.stop()
}

// complain writes a complaint every quarter of a second.
func complain(ctx context.Context, feed io.Writer) {
	for i := 0; rest(ctx, 250*time.Millisecond) == nil; i++ {
		_, err := fmt.Fprintf(feed, `{"id":"%d","source":"streams","text":"WhatsApp is down, cannot send messages","created_at":%q}`+"\n",
			i, time.Now().UTC().Format(time.RFC3339Nano))
		if err != nil {
			return
		}
	}
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// cost is seconds of CPU a second, and MB: in all, and what Go holds of them, which is
// all but the engine.
type cost struct{ cpu, memory, own float64 }

// cost is what the server takes in a while.
func (s *server) cost(ctx context.Context, d time.Duration) cost {
	before, began := s.cpu(), time.Now()
	_ = rest(ctx, d)
	c := cost{cpu: (s.cpu() - before) / time.Since(began).Seconds(), memory: s.memory("VmRSS")}
	c.own = (s.metric("go_memstats_sys_bytes") - s.metric("go_memstats_heap_released_bytes")) / (1 << 20)
	return c
}

// cpu is the seconds that all cores have worked for the server; 0 where there is no /proc.
func (s *server) cpu() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	var user, system float64
	fmt.Sscan(fields[11], &user)
	fmt.Sscan(fields[12], &system)
	return (user + system) / 100 // ticks of a hundredth, on all Linux
}

// metric reads one of the numbers of /metrics; 0 where it is not there.
func (s *server) metric(name string) float64 {
	response, err := http.Get(s.url + "/metrics")
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			var number float64
			fmt.Sscan(value, &number)
			return number
		}
	}
	return 0
}

// ears are the clients.
type ears struct {
	lost   atomic.Int64
	mu     sync.Mutex
	first  map[string]time.Time // when an event was heard by the first
	points int
	delays []float64
}

// open connects n streams that ask for WhatsApp with one of twenty other services.
func (e *ears) open(ctx context.Context, url string, n int) error {
	others := strings.Fields("instagram facebook telegram signal discord slack zoom x reddit github netflix spotify youtube tiktok gmail steam twitch paypal vodafone orange")
	var wg sync.WaitGroup
	failed := make(chan error, n)
	turns := make(chan struct{}, 100)
	for i := range n {
		turns <- struct{}{}
		wg.Go(func() {
			failed <- e.connect(ctx, strings.TrimPrefix(url, "http://"), "whatsapp,"+others[i%len(others)])
			<-turns
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			return fmt.Errorf("open stream: %w", err)
		}
	}
	return nil
}

func (e *ears) connect(ctx context.Context, address, services string) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	if _, err := fmt.Fprintf(conn, "GET /v1/live?service=%s HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n", services); err != nil {
		return err
	}
	r := bufio.NewReaderSize(conn, 512)
	status, err := r.ReadString('\n')
	if err != nil || !strings.Contains(status, "200") {
		return fmt.Errorf("status %q: %w", status, err)
	}
	go e.listen(ctx, r)
	return nil
}

func (e *ears) listen(ctx context.Context, r *bufio.Reader) {
	point := false
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			if ctx.Err() == nil {
				e.lost.Add(1)
			}
			return
		}
		if name, ok := bytes.CutPrefix(line, []byte("event: ")); ok {
			point = string(name) == "point\n"
		}
		if id, ok := bytes.CutPrefix(line, []byte("id: ")); ok && point {
			e.hear(string(id))
		}
	}
}

func (e *ears) hear(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	if e.first[id].IsZero() {
		e.first[id] = now
	}
	e.points++
	e.delays = append(e.delays, now.Sub(e.first[id]).Seconds())
}

func (e *ears) reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.points, e.delays = 0, nil
}

func (e *ears) result() (points int, delays []float64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	slices.Sort(e.delays)
	if len(e.delays) == 0 {
		e.delays = []float64{0}
	}
	return e.points, slices.Clone(e.delays)
}
