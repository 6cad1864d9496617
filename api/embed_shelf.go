package api

import (
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	shelvedFor     = 5 * time.Second
	shownMeanwhile = 20 * time.Second // that old it is shown while the new is asked for
	shownWithout   = time.Hour        // and that old where the store does not answer
	shelvedMost    = 256
)

// embedShelf keeps what many viewers ask for at once, so that the store is asked once.
type embedShelf struct {
	now    func() time.Time
	asking singleflight.Group
	mu     sync.Mutex
	kept   map[string]shelved
}

type shelved struct {
	data *embedData
	at   time.Time
}

func newEmbedShelf(now func() time.Time) *embedShelf {
	return &embedShelf{now: now, kept: map[string]shelved{}}
}

// get returns the data last put there, nil where there are none, and their age.
func (s *embedShelf) get(key string) (*embedData, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept[key]
	return k.data, s.now().Sub(k.at)
}

func (s *embedShelf) put(key string, d *embedData) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= shelvedMost {
		for k := range s.kept { // any one
			delete(s.kept, k)
			break
		}
	}
	s.kept[key] = shelved{d, s.now()}
}
