package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry/aggregate"
	"outcry/api"
	"outcry/ingest/push/keys"
)

// float runs a test in its own time, and stops the server at its end.
func float(t *testing.T, test func(t *testing.T, r rig, s *tide)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r, s := ride(t)
		defer r.Close()
		test(t, r, s)
	})
}

func wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func says(t *testing.T, l *listener, want ...string) []string {
	t.Helper()
	events := l.hears()
	if got := plain(events); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	return events
}

func TestLiveBegins(t *testing.T) {
	float(t, func(t *testing.T, r rig, s *tide) {
		s.set("whatsapp", "2022-10-25T07:39:00Z", 90)
		s.set("whatsapp", "2022-10-25T07:10:00Z", 5) // a minute too old
		l := listen(t, r, "/v1/live?service=whatsapp")
		head := l.text.String()
		for _, line := range []string{"HTTP/1.1 200 OK\r\n", "Content-Type: text/event-stream\r\n", "Cache-Control: no-cache\r\n",
			"X-Accel-Buffering: no\r\n", "Connection: close\r\n", "Access-Control-Allow-Origin: *\r\n", "X-Content-Type-Options: nosniff\r\n", "\r\n\r\nretry: 2000\nevent: "} {
			if !strings.Contains(head, line) {
				t.Errorf("no %q in %.600s", line, head)
			}
		}
		events := l.hears()
		if len(events) != 31 { // 30 minutes, newest
			t.Fatalf("%d events:\n%s", len(events), plain(events))
		}
		got := plain([]string{events[0], events[28], events[29], events[30]})
		want := `point {"service":"whatsapp","t":"07:11","posts":0,"authors":0,"heard":1000}
point {"service":"whatsapp","t":"07:39","posts":90,"authors":90,"heard":1000}
point {"service":"whatsapp","t":"07:40","posts":0,"authors":0,"heard":1000}
newest {"newest":"07:40"}`
		if got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		wait(14 * time.Second)
		says(t, l)
		wait(2 * time.Second)
		says(t, l, ": nothing new")
		wait(15 * time.Second)
		says(t, l, ": nothing new")
	})
}

func TestLiveTellsWhatChanged(t *testing.T) {
	float(t, func(t *testing.T, r rig, s *tide) {
		l := listen(t, r, "/v1/live?service=whatsapp")
		both := listen(t, r, "/v1/live?service=x,+whatsapp")
		wait(time.Second) // until the minutes of x are known
		l.hears()
		both.hears()
		s.set("whatsapp", "2022-10-25T07:20:00Z", 7) // late
		s.set("x", "2022-10-25T07:40:00Z", 1)
		s.set("instagram", "2022-10-25T07:40:00Z", 1) // nobody listens
		wait(time.Second)
		says(t, l, `point {"service":"whatsapp","t":"07:20","posts":7,"authors":7,"heard":1000}`)
		says(t, both, `point {"service":"whatsapp","t":"07:20","posts":7,"authors":7,"heard":1000}`,
			`point {"service":"x","t":"07:40","posts":1,"authors":1,"heard":1000}`)
		s.do(func() { s.top = at("2022-10-25T07:41:00Z") })
		wait(time.Second)
		says(t, l, `point {"service":"whatsapp","t":"07:41","posts":0,"authors":0,"heard":1000}`, `newest {"newest":"07:41"}`)
		s.do(func() { s.heard = 1005 }) // too little to tell, alone
		wait(time.Second)
		says(t, l)
		s.do(func() { s.heard = 1015 })
		wait(time.Second)
		if got := plain(l.hears()); strings.Count(got, "\n") != 28 || !strings.HasSuffix(got, `"t":"07:40","posts":0,"authors":0,"heard":1015}`) {
			t.Errorf("of the 29 minutes that are over: %s", got)
		}
	})
}

