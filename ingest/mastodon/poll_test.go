package mastodon_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"outcry/ingest"
	"outcry/ingest/mastodon"
)

// Without a token the list is asked: more than a page at once, posts that come
// late, and a timeline that had none at the beginning.
func TestPolling(t *testing.T) {
	for name, first := range map[string]bool{"with posts": true, "empty": false} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, n *network) {
				s := n.serve(t, "social.example", false)
				defer s.Close()
				if first {
					for i := range 100 {
						s.say(-1-i, time.Now().Add(-time.Hour))
					}
				}
				e := newEar()
				stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example/", Timelines: []string{"public:local"}})
				time.Sleep(5 * time.Second)
				i := 0
				for ; i < 130; i++ { // at once
					s.say(i, time.Now().Add(time.Duration(i)*time.Millisecond))
				}
				time.Sleep(time.Minute)
				for ; i < 200; i++ { // late by half a minute and more
					s.say(i, time.Now())
					i++
					s.say(i, time.Now().Add(-time.Duration(i%60)*time.Second))
					time.Sleep(3 * time.Second)
				}
				time.Sleep(5 * time.Minute)
				stop()
				e.all(t, 0, i)
				whole(t, e.spans, "social.example public:local", 1)
				if q := s.lastQuery(); !strings.HasPrefix(q, "/api/v1/timelines/public?limit=40&local=true&min_id=") {
					t.Errorf("asked %s", q)
				}
				if e.log.Len() > 0 {
					t.Error(e.log.String())
				}
			})
		})
	}
}

// A page from which the server took some is not the last one.
func TestAFilteredPageIsNotTheLast(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		s := n.serve(t, "social.example", false)
		defer s.Close()
		e := newEar()
		s.say(-1, time.Now())
		stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example", Interval: time.Hour})
		time.Sleep(5 * time.Second)
		for i := range 300 {
			at := time.Now().Add(time.Duration(i) * time.Second)
			s.publish(1000+i, at, map[string]any{"hidden": true}, "", i%3 == 0, false)
			s.say(i, at)
		}
		time.Sleep(time.Hour)
		stop()
		e.all(t, 0, 300)
	})
}

// What cannot be reached any more is not said to have been heard.
func TestALossIsTold(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		s := n.serve(t, "social.example", false)
		defer s.Close()
		e := newEar()
		stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example", Interval: time.Hour})
		time.Sleep(5 * time.Second)
		began := time.Now()
		for i := range 1500 { // in a timeline that had none to begin at
			s.say(i, began.Add(time.Duration(i)*time.Second))
		}
		time.Sleep(time.Hour)
		stop()
		e.all(t, 500, 1500)
		if want := began.Add(500 * time.Second); len(e.spans) != 1 || !e.spans[0].From.Equal(want) {
			t.Errorf("%+v, want one from %s", e.spans, want)
		}
	})
}

// A later start goes on where the first one stopped; other cursors begin now.
func TestResume(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		s := n.serve(t, "social.example", false)
		defer s.Close()
		s.say(-1, time.Now())
		first := newEar()
		here := mastodon.Instance{URL: "http://social.example"}
		stop := first.listen(t, n, here)
		time.Sleep(5 * time.Second)
		for i := range 100 {
			s.say(i, time.Now())
			time.Sleep(time.Second)
		}
		stop()
		stopped := first.spans[len(first.spans)-1].To
		for i := 100; i < 1000; i++ {
			s.say(i, time.Now())
			time.Sleep(10 * time.Second)
		}
		second := newEar()
		second.cursor = first.cursor
		stop = second.listen(t, n, here)
		time.Sleep(5 * time.Minute)
		stop()
		for id, p := range first.posts {
			second.posts[id], second.times[id] = p, 1
		}
		second.all(t, 0, 1000)
		if !second.spans[0].From.Equal(stopped) {
			t.Errorf("the second start heard from %s, the first until %s", second.spans[0].From, stopped)
		}
		for _, cursor := range []string{"", "null", "x", "[]", `{"v":2}`, `{"social.example public":{"from":7}}`, `{"social.example public":null}`, `{"social.example public":{"from":"1","heard":"3000-01-01T00:00:00Z"}}`, `{"social.example public":{"from":"1","heard":"2026-01-01T00:00:00Z"}}`} {
			third := newEar()
			third.cursor = cursor
			stop := third.listen(t, n, here)
			time.Sleep(time.Minute)
			s.say(2000, time.Now())
			time.Sleep(time.Minute)
			stop()
			third.all(t, 2000, 2001)
			if len(third.spans) == 0 || len(third.cursor) > 200 {
				t.Errorf("%q: %d spans, cursor %q", cursor, len(third.spans), third.cursor)
			}
		}
	})
}

