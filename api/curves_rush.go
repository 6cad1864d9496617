package api

import (
	"sync"
	"time"

	"outcry/aggregate"
)

const (
	rushFrom  = 25               // questions in a second make a rush
	rushAsked = 30 * time.Second // so long at least a service counts as asked for
)

// rush notices when many questions come, and knows of which services. The zero
// value is ready.
type rush struct {
	mu           sync.Mutex
	second       int64
	now, earlier int
	turned       time.Time       // when asked became before
	asked        map[string]bool // services that the catalogue has, so there is an end of them
	before       map[string]bool
}

// on counts a question, and says whether there are many, in this second or the last.
func (r *rush) on(now time.Time, service string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if second := now.Unix(); second != r.second {
		if r.earlier = 0; second == r.second+1 {
			r.earlier = r.now
		}
		r.second, r.now = second, 0
	}
	if r.asked == nil || now.Sub(r.turned) > rushAsked {
		r.before, r.asked, r.turned = r.asked, map[string]bool{}, now
	}
	r.asked[service] = true
	r.now++
	return max(r.now, r.earlier) >= rushFrom
}

// lasts says whether there are many, and counts nothing.
func (r *rush) lasts(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch now.Unix() - r.second {
	case 0:
		return max(r.now, r.earlier) >= rushFrom
	case 1:
		return r.now >= rushFrom
	}
	return false
}

// services are those asked for in the last half minute or minute.
func (r *rush) services() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]string, 0, len(r.asked))
	for service := range r.asked {
		all = append(all, service)
	}
	for service := range r.before {
		if !r.asked[service] {
			all = append(all, service)
		}
	}
	return all
}

// manyCurves are the curves of some services, which may have no posts.
type manyCurves struct {
	of map[string]bool
	aggregate.Curves
}
