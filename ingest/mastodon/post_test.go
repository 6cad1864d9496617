package mastodon_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"outcry/ingest/mastodon"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// What instances of several kinds say becomes a post, or none.
func TestPosts(t *testing.T) {
	type m = map[string]any
	long := "https://far.example/" + strings.Repeat("é", 800)
	for name, c := range map[string]struct {
		with m
		want string // id, author, language, time, about, text; empty: no post
	}{
		"plain":       {m{}, "https://far.example/users/ann/statuses/7|ann@far.example|en|14:00:05|[]|post 7: is WhatsApp down?"},
		"warning":     {m{"spoiler_text": "outage", "content": "<p>it&#39;s <b>down</b><br>again</p>"}, "*|*|*|*|*|outage\nit's down\nagain"},
		"poll":        {m{"poll": m{"options": []m{{"title": "yes"}, {"title": "no"}}}}, "*|*|*|*|*|post 7: is WhatsApp down?\nyes\nno"},
		"about":       {m{"tags": []m{{"name": "panne"}}, "mentions": []m{{"acct": "help"}, {"acct": "bo@far.example"}}}, "*|*|*|*|[@help@social.example @bo@far.example #panne]|*"},
		"no language": {m{"language": nil, "poll": nil, "tags": nil, "mentions": nil}, "*|*||*|*|*"},
		"no uri":      {m{"uri": nil, "url": "https://far.example/notice/A1b2"}, "https://far.example/notice/A1b2|*|*|*|*|*"},
		"naive time":  {m{"created_at": "2026-07-04T13:59:01"}, "*|*|*|13:59:01|*|*"},
		"zone":        {m{"created_at": "2026-07-04T15:59:02+02:00"}, "*|*|*|13:59:02|*|*"},
		"no time":     {m{"created_at": nil}, "*|*|*|14:00:1|*|*"},
		"wrong clock": {m{"created_at": "2031-01-01T00:00:00.000Z"}, "*|*|*|14:00:1|*|*"},
		"unlisted":    {m{"visibility": "unlisted"}, "*|*|*|*|*|*"},
		"private":     {m{"visibility": "private"}, ""},
		"direct":      {m{"visibility": "direct"}, ""},
		"boost":       {m{"reblog": m{"id": "1"}}, ""},
		"picture":     {m{"content": "<p></p>"}, ""},
		"flake":       {m{"id": "B0a1B2c3D4e5F6g7H8"}, "*|*|*|*|*|*"},
		"local":       {m{"account": m{"acct": "Bo"}}, "*|bo@social.example|*|*|*|*"},
		"long id":     {m{"uri": long}, long[:50] + "|*|*|*|*|*"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, n *network) {
				s := n.serve(t, "social.example", false)
				defer s.Close()
				e := newEar()
				s.say(-1, time.Now())
				stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example"})
				time.Sleep(5 * time.Second)
				s.publish(7, time.Now(), c.with, "", true, false)
				time.Sleep(10 * time.Minute)
				stop()
				if c.want == "" {
					if len(e.posts)+len(e.refused)+len(e.gone) != 0 {
						t.Errorf("posts %v, refused %v, gone %v", e.posts, e.refused, e.gone)
					}
					return
				}
				if len(e.posts) != 1 || len(e.times) != 1 {
					t.Fatalf("posts %v, refused %v", e.posts, e.refused)
				}
				for id, p := range e.posts {
					got := []string{id, p.Author, p.Lang, p.CreatedAt.Format(time.TimeOnly), fmt.Sprint(p.About), p.Text}
					for i, want := range strings.Split(c.want, "|") {
						if want != "*" && !strings.HasPrefix(got[i], want) || want == "" && got[i] != "" {
							t.Errorf("got %q, want %q", got[i], want)
						}
					}
					if e.times[id] != 1 || len(id) > 1000 || p.Source != "mastodon" {
						t.Errorf("%d times, id of %d bytes, %+v", e.times[id], len(id), p)
					}
				}
			})
		})
	}
}

func TestNewNamesTheField(t *testing.T) {
	good := mastodon.Instance{URL: "https://social.example"}
	with := func(change func(*mastodon.Instance)) mastodon.Config {
		bad := mastodon.Instance{URL: "https://other.example"}
		change(&bad)
		return mastodon.Config{Instances: []mastodon.Instance{good, bad}, HTTP: http.DefaultClient, Log: quiet()}
	}
	for want, cfg := range map[string]mastodon.Config{
		"instances: there is none":                      {Log: quiet()},
		"name: ":                                        {Name: "The Network", Instances: []mastodon.Instance{good}, Log: quiet()},
		"silence: -1s":                                  {Silence: -time.Second, Instances: []mastodon.Instance{good}, Log: quiet()},
		`instances[1].url: "social.example"`:            with(func(i *mastodon.Instance) { i.URL = "social.example" }),
		"instances[1].url: it must be":                  with(func(i *mastodon.Instance) { i.URL += "/@ann" }),
		"instances[1].token: ":                          with(func(i *mastodon.Instance) { i.Token = token + "\n" }),
		"instances[1].interval: 10ms must":              with(func(i *mastodon.Instance) { i.Interval = 10 * time.Millisecond }),
		`instances[1].timelines: "home" is`:             with(func(i *mastodon.Instance) { i.Timelines = []string{"public", "home"} }),
		`instances[1].timelines: "tag/" is`:             with(func(i *mastodon.Instance) { i.Timelines = []string{"tag/"} }),
		"instances[1].timelines: social.example public": with(func(i *mastodon.Instance) { i.URL = "https://Social.example/" }),
	} {
		_, err := mastodon.New(cfg)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		} else if strings.Contains(err.Error(), token) {
			t.Errorf("the token is in %v", err)
		}
	}
	if s, err := mastodon.New(with(func(*mastodon.Instance) {})); err != nil || s.Name() != "mastodon" {
		t.Errorf("%v", err)
	}
}
