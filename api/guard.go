package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"outcry/ingest/peer"
	"outcry/ingest/push/keys"
)

// GuardConfig says who may ask how often. Every field may be absent.
type GuardConfig struct {
	Keys         *keys.Ring // nil: there are none
	PerMinute    int        // requests of an address, as many at once too; 0: any number
	KeyPerMinute int        // of a key that has no rate of its own; 0: any number
	Streams      int        // live streams that an address holds open at once; 0: any number
	TrustProxies []string   // addresses and networks whose Forwarded and X-Forwarded-For, -Proto and -Prefix are believed
	Addresses    int        // remembered at once; 0: 50,000
	Now          func() time.Time
}

// Guard counts what addresses and keys ask for. IPv6 counts by /64. Loopback is
// not counted: whoever is on the machine itself looks at their own dashboard.
type Guard struct {
	cfg       GuardConfig
	proxies   *peer.Proxies
	addresses *bucketShelf[netip.Prefix]
	keys      *bucketShelf[string]
}

// NewGuard checks the configuration; an error names the field.
func NewGuard(cfg GuardConfig) (*Guard, error) {
	var errs []error
	if cfg.PerMinute < 0 || cfg.KeyPerMinute < 0 || cfg.Streams < 0 || cfg.Addresses < 0 {
		errs = append(errs, errors.New("limits must be 0 or more"))
	}
	if cfg.Addresses == 0 {
		cfg.Addresses = 50_000
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	proxies, err := peer.NewProxies(cfg.TrustProxies)
	if err != nil {
		errs = append(errs, fmt.Errorf("trusted proxies: %w", err))
	}
	return &Guard{cfg, proxies, newBucketShelf[netip.Prefix](cfg.Addresses), newBucketShelf[string](cfg.Addresses)}, errors.Join(errs...)
}

// guarded refuses requests that are out of bounds, or too many, before anything is
// done for them.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.cfg.Guard == nil || !s.cfg.Guard.proxies.Sent(r) { // a stranger's word of where this server is
			r.Header.Del("X-Forwarded-Proto")
			r.Header.Del("X-Forwarded-Prefix")
		}
		problem := inBounds(w, r)
		if problem == nil && s.cfg.Guard != nil && metered(r.URL.Path) {
			problem = s.cfg.Guard.admit(w.Header(), r)
		}
		if problem == nil {
			next.ServeHTTP(w, r)
			return
		}
		_, r.Pattern = s.mux.Handler(r) // metrics count the refusal by its route
		problem.Instance = clip(r.URL.Path)
		if framed(r) {
			s.frames.refuse(w, r, problem)
			return
		}
		problem.write(w)
	})
}

// framed says whether a person looks at the answer, in a frame of some page.
func framed(r *http.Request) bool {
	if name, ok := strings.CutPrefix(r.URL.Path, "/embed/"); ok {
		_, form := formOf(name)
		return form == embedPage
	}
	return strings.HasPrefix(r.URL.Path, "/report/")
}

// metered says whether a path costs: the page, its parts and the probes do not.
func metered(path string) bool {
	return strings.HasPrefix(path, "/v1/") || strings.HasPrefix(path, "/embed/") || strings.HasPrefix(path, "/report/") || path == "/oembed"
}

// admit counts a request and tells its sender in the header how many are left; or
// says why it is refused. From here on r.RemoteAddr is whom the proxies named.
func (g *Guard) admit(h http.Header, r *http.Request) *Problem {
	key, unknown := g.cfg.Keys.Find(r)
	reports := r.Method == http.MethodPost && r.URL.Path == reportsPath
	beyond := 0
	if reports && key != nil && key.May(keys.Reports) {
		beyond = 1 // the site that has the key says who its visitor is
	}
	if at := g.proxies.Address(r, beyond); at.IsValid() {
		r.RemoteAddr = netip.AddrPortFrom(at, 0).String()
	}
	if problem := g.count(h, g.bucket(r, key), price(g.cfg.Now(), r)); problem != nil {
		return problem
	}
	switch {
	case unknown != nil:
		return unauthorized().with(unknown.Error() + "; send a key that the operator has given you, or none to read")
	case reports && key != nil && !key.May(keys.Reports):
		return forbidden().with("this key needs the scope reports; ask the operator to add it, or send none")
	}
	return nil
}

// bucket is what a request is taken from; nil where nothing counts. Posts are
// counted by their handler, one by one.
func (g *Guard) bucket(r *http.Request, key *keys.Key) *keys.Bucket {
	posts := r.Method == http.MethodPost && r.URL.Path == postsPath
	switch {
	case key != nil && posts:
		return nil
	case key != nil && (key.May(keys.Read) || r.URL.Path == reportsPath):
		quota := key.PerMinute
		if quota == 0 {
			quota = g.cfg.KeyPerMinute
		}
		return g.keys.get(key.Name, "key", quota)
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err == nil && at.Addr().IsLoopback() {
		return nil
	}
	return g.addresses.get(peer.Network(at.Addr()), "address", g.cfg.PerMinute)
}

// holder is whose a live stream is, and how many streams they may hold open; 0: any
// number. It is asked of what was admitted. Who has a key to read is not bounded.
func (g *Guard) holder(r *http.Request) (whom netip.Prefix, most int) {
	if g == nil {
		return whom, 0
	}
	if key, _ := g.cfg.Keys.Find(r); key != nil && key.May(keys.Read) {
		return whom, 0
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err == nil && at.Addr().IsLoopback() {
		return whom, 0
	}
	return peer.Network(at.Addr()), g.cfg.Streams
}

func (g *Guard) count(h http.Header, b *keys.Bucket, units int) *Problem {
	if b == nil {
		return nil
	}
	now := g.cfg.Now()
	wait := b.Take(now, units)
	b.Tell(h, now)
	if wait <= 0 {
		return nil
	}
	p := tooMany().with("too many requests in the last minute; wait for as many seconds as Retry-After says, or ask the operator for a key")
	p.retry = wait
	return p
}

// price is 5 for what asks much of the store or the processor, 10 for what reads more
// than a month of all there is, else 1.
func price(now time.Time, r *http.Request) int {
	const dear, dearest = 5, 10
	q := r.URL.Query()
	switch path := r.URL.Path; {
	case (path == "/v1/curves" || path == "/v1/services" || path == "/v1/sources") && monthly(now, q):
		return dearest
	case path == "/v1/search", path == "/v1/words", path == "/v1/movers", path == "/v1/breakdown", strings.HasSuffix(path, ".png"):
		return dear
	case path == "/v1/curves" && (q.Has("group") || q.Has("compare") || strings.Contains(q.Get("service"), ",")):
		return dear
	}
	return 1
}

// monthly says whether a query is for a range of more than a month; the reader of the
// query says what is wrong with it.
func monthly(now time.Time, q url.Values) bool {
	from, ok := parseTime(q.Get("from"))
	if to, given := parseTime(q.Get("to")); given {
		now = to
	}
	return ok && now.Sub(from) > mostMoved
}
