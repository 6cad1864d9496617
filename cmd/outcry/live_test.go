package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// stream is a Jetstream server with some posts of the last minutes, one of which
// is taken back, and an author who leaves.
func stream(t *testing.T) (host string, from time.Time) {
	from = time.Now().UTC().Add(-10 * time.Minute).Truncate(time.Minute)
	post := func(n int, author, text string) string {
		at := from.Add(time.Duration(n) * time.Second)
		return fmt.Sprintf(`{"did":"did:plc:%s","time_us":%d,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"k%d","record":{"text":%q,"createdAt":%q,"langs":["en"]}}}`,
			author, at.UnixMicro(), n, text, at.Format(time.RFC3339))
	}
	events := []string{
		post(1, "ann", "WhatsApp is down, cannot send messages"),
		post(2, "bob", "whatsapp not working for anyone else?"),
		post(3, "eve", "whatsapp is down, what a day"),
		post(4, "sam", "lovely weather today"),
		fmt.Sprintf(`{"did":"did:plc:bob","time_us":%d,"kind":"commit","commit":{"operation":"delete","collection":"app.bsky.feed.post","rkey":"k2"}}`, from.Add(time.Minute).UnixMicro()),
		fmt.Sprintf(`{"did":"did:plc:eve","time_us":%d,"kind":"account","account":{"active":false,"did":"did:plc:eve","status":"deleted"}}`, from.Add(time.Minute).UnixMicro()),
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		ctx := conn.CloseRead(context.Background())
		for i, e := range events {
			if i == 4 {
				time.Sleep(300 * time.Millisecond) // they are deletions of what is stored
			}
			if conn.Write(ctx, websocket.MessageText, []byte(e)) != nil {
				return
			}
		}
		<-ctx.Done()
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), from
}

