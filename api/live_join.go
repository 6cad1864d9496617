package api

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// join adds a stream that goes on after the event with the id last. It waits until
// there is something to begin with.
func (l *liveHub) join(ctx context.Context, services []string, last string, owner liveHolder) (*liveStream, error) {
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	st, err := l.enter(services, last, owner)
	if err != nil {
		return nil, err
	}
	for {
		wake, err := l.begun(st.topic)
		if err == nil && wake == nil {
			return st, nil
		}
		if err == nil {
			select {
			case <-wake:
				continue
			case <-ctx.Done():
				err = ctx.Err()
			case <-l.ctx.Done():
			}
		}
		l.leave(st)
		if l.ctx.Err() != nil {
			return nil, stopping()
		}
		return nil, err
	}
}

// liveHolder is whose streams are counted together, and how many there may be; 0:
// any number.
type liveHolder struct {
	whom netip.Prefix
	most int
}

func (h liveHolder) refusal() *Problem {
	p := tooManyOfYours().with(fmt.Sprintf("%d live streams are open from this address, as many as one may hold; close one, name several services in one stream, or ask the operator for a key", h.most))
	p.retry = time.Minute
	return p
}

func stopping() error { return unavailable().with("the server stops; try again in a few seconds") }

func (l *liveHub) enter(services []string, last string, owner liveHolder) (*liveStream, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, stopping()
	}
	if len(l.streams) >= l.max {
		return nil, tooManyStreams().with(fmt.Sprintf("%d streams are open, as many as there may be; try again later, or ask /v1/curves", l.max))
	}
	if owner.most > 0 && l.held[owner.whom] >= owner.most {
		return nil, owner.refusal()
	}
	l.prune()
	key := strings.Join(services, ",")
	t := l.topics[key]
	if t == nil {
		l.seq++ // no id of before is a place in this topic
		t = newLiveTopic(services, l.seq)
		l.topics[key] = t
	}
	t.streams++
	t.err = nil
	st := &liveStream{topic: t, owner: owner, had: l.place(last)}
	l.streams[st] = struct{}{}
	if owner.most > 0 {
		l.held[owner.whom]++
	}
	l.open.Inc()
	l.running.Add(1)
	switch {
	case !l.polling:
		l.polling = true
		l.running.Add(1)
		go l.run()
	case !t.ready:
		select {
		case l.hurry <- struct{}{}:
		default: // it hurries already
		}
	}
	return st, nil
}

// begun says how to wait for a topic that was not polled yet; nil when it was.
func (l *liveHub) begun(t *liveTopic) (<-chan struct{}, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.ready {
		return nil, nil
	}
	return t.wake, t.err
}

func (l *liveHub) leave(st *liveStream) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.streams, st)
	if st.owner.most > 0 {
		if l.held[st.owner.whom]--; l.held[st.owner.whom] == 0 {
			delete(l.held, st.owner.whom)
		}
	}
	st.topic.streams--
	st.topic.idle = time.Now()
	l.prune()
	l.open.Dec()
	l.running.Done()
}

// prune forgets topics that nobody has come back to; those of few minutes ago are
// kept, for clients that were cut.
func (l *liveHub) prune() {
	var idle []string
	for key, t := range l.topics {
		if t.streams == 0 {
			if time.Since(t.idle) > liveMemory {
				delete(l.topics, key)
			} else {
				idle = append(idle, key)
			}
		}
	}
	if over := len(idle) - maxIdleTopics; over > 0 {
		slices.SortFunc(idle, func(a, b string) int { return l.topics[a].idle.Compare(l.topics[b].idle) })
		for _, key := range idle[:over] {
			delete(l.topics, key)
		}
	}
}