// A queue that failed has nothing of what was said since its cursor: it is said
// again.
func TestAFailureOfTheQueue(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		s := n.serve(t, "social.example", false)
		defer s.Close()
		s.say(-1, time.Now())
		client := n.client()
		source, err := mastodon.New(mastodon.Config{Instances: []mastodon.Instance{{URL: "http://social.example"}}, HTTP: client, Log: quiet()})
		if err != nil {
			t.Fatal(err)
		}
		e := newEar()
		full := errors.New("the disk is full")
		go func() {
			time.Sleep(15 * time.Second)
			for i := range 50 {
				s.say(i, time.Now())
			}
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		for range 2 {
			err := source.Run(ctx, e.cursor, func(event ingest.Event) error {
				if len(e.posts) == 10 && e.times["late"] == 0 {
					e.times["late"] = 1
					clear(e.posts)
					return full
				}
				if len(e.posts) == 50 {
					return io.EOF
				}
				return e.emit(event)
			})
			if !errors.Is(err, full) && !errors.Is(err, io.EOF) {
				t.Error(err)
			}
		}
		client.CloseIdleConnections()
		if len(e.posts) != 50 {
			t.Errorf("%d posts", len(e.posts))
		}
	})
}

// The limit is kept to however much there is to read, and all is read in the end.
func TestTheLimitIsKept(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		s := n.serve(t, "social.example", false)
		defer s.Close()
		s.limit = 300
		s.say(-1, time.Now())
		e := newEar()
		stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example", Interval: time.Second,
			Timelines: []string{"public", "public:local", "tag/a", "tag/b"}})
		time.Sleep(time.Minute)
		for i := range 1800 {
			s.say(i, time.Now())
			time.Sleep(time.Second)
		}
		time.Sleep(10 * time.Minute)
		stop()
		e.all(t, 0, 1800)
		if _, refused := s.questions(); refused > 0 {
			t.Errorf("%d questions too many", refused)
		}
	})
}

// One who is told to wait waits, by the server's clock.
func TestTooManyQuestions(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		s := n.serve(t, "social.example", false)
		defer s.Close()
		s.limit = 1 // what the instance says of itself
		e := newEar()
		stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example"})
		time.Sleep(31 * time.Minute)
		stop()
		if asked, refused := s.questions(); refused > 2 || asked > 6 || asked < 3 {
			t.Errorf("asked %d times, %d too many", asked, refused)
		}
	})
}

