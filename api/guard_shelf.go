package api

import (
	"sync"
	"time"

	"outcry/ingest/push/keys"
)

// bucketShelf remembers a bucket for everybody who came of late. Its room is
// bounded: when those who came fill half of it, those who have not come since the
// last time are forgotten, and start again with a full bucket.
type bucketShelf[K comparable] struct {
	room int

	mu         sync.Mutex
	young, old map[K]*keys.Bucket
}

func newBucketShelf[K comparable](room int) *bucketShelf[K] {
	return &bucketShelf[K]{room: max(1, room/2), young: map[K]*keys.Bucket{}}
}

// get is the bucket of whom; nil where the quota is 0, which is no limit.
func (s *bucketShelf[K]) get(whom K, policy string, perMinute int) *keys.Bucket {
	if perMinute == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.young[whom]; b != nil {
		return b
	}
	b := s.old[whom]
	if b == nil {
		b = keys.NewBucket(policy, perMinute, time.Minute)
	}
	if len(s.young) >= s.room {
		s.young, s.old = map[K]*keys.Bucket{}, s.young
	}
	s.young[whom] = b
	return b
}