func TestLiveIncidents(t *testing.T) {
	float(t, func(t *testing.T, r rig, s *tide) {
		one, other, all := listen(t, r, "/v1/live?service=whatsapp"), listen(t, r, "/v1/live?service=x"), listen(t, r, "/v1/live")
		wait(time.Second)
		one.hears()
		other.hears()
		says(t, all, `newest {"newest":"07:40"}`)
		i := aggregate.Incident{ID: "whatsapp-1", Services: []string{"whatsapp", "instagram"}, Severity: "major", Onset: at("2022-10-25T07:18:00Z"), Words: []string{"\u202eevil\n\ndata: x"}}
		s.do(func() { s.list = []aggregate.Incident{i} })
		wait(time.Second)
		opened := one.hears()
		if len(opened) != 1 || !strings.Contains(opened[0], `"id":"whatsapp-1","services":["whatsapp","instagram"]`) || !strings.Contains(opened[0], `evil\n\ndata: x"]`) {
			t.Errorf("opened: %q", opened)
		}
		says(t, other)
		if got := all.hears(); len(got) != 61 || !strings.Contains(plain(got[:31]), `"service":"instagram"`) {
			t.Errorf("%d events: of two services 30 minutes, and the incident:\n%s", len(got), plain(got))
		}
		s.set("instagram", "2022-10-25T07:39:00Z", 3)
		wait(time.Second)
		says(t, all, `point {"service":"instagram","t":"07:39","posts":3,"authors":3,"heard":1000}`)
		i.End = at("2022-10-25T07:39:00Z")
		s.do(func() { s.list = []aggregate.Incident{i} })
		wait(time.Second)
		if got := plain(one.hears()); !strings.HasPrefix(got, "incident ") || !strings.Contains(got, `"end":"07:39"`) {
			t.Errorf("ended: %s", got)
		}
		all.hears()
		s.set("instagram", "2022-10-25T07:39:00Z", 4)
		wait(time.Second)
		says(t, all)
		i.End = time.Time{}
		s.do(func() { s.list = []aggregate.Incident{i} })
		wait(time.Second)
		all.hears()
		i.Retracted = true
		s.do(func() { s.list, s.gone = nil, map[string]aggregate.Incident{i.ID: i} })
		wait(time.Second)
		if got := plain(all.hears()); !strings.HasPrefix(got, "incident ") || !strings.Contains(got, `"retracted":true`) {
			t.Errorf("retracted: %s", got)
		}
		if late := plain(listen(t, r, "/v1/live").hears()); strings.Contains(late, "incident") {
			t.Errorf("who comes later is told of it: %s", late)
		}
	})
}

// A client that was cut gets what a client that was not has heard meanwhile.
func TestLiveResumes(t *testing.T) {
	float(t, func(t *testing.T, r rig, s *tide) {
		const target = "/v1/live?service=whatsapp"
		steady, cut := listen(t, r, target), listen(t, r, target)
		steady.hears()
		begin := cut.hears()
		last := id(begin[len(begin)-1])
		for n := range 5 {
			s.set("whatsapp", fmt.Sprintf("2022-10-25T07:3%d:00Z", n), 9)
			s.set("whatsapp", "2022-10-25T07:40:00Z", uint64(n)+1)
			wait(time.Second)
			if n == 1 {
				heard := cut.hears()
				last = id(heard[len(heard)-1])
				cut.conn.Close()
			}
		}
		missed := steady.hears()[4:]
		if again := listen(t, r, target, "Last-Event-ID", last).hears(); !slices.Equal(again, missed) || len(missed) != 6 {
			t.Errorf("got\n%s\nwant\n%s", plain(again), plain(missed))
		}
		for _, n := range []int{2, 4} { // from the middle of what one poll brought
			if again := listen(t, r, target, "Last-Event-ID", id(missed[n])).hears(); !slices.Equal(again, missed[n+1:]) {
				t.Errorf("got\n%s\nwant\n%s", plain(again), plain(missed[n+1:]))
			}
		}
		epoch, _, _ := strings.Cut(last, "-")
		for _, strange := range []string{"", "nonsense", "-", "another1-3", epoch + "-99999", epoch + "-", epoch + "--1", "\x00\u202e", strings.Repeat("9", 5000)} {
			if got := listen(t, r, target, "Last-Event-ID", strange).hears(); len(got) != 31 {
				t.Errorf("%.20q: %d events, want a beginning", strange, len(got))
			}
		}
		elsewhere := listen(t, r, "/v1/live?service=x", "Last-Event-ID", id(missed[5]))
		wait(time.Second)
		if got := elsewhere.hears(); len(got) != 31 {
			t.Errorf("an id of another stream: %d events, want a beginning", len(got))
		}
		wait(6 * time.Minute)
		s.set("whatsapp", "2022-10-25T07:40:00Z", 50)
		wait(time.Second)
		if got := listen(t, r, target, "Last-Event-ID", id(missed[2])).hears(); len(got) != 31 {
			t.Errorf("after long: %d events, want a beginning", len(got))
		}
	})
}

