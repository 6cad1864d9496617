package feed_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest"
	"outcry/ingest/feed"
)

const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>Press</title><language>fr-FR</language>
<item><title>WhatsApp en panne</title><description>&lt;p&gt;Des utilisateurs signalent &lt;b&gt;une panne&lt;/b&gt;.&lt;/p&gt;</description><guid>a1</guid><pubDate>Tue, 25 Oct 2022 07:55:00 GMT</pubDate></item>
<item><title>Météo</title><link>https://press.example/meteo</link></item>
%s</channel></rss>`

const atom = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Status</title>
<entry><id>tag:status,1</id><title>Investigating issues with Actions</title><updated>2022-10-25T08:00:00Z</updated><content type="html">&lt;p&gt;We are investigating.&lt;/p&gt;</content></entry></feed>`

// site answers in turn with what it was given, the last again and again.
type site struct {
	mu      sync.Mutex
	answers []func(http.ResponseWriter, *http.Request)
	asked   []time.Time
}

func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	answer := s.answers[min(len(s.asked), len(s.answers)-1)]
	s.asked = append(s.asked, time.Now())
	s.mu.Unlock()
	w := httptest.NewRecorder()
	answer(w, r)
	return w.Result(), nil
}

func say(text string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%d"`, len(text))
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", tag)
		w.Write([]byte(text))
	}
}

func refuse(status int, after string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(status)
	}
}

// hear runs a source for some time and returns the posts and the last cursor.
func hear(t *testing.T, s *site, cursor string, long time.Duration, feeds ...feed.Feed) (posts []ingest.Post, last string) {
	t.Helper()
	source, err := feed.New(feed.Config{Name: "press", Feeds: feeds, HTTP: &http.Client{Transport: s}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	last = cursor
	source.Run(ctx, cursor, func(e ingest.Event) error {
		if e.Post != nil {
			posts = append(posts, *e.Post)
		}
		if e.Cursor != "" {
			last = e.Cursor
		}
		return nil
	})
	return posts, last
}

func TestItemsBecomePosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)))
		s := &site{answers: []func(http.ResponseWriter, *http.Request){say(fmt.Sprintf(rss, ""))}}
		posts, _ := hear(t, s, "", time.Hour, feed.Feed{URL: "https://press.example/rss"})
		if len(posts) != 2 || len(s.asked) != 13 && len(s.asked) != 12 {
			t.Fatalf("%d posts in %d questions", len(posts), len(s.asked))
		}
		p := posts[1] // the oldest first
		if p.Text != "WhatsApp en panne\nDes utilisateurs signalent une panne." || p.Lang != "fr-FR" || !p.Press || p.Source != "press" ||
			!p.CreatedAt.Equal(time.Date(2022, 10, 25, 7, 55, 0, 0, time.UTC)) || p.ID != "https://press.example/rss a1" {
			t.Errorf("%+v", p)
		}
	})
}

func TestAStatusPageIsAboutItsService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &site{answers: []func(http.ResponseWriter, *http.Request){say(atom)}}
		posts, _ := hear(t, s, "", time.Minute, feed.Feed{URL: "https://status.example/atom", About: []string{"github"}})
		if len(posts) != 1 || posts[0].Text != "Investigating issues with Actions\nWe are investigating." || posts[0].About[0] != "github" {
			t.Errorf("%+v", posts)
		}
	})
}

// What is new or changed is heard once; a later start knows what was heard.
func TestOnlyWhatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		second := fmt.Sprintf(rss, "<item><title>Nouveau</title><guid>a2</guid></item>")
		third := strings.Replace(second, "Météo", "Météo corrigée", 1)
		s := &site{answers: []func(http.ResponseWriter, *http.Request){say(fmt.Sprintf(rss, "")), say(second), say(third)}}
		address := feed.Feed{URL: "https://press.example/rss"}
		posts, cursor := hear(t, s, "", 7*time.Minute, address)
		if len(posts) != 3 {
			t.Fatalf("%d posts", len(posts))
		}
		if posts, _ = hear(t, s, cursor, 7*time.Minute, address); len(posts) != 1 || posts[0].Text != "Météo corrigée" {
			t.Errorf("after the second start: %+v", posts)
		}
	})
}

// A feed that still shows something of what it had has lost nothing since.
func TestWhatWasHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := fmt.Sprintf(rss, "")
		more := fmt.Sprintf(rss, "<item><title>Nouveau</title><guid>a2</guid></item>")
		s := &site{answers: []func(http.ResponseWriter, *http.Request){say(one), say(one), refuse(500, ""), say(more), say(atom)}}
		source, err := feed.New(feed.Config{Name: "press", Feeds: []feed.Feed{{URL: "https://press.example/rss"}}, HTTP: &http.Client{Transport: s}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 32*time.Minute)
		defer cancel()
		var got []string
		source.Run(ctx, "", func(e ingest.Event) error {
			if e.Heard != nil {
				got = append(got, fmt.Sprintf("%s %d: %g to %g", e.Heard.Part, e.Heard.Parts, e.Heard.From.Sub(began).Minutes(), e.Heard.To.Sub(began).Minutes()))
			}
			return nil
		})
		const part = "https://press.example/rss 1: "
		if want := []string{part + "0 to 5", part + "5 to 20", part + "25 to 30"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// A server in trouble is asked later, as it says; the other feed is not held up.
func TestTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
			"busy":   refuse(429, "1800"),
			"broken": refuse(500, ""),
			"gone":   refuse(404, ""),
			"junk":   say("<html>no feed"),
			"nought": say(""),
			"long":   say(strings.Repeat("x", 17<<20)),
		} {
			began := time.Now()
			s := &site{answers: []func(http.ResponseWriter, *http.Request){answer, say(fmt.Sprintf(rss, ""))}}
			posts, _ := hear(t, s, "", 2*time.Hour, feed.Feed{URL: "https://press.example/rss"})
			least := 10 * time.Minute
			if name == "busy" {
				least = 30 * time.Minute
			}
			if len(posts) != 2 || s.asked[1].Sub(began) != least {
				t.Errorf("%s: %d posts, asked again after %s", name, len(posts), s.asked[1].Sub(began))
			}
		}
	})
}

func TestNewNamesTheField(t *testing.T) {
	good := feed.Feed{URL: "https://press.example/rss"}
	for want, cfg := range map[string]feed.Config{
		"feeds: there is none":   {Name: "press"},
		"feeds[1].url: ":         {Name: "press", Feeds: []feed.Feed{good, {URL: "press.example"}}},
		"feeds[0].interval: 1s ": {Name: "press", Feeds: []feed.Feed{{URL: good.URL, Interval: time.Second}}},
		"name: ":                 {Name: "The Press", Feeds: []feed.Feed{good}},
	} {
		if _, err := feed.New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
