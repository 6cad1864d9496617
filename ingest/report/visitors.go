package report

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"outcry/ingest"
	"outcry/ingest/peer"
)

// keyLife is how long the key of the hashes lives, in memory only.
const keyLife = 24 * time.Hour

// visitors remembers who reported what of late, by hashes of their addresses.
// All is forgotten with the key.
type visitors struct {
	most, room int

	mu         sync.Mutex
	key        []byte
	born       time.Time
	young, old map[string]visitor // who came of late, and before: each at most half the room
}

// visitor is what an address said in the last Window, by service.
type visitor map[string]*turn

// turn is one report. Clicks that come before it is safe in the queue send the
// same post again, which then counts once.
type turn struct {
	post    ingest.Post
	counted atomic.Bool
}

func newVisitors(most, room int) *visitors { return &visitors{most: most, room: max(1, room/2)} }

// turn is the report of a service by whoever has this address, or how long they
// must wait where they have had too many.
func (v *visitors) turn(address netip.Addr, c Click, now time.Time) (*turn, time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.renew(now)
	author := v.hash("visitor", peer.Network(address).String())
	who := v.find(author)
	who.forget(now)
	if t := who[c.Service]; t != nil {
		return t, 0
	}
	if wait := who.wait(v.most, now); wait > 0 {
		return nil, wait
	}
	// Who was forgotten for lack of room still counts once in a window.
	window := strconv.FormatInt(now.Truncate(Window).Unix(), 10)
	t := &turn{post: ingest.Post{
		ID: v.hash("report", author, c.Service, window), Source: Source, Lang: c.Lang, Author: author, CreatedAt: now.UTC(),
		Report: &ingest.Report{Service: c.Service, Symptom: c.Symptom},
	}}
	who[c.Service] = t
	return t, 0
}

// renew makes a new key when the last is too old. Nothing is left then that could
// tell who of today was whom of yesterday.
func (v *visitors) renew(now time.Time) {
	if v.key != nil && now.Sub(v.born) < keyLife {
		return
	}
	v.key, v.born = make([]byte, sha256.Size), now
	_, _ = rand.Read(v.key) // it never fails
	v.young, v.old = map[string]visitor{}, nil
}

func (v *visitors) hash(parts ...string) string {
	mac := hmac.New(sha256.New, v.key)
	for _, part := range parts {
		_, _ = io.WriteString(mac, part+"\x00")
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// find is the visitor of that hash. When the young fill half the room they become
// the old, and the old are forgotten.
func (v *visitors) find(author string) visitor {
	if who, ok := v.young[author]; ok {
		return who
	}
	who, ok := v.old[author]
	if !ok {
		who = visitor{}
	}
	if len(v.young) >= v.room {
		v.young, v.old = map[string]visitor{}, v.young
	}
	v.young[author] = who
	return who
}

func (who visitor) forget(now time.Time) {
	for service, t := range who {
		if now.Sub(t.post.CreatedAt) >= Window {
			delete(who, service)
		}
	}
}

// wait is how long until fewer than most reports are of the last Span.
func (who visitor) wait(most int, now time.Time) time.Duration {
	var ages []time.Duration
	for _, t := range who {
		ages = append(ages, now.Sub(t.post.CreatedAt))
	}
	if len(ages) < most {
		return 0
	}
	slices.Sort(ages)
	return max(0, Span-ages[most-1])
}