// Nobody listens for a while: nothing is asked, and who comes back misses nothing.
func TestLiveRests(t *testing.T) {
	float(t, func(t *testing.T, r rig, s *tide) {
		const target = "/v1/live?service=whatsapp"
		a, b := listen(t, r, target), listen(t, r, target)
		wait(10*time.Second + time.Millisecond)
		begin := a.hears()
		if n := s.polled(); n < 10 || n > 12 {
			t.Errorf("%d polls in 10 s of two streams", n)
		}
		a.conn.Close()
		b.conn.Close()
		wait(20 * time.Second) // a gone client is found when it is written to
		s.polled()
		wait(20 * time.Second)
		if n := s.polled(); n != 0 {
			t.Errorf("%d polls for nobody", n)
		}
		s.set("whatsapp", "2022-10-25T07:41:00Z", 8)
		s.do(func() { s.top = at("2022-10-25T08:40:00Z") }) // a replay goes faster than we do
		got := listen(t, r, target, "Last-Event-ID", id(begin[len(begin)-1])).hears()
		if len(got) != 61 || !strings.Contains(got[0], `"t":"2022-10-25T07:41:00Z","posts":8`) {
			t.Errorf("%d events, want 60 minutes:\n%.300s", len(got), plain(got))
		}
	})
}

func TestLiveSlowClient(t *testing.T) {
	float(t, func(t *testing.T, r rig, s *tide) {
		slow, _ := dial(r, "/v1/live?service=whatsapp")
		quick := listen(t, r, "/v1/live?service=whatsapp")
		quick.hears()
		for n := range 5 {
			s.set("whatsapp", "2022-10-25T07:40:00Z", uint64(n)+1)
			wait(time.Second)
			says(t, quick, fmt.Sprintf(`point {"service":"whatsapp","t":"07:40","posts":%d,"authors":%d,"heard":1000}`, n+1, n+1))
		}
		wait(6 * time.Second)
		text := body(t, r.get("/metrics"))
		if !strings.Contains(text, "outcry_live_cut_total 1\n") || !strings.Contains(text, "outcry_live_streams 1\n") {
			t.Errorf("the slow one is not cut: %s", text)
		}
		go slow.read(slow.conn)
		synctest.Wait()
		if !slow.ended() {
			t.Error("the slow one goes on")
		}
	})
}

func TestLiveStoreFails(t *testing.T) {
	float(t, func(t *testing.T, r rig, s *tide) {
		l := listen(t, r, "/v1/live?service=whatsapp")
		l.hears()
		s.do(func() { s.wrong = errors.New("code 62: secret_table") })
		wait(20 * time.Second)
		says(t, l, ": nothing new")
		if n := strings.Count(r.log.String(), "secret_table"); n != 1 {
			t.Errorf("%d log lines: %s", n, r.log)
		}
		if p := problem(t, r.get("/v1/live?service=x"), 500); strings.Contains(p.Detail, "secret") {
			t.Errorf("leaks: %s", p.Detail)
		}
		s.do(func() { s.wrong = nil })
		s.set("whatsapp", "2022-10-25T07:40:00Z", 2)
		wait(2 * time.Second)
		says(t, l, `point {"service":"whatsapp","t":"07:40","posts":2,"authors":2,"heard":1000}`)
		listen(t, r, "/v1/live?service=x")
	})
}

func TestLiveCloses(t *testing.T) {
	float(t, func(t *testing.T, r rig, _ *tide) {
		l := listen(t, r, "/v1/live")
		stuck, _ := dial(r, "/v1/live?service=x") // takes nothing
		wait(time.Second)
		began := time.Now()
		r.Close()
		if took := time.Since(began); took != 0 {
			t.Errorf("took %s", took)
		}
		go stuck.read(stuck.conn)
		synctest.Wait()
		if !l.ended() || !stuck.ended() {
			t.Error("a stream goes on")
		}
		if p := problem(t, r.get("/v1/live"), 503); !strings.Contains(p.Detail, "stops") {
			t.Errorf("%+v", p)
		}
	})
}