// An instance in trouble holds up no other, is named in the log, and is heard as
// soon as it is back.
func TestTrouble(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		good, bad := n.serve(t, "good.example", false), n.serve(t, "bad.example", false)
		shut, strict, junk := n.serve(t, "shut.example", false), n.serve(t, "strict.example", false), n.serve(t, "junk.example", false)
		cert := n.serve(t, "cert.example", true)
		for _, s := range []*server{good, bad, shut, strict, junk, cert} {
			defer s.Close()
		}
		good.say(-1, time.Now())
		shut.Listener.Close()
		strict.closed, bad.broken, junk.body = true, 503, "<html>Under maintenance</html>"
		e := newEar()
		stop := e.listen(t, n, mastodon.Instance{URL: "http://bad.example"}, mastodon.Instance{URL: "http://nowhere.example"},
			mastodon.Instance{URL: "http://shut.example"}, mastodon.Instance{URL: "http://strict.example"}, mastodon.Instance{URL: "http://junk.example"},
			mastodon.Instance{URL: "https://cert.example", Token: token}, mastodon.Instance{URL: "http://good.example", Token: "the wr0ng token"[:3]})
		time.Sleep(5 * time.Second)
		for i := range 60 {
			good.say(i, time.Now())
			time.Sleep(10 * time.Second)
		}
		bad.mu.Lock()
		bad.broken = 0
		bad.mu.Unlock()
		time.Sleep(8 * time.Minute)
		bad.say(60, time.Now())
		time.Sleep(time.Minute)
		stop()
		e.all(t, 0, 61)
		whole(t, e.spans, "good.example public", 7)
		for _, want := range []string{
			"instance=bad.example timeline=public err=\"the instance answers 503 Service Unavailable",
			"instance=nowhere.example", "no such host", "instance=shut.example", "connection refused",
			"set instances[3].token", "read:statuses", "no list of posts",
			"instance=cert.example", "certificate", "it does not take instances[6].token",
		} {
			if !strings.Contains(e.log.String(), want) {
				t.Errorf("the log has no %q", want)
			}
		}
		if strings.Contains(e.log.String(), token) {
			t.Error("the log has the token")
		}
		if n := strings.Count(e.log.String(), "instance=nowhere.example"); n > 15 {
			t.Errorf("an instance that is away was tried %d times in 20 minutes", n)
		}
	})
}

// The same post through two instances is one, by one author.
func TestTwoInstances(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		home, away := n.serve(t, "social.example", false), n.serve(t, "other.example", false)
		defer home.Close()
		defer away.Close()
		home.domain = "Example.org" // of its accounts
		home.say(-1, time.Now())
		away.say(-1, time.Now())
		e := newEar()
		stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example"}, mastodon.Instance{URL: "http://other.example"})
		time.Sleep(5 * time.Second)
		at := time.Now()
		for i := range 10 {
			home.publish(i, at.Add(time.Millisecond), map[string]any{"account": map[string]any{"acct": "Bo"}, "mentions": []any{map[string]any{"acct": "cy@other.example"}}}, "", true, false)
			away.publish(i, at, map[string]any{"account": map[string]any{"acct": "Bo@example.org"}, "mentions": []any{map[string]any{"acct": "cy"}}}, "", true, false)
		}
		time.Sleep(time.Minute)
		stop()
		if len(e.posts) != 10 {
			t.Errorf("%d posts", len(e.posts))
		}
		for id, p := range e.posts {
			if e.times[id] != 2 || p.Author != "bo@example.org" || fmt.Sprint(p.About) != "[@cy@other.example]" {
				t.Errorf("%s: %d times, %+v", id, e.times[id], p)
			}
		}
		whole(t, e.spans, "other.example public", 2)
	})
}

// A record that cannot be read is refused once, however often the list brings it.
func TestABadRecordInAList(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		s := n.serve(t, "social.example", false)
		defer s.Close()
		s.say(-1, time.Now())
		e := newEar()
		stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example"})
		time.Sleep(5 * time.Second)
		s.publish(0, time.Now(), map[string]any{"content": 7}, "", true, false)
		s.publish(1, time.Now(), map[string]any{"content": strings.Repeat("y", 2<<20)}, "", true, false)
		time.Sleep(15 * time.Minute)
		s.say(2, time.Now())
		time.Sleep(time.Minute)
		stop()
		e.all(t, 2, 3)
		if fmt.Sprint(e.refused) != "[not_json line_too_long]" {
			t.Errorf("refused %v", e.refused)
		}
	})
}
