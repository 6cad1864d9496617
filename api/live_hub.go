package api

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/aggregate"
)

// liveHub asks the store what is new, once for all streams, and only while there is
// one.
type liveHub struct {
	store   Store
	now     func() time.Time
	timeout time.Duration // of one poll
	log     *slog.Logger
	max     int    // streams
	epoch   string // tells the events of this process from those of another
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup // streams, the polling, the writing
	hurry   chan struct{}  // somebody waits for the next poll

	open    prometheus.Gauge
	sent    prometheus.Counter
	cut     prometheus.Counter
	failing bool // the last poll failed; of the polling alone
	writer  liveWriter

	mu        sync.Mutex
	seq       uint64                         // of the newest event
	newest    time.Time                      // the minute of the newest post
	counts    map[string]map[int64]liveCount // of services, by minute in Unix time
	incidents map[string]aggregate.Incident
	topics    map[string]*liveTopic
	streams   map[*liveStream]struct{}
	held      map[netip.Prefix]int // streams of those who may not hold any number
	polling   bool
	closed    bool
}

func newLiveHub(cfg Config) (*liveHub, error) {
	ctx, cancel := context.WithCancel(context.Background()) // ends with close
	l := &liveHub{
		store: cfg.Store, now: cfg.Now, timeout: cfg.Timeout, log: cfg.Log, max: liveLimit(),
		epoch: rand.Text()[:10], ctx: ctx, cancel: cancel, hurry: make(chan struct{}, 1), seq: 1,
		writer: liveWriter{news: make(chan struct{}, 1)},
		counts: map[string]map[int64]liveCount{}, incidents: map[string]aggregate.Incident{},
		topics: map[string]*liveTopic{}, streams: map[*liveStream]struct{}{}, held: map[netip.Prefix]int{},
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "outcry_live_streams", Help: "Streams of /v1/live that are open."}),
		sent: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "outcry_live_events_total", Help: "Events written to streams of /v1/live."}),
		cut: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "outcry_live_cut_total", Help: "Streams of /v1/live that were cut because the client took nothing for too long."}),
	}
	for _, c := range []prometheus.Collector{l.open, l.sent, l.cut} {
		if err := cfg.Registry.Register(c); err != nil {
			return nil, fmt.Errorf("live metrics: %w", err)
		}
	}
	return l, nil
}

// liveLimit leaves a quarter of the files that may be open to everything else.
func liveLimit() int {
	if files := openFiles(); files > 0 {
		return int(min(maxLive, files/4*3))
	}
	return maxLive
}

// place reads an id; 0 for one that is not of this process.
func (l *liveHub) place(id string) uint64 {
	epoch, number, _ := strings.Cut(id, "-")
	seq, err := strconv.ParseUint(number, 10, 64)
	if epoch != l.epoch || err != nil || seq > l.seq {
		return 0
	}
	return seq
}

func (l *liveHub) id(seq uint64) string { return l.epoch + "-" + strconv.FormatUint(seq, 10) }

// next is what a stream has not had yet, and what tells of more.
func (l *liveHub) next(st *liveStream) (liveBytes, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.unheard(st), st.topic.wake
}

// unheard is what a stream has not had yet, and has from now on. l.mu is held.
func (l *liveHub) unheard(st *liveStream) liveBytes {
	missed, known := st.topic.after(st.had)
	if known {
		st.had = max(st.had, st.topic.last)
		return missed
	}
	st.had = l.seq
	return l.snapshot(st.topic)
}

// close ends all streams and waits until nothing runs.
func (l *liveHub) close() {
	l.mu.Lock()
	l.closed = true
	l.cancel()
	for st := range l.streams {
		if st.cut != nil {
			st.cut()
		}
	}
	l.mu.Unlock()
	l.running.Wait()
}
