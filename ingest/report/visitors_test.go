package report_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"outcry/ingest/report"
)

// However often a visitor clicks, it counts once in half an hour.
func TestADoubleClickCountsOnce(t *testing.T) {
	r := start(t)
	for i := range 3 {
		if got := r.click("whatsapp", "203.0.113.1"); got.status != 200 || got.Counted != (i == 0) {
			t.Fatalf("click %d: %d %s", i, got.status, got.body)
		}
		r.now = r.now.Add(14 * time.Minute) // across the half hour of the clock
	}
	if len(r.posts) != 1 {
		t.Fatalf("queued %+v", r.posts)
	}
	if got := r.click("whatsapp", "203.0.113.1"); !got.Counted || len(r.posts) != 2 || r.posts[0].ID == r.posts[1].ID || r.posts[0].Author != r.posts[1].Author {
		t.Errorf("still broken half an hour later: %s %+v", got.body, r.posts)
	}
	r.click("whatsapp", "203.0.113.2")
	r.click("s-1", "203.0.113.1")
	if len(r.posts) != 4 || r.posts[2].ID == r.posts[1].ID || r.posts[2].Author == r.posts[1].Author || r.posts[3].Author != r.posts[1].Author {
		t.Errorf("another visitor, another service: %+v", r.posts)
	}
}

// Clicks at the same time may all reach the queue, but as one and the same post.
func TestClicksAtOnceAreOnePost(t *testing.T) {
	r := start(t)
	r.hold = make(chan struct{})
	var clicks sync.WaitGroup
	for range 8 {
		clicks.Go(func() { r.click("whatsapp", "203.0.113.1") })
	}
	time.Sleep(50 * time.Millisecond)
	close(r.hold)
	clicks.Wait()
	for _, p := range r.posts {
		if p.ID != r.posts[0].ID || !p.CreatedAt.Equal(r.posts[0].CreatedAt) {
			t.Errorf("%+v and %+v", p, r.posts[0])
		}
	}
	if len(r.posts) == 0 {
		t.Error("nothing was queued")
	}
}

func TestAVisitorMayReportSoMuch(t *testing.T) {
	r := start(t)
	for i := range report.Most {
		if got := r.click(fmt.Sprint("s-", i), "203.0.113.1"); got.status != 200 {
			t.Fatalf("%d: %d %s", i, got.status, got.body)
		}
		r.now = r.now.Add(6 * time.Second)
	}
	got := r.click("s-10", "203.0.113.1") // the first was a minute ago
	if got.status != 429 || got.header.Get("Retry-After") != "540" || got.Type != "urn:outcry:problem:too-many-requests" {
		t.Errorf("%d, again in %s: %s", got.status, got.header.Get("Retry-After"), got.body)
	}
	if got := r.click("s-1", "203.0.113.1"); got.status != 200 || got.Counted {
		t.Errorf("what was reported before: %d %s", got.status, got.body)
	}
	if got := r.click("s-10", "203.0.113.2"); got.status != 200 {
		t.Errorf("another visitor: %d %s", got.status, got.body)
	}
	r.now = r.now.Add(540 * time.Second)
	if got := r.click("s-10", "203.0.113.1"); got.status != 200 {
		t.Errorf("after the wait: %d %s", got.status, got.body)
	}
	if got := r.click("s-11", "203.0.113.1"); got.status != 429 || got.header.Get("Retry-After") != "6" {
		t.Errorf("one more: %d, again in %s", got.status, got.header.Get("Retry-After"))
	}
}

// Who is who depends on the address that the nearest stranger has, whatever they
// write into the header.
func TestWhoIsWho(t *testing.T) {
	for name, tc := range map[string]struct {
		one, other []string // lines of X-Forwarded-For
		same       bool
	}{
		"two visitors":                {[]string{"203.0.113.1"}, []string{"203.0.113.2"}, false},
		"one that lies":               {[]string{"198.51.100.1, 203.0.113.1"}, []string{"198.51.100.2, 203.0.113.1"}, true},
		"in a line of its own":        {[]string{"198.51.100.1", "203.0.113.1"}, []string{"198.51.100.2", "203.0.113.1"}, true},
		"through two proxies of ours": {[]string{"203.0.113.1, 10.1.2.3"}, []string{"203.0.113.2,10.1.2.3"}, false},
		"one claims to be a proxy":    {[]string{"198.51.100.1, 10.9.9.9, 203.0.113.1"}, []string{"203.0.113.1"}, true},
		"with a port":                 {[]string{"203.0.113.1:1234"}, []string{"203.0.113.1:4321"}, true},
		"IPv4 in IPv6":                {[]string{"::ffff:203.0.113.1"}, []string{"203.0.113.1"}, true},
		"a household's IPv6":          {[]string{"2001:db8:1:2::1"}, []string{"[2001:db8:1:2:3:4:5:6]:443"}, true},
		"its neighbour":               {[]string{"2001:db8:1:2::1"}, []string{"2001:db8:1:3::1"}, false},
		"garbage is the proxy itself": {[]string{"203.0.113.1, unknown"}, []string{"203.0.113.2, _hidden"}, true},
		"none":                        {nil, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t)
			for _, lines := range [][]string{tc.one, tc.other} {
				var header []string
				for _, line := range lines {
					header = append(header, "X-Forwarded-For", line)
				}
				r.send("POST", "service=whatsapp", "application/x-www-form-urlencoded", header...)
			}
			if same := len(r.posts) == 1; same != tc.same {
				t.Errorf("%d visitors", len(r.posts))
			}
		})
	}
}

func TestNobodyElseIsBelieved(t *testing.T) {
	r := start(t, func(c *report.Config) { c.TrustProxies = nil })
	r.click("whatsapp", "203.0.113.1")
	if got := r.click("whatsapp", "203.0.113.2"); got.Counted {
		t.Error("a header of a stranger was believed")
	}
}

// A day later nothing tells that it is the same visitor, and two programs tell
// nobody that it is.
func TestHashesCannotBeJoined(t *testing.T) {
	r, other := start(t), start(t)
	r.click("whatsapp", "203.0.113.1")
	r.now = r.now.Add(24*time.Hour - time.Second)
	r.click("whatsapp", "203.0.113.1")
	r.now = r.now.Add(time.Second)
	r.click("whatsapp", "203.0.113.1")
	other.click("whatsapp", "203.0.113.1")
	if len(r.posts) != 3 || r.posts[0].Author != r.posts[1].Author || r.posts[1].Author == r.posts[2].Author || r.posts[0].Author == other.posts[0].Author {
		t.Errorf("%+v\n%+v", r.posts, other.posts)
	}
}

// Of many visitors those of late are remembered; who was forgotten is still one
// post for those who count.
func TestMemoryIsBounded(t *testing.T) {
	r := start(t, func(c *report.Config) { c.Visitors = 4 })
	visit := func(n int) bool { return r.click("whatsapp", fmt.Sprint("203.0.113.", n)).Counted }
	for n := range 3 {
		visit(n)
	}
	if visit(1) || visit(2) {
		t.Error("a visitor of late was forgotten")
	}
	for n := 10; n < 14; n++ {
		visit(n)
	}
	if !visit(0) {
		t.Fatal("everybody is remembered")
	}
	if last := r.posts[len(r.posts)-1]; last.ID != r.posts[0].ID {
		t.Errorf("%s counts beside %s", last.ID, r.posts[0].ID)
	}
}