func TestLiveRefusals(t *testing.T) {
	r, s := ride(t)
	defer r.Close()
	slugs := strings.TrimSuffix(strings.Repeat("x%d,", 51), ",")
	many := make([]any, 51)
	for i := range many {
		many[i] = i
	}
	for target, want := range map[string]string{
		"/v1/live?services=x":                             "query.services: unknown parameter",
		"/v1/live?service=x&service=x":                    "query.service: service was given 2 times",
		"/v1/live?service=" + fmt.Sprintf(slugs, many...): "query.service: service names 51 services; a stream takes 50",
		"/v1/live?%zz":                                    "query: the query is not well encoded",
	} {
		p := problem(t, r.get(target), 400)
		if got := p.Errors[0].Location + ": " + p.Errors[0].Message; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", target, got)
		}
	}
	if p := problem(t, r.get("/v1/live?service=x,whatsap"), 404); !slices.Equal(p.Suggestions, []string{"whatsapp"}) {
		t.Errorf("%+v", p)
	}
	problem(t, r.get("/v1/live", "Accept", "application/json"), 406)
	problem(t, r.do(http.MethodPost, "/v1/live"), 405)
	if res := r.do(http.MethodHead, "/v1/live"); res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("HEAD: %d %v", res.StatusCode, res.Header)
	}
	api.LimitStreams(r.Server, 0)
	res := r.get("/v1/live")
	if p := problem(t, res, 503); res.Header.Get("Retry-After") == "" || p.Type != "urn:outcry:problem:too-many-streams" {
		t.Errorf("%+v %v", p, res.Header)
	}
	if n := s.polled(); n != 0 {
		t.Errorf("%d polls for refused streams", n)
	}
	if doc := body(t, r.get("/openapi.json")); !strings.Contains(doc, `"/v1/live":`) || !strings.Contains(doc, `"text/event-stream":`) {
		t.Error("it is not documented")
	}
}

// TestLiveHolders bounds the streams of one address, until it closes one. Others, and
// who has a key to read, are not held up.
func TestLiveHolders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, err := keys.FromSecret("wall", "the long secret of wall", keys.Read)
		if err != nil {
			t.Fatal(err)
		}
		ring, err := keys.NewRing(key)
		if err != nil {
			t.Fatal(err)
		}
		guard, err := api.NewGuard(api.GuardConfig{Keys: ring, Streams: 2, TrustProxies: []string{"192.0.2.1"}})
		if err != nil {
			t.Fatal(err)
		}
		r, _ := ride(t, func(c *api.Config) { c.Guard = guard })
		defer r.Close()
		const target, said = "/v1/live?service=whatsapp", "X-Forwarded-For"
		first := listen(t, r, target, said, "2001:db8::1")
		listen(t, r, target, said, "2001:db8::2") // the same household
		_, answer := dial(r, target, said, "2001:db8::3")
		synctest.Wait()
		if p := problem(t, answer.Result(), http.StatusTooManyRequests); p.Type != "urn:outcry:problem:too-many-streams" || !strings.Contains(p.Detail, "2 live streams are open from this address") ||
			answer.Header().Get("Retry-After") == "" {
			t.Errorf("%+v %v", p, answer.Header())
		}
		listen(t, r, target, said, "198.51.100.1")
		listen(t, r, target, said, "127.0.0.1")
		listen(t, r, target, said, "2001:db8::3", "X-API-Key", "the long secret of wall")
		first.conn.Close()
		wait(16 * time.Second) // until it is found that nobody reads
		listen(t, r, target, said, "2001:db8::3")
	})
}

// An incident may be taken back when it is over, too.
func TestLiveRetractsWhatIsOver(t *testing.T) {
	float(t, func(t *testing.T, r rig, s *tide) {
		i := aggregate.Incident{ID: "whatsapp-1", Services: []string{"whatsapp"}, Severity: "major", Onset: at("2022-10-25T07:18:00Z"), End: at("2022-10-25T07:30:00Z")}
		old := aggregate.Incident{ID: "x-1", Services: []string{"x"}, Onset: at("2022-10-25T06:00:00Z"), End: at("2022-10-25T07:12:00Z")}
		s.do(func() { s.list = []aggregate.Incident{i, old} })
		l := listen(t, r, "/v1/live")
		wait(2 * time.Second)
		l.hears()
		s.do(func() { s.list, s.gone = []aggregate.Incident{i}, map[string]aggregate.Incident{old.ID: old} }) // it is over for so long
		wait(2 * time.Second)
		says(t, l)
		i.Retracted = true
		s.do(func() { s.list, s.gone = nil, map[string]aggregate.Incident{i.ID: i} })
		wait(2 * time.Second)
		if got := l.hears(); len(got) != 1 || !strings.Contains(got[0], `"retracted":true`) {
			t.Errorf("%q", got)
		}
	})
}
