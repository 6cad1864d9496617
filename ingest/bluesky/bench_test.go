package bluesky_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/prometheus/client_golang/prometheus"

	"outcry/ingest"
	"outcry/ingest/bluesky"
	"outcry/ingest/bus"
)

// flood is a server that says the same hour again and again, as fast as it is
// read.
func flood(b *testing.B, frame func(int) string) *httptest.Server {
	var frames [3600][]byte
	for i := range frames {
		frames[i] = []byte(frame(i))
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		ctx := conn.CloseRead(context.Background())
		for i := 0; conn.Write(ctx, websocket.MessageText, frames[i%len(frames)]) == nil; i++ {
		}
	}))
	b.Cleanup(server.Close)
	return server
}

// BenchmarkTakeIn is how many events a second one source takes in from a server
// on this machine, which shares its cores.
func BenchmarkTakeIn(b *testing.B) {
	for protocol, frame := range map[string]func(int) string{"v1": postV1, "v2": postV2} {
		b.Run(protocol, func(b *testing.B) {
			source, err := bluesky.New(bluesky.Config{Hosts: []string{flood(b, frame).URL}, Protocol: protocol, HTTP: http.DefaultClient, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				b.Fatal(err)
			}
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			b.ReportAllocs()
			n := 0
			b.ResetTimer()
			source.Run(ctx, "", func(e ingest.Event) error {
				if e.Post == nil {
					b.Errorf("%+v", e)
				}
				if n++; n >= b.N {
					cancel()
				}
				return ctx.Err()
			})
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// blocked is a queue that takes nothing.
type blocked struct{}

func (blocked) Write(ctx context.Context, _ []bus.Message) error {
	<-ctx.Done()
	return ctx.Err()
}

// BenchmarkBlockedQueue is by how much the memory grows in a minute in which the
// queue takes nothing and the server says as much as it can.
func BenchmarkBlockedQueue(b *testing.B) {
	for range b.N {
		source, err := bluesky.New(bluesky.Config{Hosts: []string{flood(b, postV1).URL}, HTTP: http.DefaultClient, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		authors, err := ingest.NewAuthorKey("a key for tests only")
		if err != nil {
			b.Fatal(err)
		}
		runner := &ingest.Runner{Queue: blocked{}, Authors: authors, Metrics: ingest.NewMetrics(prometheus.NewRegistry()), Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		before := heap()
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan error, 1)
		go func() { done <- runner.Listen(ctx, source, time.Second) }()
		time.Sleep(time.Minute)
		b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
		cancel()
		if err := <-done; err != nil {
			b.Log(fmt.Errorf("after the stop: %w", err)) // what was heard could not be queued
		}
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