// settings writes a file of sources.
func settings(t *testing.T, yaml string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "sources.yaml")
	if err := os.WriteFile(path, []byte(yaml), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// sum is how many posts a curve has in a range, and how many people minute by minute.
func (s *server) sum(service string, from, to time.Time, extra string) (posts, people uint64) {
	s.t.Helper()
	for _, p := range s.curve(service, from, to, "1m", extra) {
		posts += p.Posts
		people += p.Authors
	}
	return posts, people
}

// evidence are the texts that are shown of the posts behind a curve, a line each.
func (s *server) evidence(service string, from, to time.Time) string {
	s.t.Helper()
	var answer struct{ Posts []struct{ Text string } }
	body := s.get(fmt.Sprintf("/v1/posts?service=%s&limit=200&from=%s&to=%s", service, from.Format(time.RFC3339), to.Format(time.RFC3339)), "")
	if err := json.Unmarshal(body, &answer); err != nil {
		s.t.Fatal(err)
	}
	var texts strings.Builder
	for _, p := range answer.Posts {
		texts.WriteString(p.Text + "\n")
	}
	return texts.String()
}

// coverage is the share of a range in which a source was heard.
func (s *server) coverage(source string, from, to time.Time) (share float64) {
	s.t.Helper()
	var answer struct {
		Sources []struct {
			Source   string
			Coverage float64
		}
	}
	path := fmt.Sprintf("/v1/sources?from=%s&to=%s", from.Format(time.RFC3339), to.Format(time.RFC3339))
	if err := json.Unmarshal(s.get(path, ""), &answer); err != nil {
		s.t.Fatal(err)
	}
	for _, row := range answer.Sources {
		if row.Source == source {
			share = row.Coverage
		}
	}
	return share
}

// TestLive hears a server, as far as the curves, the evidence and the metrics.
func TestLive(t *testing.T) {
	t.Parallel()
	host, from := stream(t)
	path := settings(t, "bluesky: {hosts: [\"ws://"+host+"\"]}\n")
	s := start(t, t.TempDir(), "--sources", path)
	to := from.Add(time.Hour)
	complaints := func() (n uint64) {
		for _, p := range s.curve("whatsapp", from, to, "1m", "") {
			n += p.Posts
		}
		return n
	}
	s.await("three complaints", func() bool { return complaints() == 3 })
	evidence := func() string {
		return string(s.get(fmt.Sprintf("/v1/posts?service=whatsapp&from=%s&to=%s", from.Format(time.RFC3339), to.Format(time.RFC3339)), ""))
	}
	s.await("the deleted posts gone", func() bool {
		text := evidence()
		return strings.Contains(text, "cannot send messages") && !strings.Contains(text, "anyone else") && !strings.Contains(text, "what a day")
	})
	if n := complaints(); n != 3 {
		t.Errorf("%d complaints are counted after the deletions", n)
	}
	s.await("coverage", func() bool {
		text := string(s.get(fmt.Sprintf("/v1/sources?from=%s&to=%s", from.Format(time.RFC3339), from.Add(time.Minute).Format(time.RFC3339)), ""))
		return strings.Contains(text, `"source":"bluesky","posts":4`) && strings.Contains(text, `"coverage":0.05`) // seconds 1 to 4, before a long silence
	})
	metrics := string(s.get("/metrics", ""))
	for _, line := range []string{`outcry_ingest_events_total{source="bluesky"} 6`, `outcry_ingest_reconnects_total{source="bluesky"} 0`, `outcry_ingest_lag_seconds{source="bluesky"}`} {
		if !strings.Contains(metrics, line) {
			t.Errorf("no %s in the metrics", line)
		}
	}
	s.stop()
	if out, errs, code := outcry(t, "", "sources", "--data", s.data, "--sources", path); code != 0 || !strings.Contains(out, host) || !strings.Contains(out, "stopped") || !strings.Contains(out, "ago") {
		t.Errorf("sources: %d %s%s", code, out, errs)
	}
}

// river is a server that hands on n complaints of different people, from a cursor
// on, at a pace that gives time for accidents; it cuts the connection now and then.
func river(t *testing.T, n int) (host string, from time.Time) {
	from = time.Now().UTC().Add(-2 * time.Hour).Truncate(time.Hour)
	at := func(i int) time.Time { return from.Add(time.Duration(i) * time.Second) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := 0
		if us, err := strconv.ParseInt(r.URL.Query().Get("cursor"), 10, 64); err == nil {
			begin = max(0, int(time.UnixMicro(us).Sub(from)/time.Second))
		}
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		ctx := conn.CloseRead(context.Background())
		for i := begin; i < n; i++ {
			if i%50 == 49 {
				time.Sleep(20 * time.Millisecond)
			}
			if i%700 == 699 && i-begin > 20 {
				return // without a word
			}
			event := fmt.Sprintf(`{"did":"did:plc:p%d","time_us":%d,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"k%d","record":{"text":"whatsapp is down","createdAt":%q,"langs":["en"]}}}`,
				i, at(i).UnixMicro(), i, at(i).Format(time.RFC3339))
			if conn.Write(ctx, websocket.MessageText, []byte(event)) != nil {
				return
			}
		}
		<-ctx.Done()
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), from
}

// TestKillWhileItHears kills the program while a source is heard whose server cuts
// the connection, too: no post is missing and none counts twice.
func TestKillWhileItHears(t *testing.T) {
	t.Parallel()
	const posts = 3000
	host, from := river(t, posts)
	path := settings(t, "bluesky: {hosts: [\"ws://"+host+"\"]}\n")
	data := t.TempDir()
	count := func(s *server) (n, people uint64) {
		for _, p := range s.curve("whatsapp", from, from.Add(time.Hour), "1m", "") {
			n += p.Posts
			people += p.Authors
		}
		return n, people
	}
	for _, enough := range []uint64{300, 1500} {
		s := start(t, data, "--sources", path)
		s.await("enough posts to be killed", func() bool { n, _ := count(s); return n >= enough })
		s.kill()
	}
	s := start(t, data, "--sources", path)
	s.await("all posts", func() bool { n, _ := count(s); return n >= posts })
	time.Sleep(500 * time.Millisecond) // what would count twice
	if n, people := count(s); n != posts || people != posts {
		t.Errorf("%d posts of %d people are counted, there were %d", n, people, posts)
	}
	s.stop()
}

// A test of a source shows posts as they would be queued: authors are hashes.
func TestSourcesTest(t *testing.T) {
	t.Parallel()
	host, _ := stream(t)
	path := settings(t, "here: {type: bluesky, hosts: [\"ws://"+host+"\"]}\n")
	out, errs, code := outcry(t, "", "sources", "test", "here", "--data", t.TempDir(), "--sources", path, "--wait", "2s")
	if code != 1 || strings.Count(out, "\n") != 4 || strings.Contains(out, `"author":"did`) || !strings.Contains(out, "lovely weather") || !strings.Contains(errs, "here gave 4 posts in 2s") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
}

// Posts that are sent with a key count, once.
func TestPush(t *testing.T) {
	t.Parallel()
	const key = "a key for this test"
	s := start(t, t.TempDir(), "--push-key", "helpdesk="+key)
	from := time.Now().UTC().Add(-time.Hour).Truncate(time.Minute)
	body := fmt.Sprintf(`{"id":1,"text":"WhatsApp is down","created_at":%q}`+"\n"+`{"id":2,"text":"whatsapp not working for anyone else?","created_at":%q}`, from.Format(time.RFC3339), from.Format(time.RFC3339))
	for range 2 {
		request, err := http.NewRequest(http.MethodPost, s.url+"/v1/posts", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+key)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		if answer.Body.Close(); err != nil || answer.StatusCode != 200 || string(text) != `{"accepted":2,"refused":[]}`+"\n" {
			t.Fatalf("%s %s %v", answer.Status, text, err)
		}
	}
	s.await("both posts in the curve", func() bool {
		points := s.curve("whatsapp", from, from.Add(2*time.Hour), "1h", "&source=helpdesk")
		return points[0].Posts+points[1].Posts == 2
	})
	if doc := string(s.get("/openapi.json", "")); !strings.Contains(doc, "push-posts") {
		t.Error("the OpenAPI document does not tell of it")
	}
	s.stop()
	if out, errs, code := outcry(t, "", "run", "--data", t.TempDir(), "--push-key", "helpdesk=short"); code == 0 || !strings.Contains(errs, `key "helpdesk" has 5 characters`) {
		t.Errorf("a short key: %d %s%s", code, out, errs)
	}
}

// Files that appear in a watched folder are read; what they had is not read again
// after a restart.
func TestWatchedFolder(t *testing.T) {
	t.Parallel()
	inbox, data := t.TempDir(), t.TempDir()
	path := settings(t, fmt.Sprintf("inbox: {type: folder, path: %q, interval: 50ms, settle: 50ms}", inbox))
	at := time.Now().UTC().Add(-time.Hour).Truncate(time.Minute)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(inbox, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	count := func(s *server) (n uint64) {
		for _, p := range s.curve("whatsapp", at, at.Add(time.Hour), "1h", "&source=inbox") {
			n += p.Posts
		}
		return n
	}
	s := start(t, data, "--sources", path)
	write("a.ndjson", fmt.Sprintf(`{"id":"1","text":"WhatsApp is down","created_at":%q}`+"\n", at.Format(time.RFC3339)))
	s.await("the first file", func() bool { return count(s) == 1 })
	write("b.csv", "id,text,created_at\n2,whatsapp not working,"+at.Format(time.RFC3339)+"\n")
	s.await("the second file", func() bool { return count(s) == 2 })
	s.stop()
	s = start(t, data, "--sources", path)
	write("c.ndjson", fmt.Sprintf(`{"id":"3","text":"WhatsApp est en panne","created_at":%q}`+"\n", at.Format(time.RFC3339)))
	s.await("the third file", func() bool { return count(s) == 3 })
	if metrics := string(s.get("/metrics", "")); !strings.Contains(metrics, `outcry_ingest_posts_total{source="inbox"} 1`) {
		t.Error("the second start read more than what is new")
	}
	s.stop()
}

// TestMastodonThroughTheStreet hears an instance that is polled: a new status a
// second, as far as the curve.
func TestMastodonThroughTheStreet(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	status := func(i int) string {
		at := begin.Add(time.Duration(i) * time.Second).UTC().Format("2006-01-02T15:04:05.000Z")
		return fmt.Sprintf(`{"id":"%d","uri":"https://m.example/s/%d","created_at":%q,"visibility":"public","language":"en","content":"<p>whatsapp is <b>down</b></p>","account":{"acct":"ann%d"},"tags":[],"mentions":[]}`, 1000+i, i, at, i)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path != "/api/v1/timelines/public" {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"error":"Record not found"}`)
			return
		}
		after, _ := strconv.Atoi(max(r.URL.Query().Get("min_id"), r.URL.Query().Get("since_id")))
		var page []string
		for i := int(time.Since(begin) / time.Second); i >= max(0, after-999) && len(page) < 40; i-- {
			page = append(page, status(i))
		}
		fmt.Fprint(w, "["+strings.Join(page, ",")+"]")
	}))
	t.Cleanup(server.Close)
	path := settings(t, "mastodon: {instances: [{url: \""+server.URL+"\", interval: 1s}]}\n")
	s := start(t, t.TempDir(), "--sources", path)
	s.await("three complaints", func() bool {
		var n uint64
		for _, p := range s.curve("whatsapp", begin.Add(-time.Minute).Truncate(time.Minute), begin.Add(5*time.Minute).Truncate(time.Minute), "1m", "&source=mastodon") {
			n += p.Posts
		}
		return n >= 3
	})
	s.stop()
}

// What cannot be read of a secret is not printed.
func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"run", "--push-key", "s3cret-without-a-name"},
		{"run", "--push-key", "a=0123456789abcdef;s3cret"},
	} {
		if out, errs, code := outcry(t, "", append(args, "--data", t.TempDir(), "--listen", "127.0.0.1:0")...); code == 0 || strings.Contains(out+errs, "s3cret") || !strings.Contains(errs, "NAME=KEY") {
			t.Errorf("%v: %d %s%s", args, code, out, errs)
		}
	}
	for _, yaml := range []string{
		"bluesky: {hosts: ['wss://ann:s3cret@b.example/x', 'wss://ann:s3cret@b.example']}",
		"press: {type: feed, feeds: ['ftp://ann:s3cret@b.example?s3cret']}",
		"x: {token: $s3cret, services: [whatsapp]}",
		"x: {token: t, services: [whatsapp], url: 'ftp://ann:s3cret@x.example'}",
		"mastodon: {instances: ['ftp://ann:s3cret@m.example']}",
	} {
		path := settings(t, yaml)
		if out, errs, code := outcry(t, "", "sources", "--data", t.TempDir(), "--sources", path); code != 1 || strings.Contains(out+errs, "s3cret") {
			t.Errorf("%s: %d %s%s", yaml, code, out, errs)
		}
	}
}

// What is wrong with a source is said at the start, by its field.
func TestSourcesNameTheField(t *testing.T) {
	t.Parallel()
	for yaml, want := range map[string]string{
		"bluesky: {hosts: [\"ftp://x\"]}": "bluesky: hosts: ",
		"bluesky: {protocol: v7}":         "bluesky: protocol: ",
		"bluesky:\n  colour: red":         "bluesky: line 2: unknown field colour",
		"bluesky: {silence: never}":       "bluesky: ",
		"bluesky: [1]":                    "bluesky: ",
		"press: {type: feed}":             "press: feeds: ",
		"press: {type: feed, feeds: [x]}": "press: feeds[0].url: ",
		"press:\n  type: feed\n  feeds:\n  - {url: 'http://x', every: 1m}":                    "press: line 4: unknown field every",
		"mastodon: {instances: [{url: x}]}":                                                   "mastodon: instances[0].url: ",
		"mastodon: {instances: ['https://m.example', {uri: x}]}":                              "unknown field uri",
		"m: {type: mastodon, instances: [{url: 'https://m.example', token: $NO_SUCH_TOKEN}]}": "m: instances[0].token: the environment has no NO_SUCH_TOKEN",
		"inbox: {type: folder, path: /no/such/folder}":                                        "inbox: path: ",
		"inbox: {type: folder, path: /, comma: ab}":                                           "inbox: comma: ",
		"reddit: {subreddits: [whatsapp], client_id: a, client_secret: $NO_SUCH_SECRET}":      "reddit: client_secret: the environment has no NO_SUCH_SECRET",
		"reddit: {client_id: a, client_secret: b}":                                            "reddit: subreddits: ",
		"x: {services: [whatsapp]}":                                                           "x: token: ",
		"x: {token: t, services: [wotsapp]}":                                                  "x: services: no service has the slug \"wotsapp\"",
		"usenet: {}":                                                                          "usenet: type: ",
		"":                                                                                    "it names no source",
		"bluesky: {":                                                                          "sources.yaml",
		"Blue Sky: {type: bluesky}":                                                           "Blue Sky: name: ",
		"bluesky: {silence: -1s}":                                                             "bluesky: silence: ",
		"bluesky: {type: bluesky, name: x":                                                    "sources.yaml",
	} {
		path := settings(t, yaml)
		if out, errs, code := outcry(t, "", "run", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--sources", path); code != 1 || !strings.Contains(errs, want) {
			t.Errorf("%q: %d %s%s, want %s", yaml, code, out, errs, want)
		}
	}
}
