package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tests of this package run the real program: real broker, real engine,
// real files. binary is built once.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "outcry-test-*")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "outcry")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, ".") // as make builds it, which spares building it twice
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build: %v\n%s", err, out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// outcry runs a command to its end, which must come within four minutes.
func outcry(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Errorf("outcry %s: still running after four minutes", strings.Join(args, " "))
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// server is a running `outcry run`.
type server struct {
	t    *testing.T
	cmd  *exec.Cmd
	log  *notes
	url  string
	data string

	ended chan struct{} // closed when the program has ended, with err
	err   error
}

// notes are what a program says while it runs.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// start runs all stages on a data folder and waits until they are ready.
func start(t *testing.T, data string, args ...string) *server {
	t.Helper()
	s := role(t, "run", append([]string{"--data", data, "--queue-port", "0", "--listen", "127.0.0.1:0"}, args...)...)
	s.data = data
	s.ready()
	return s
}

// role starts a command that runs until it is stopped.
func role(t *testing.T, name string, args ...string) *server {
	t.Helper()
	s := &server{t: t, log: &notes{}, ended: make(chan struct{})}
	s.cmd = exec.Command(binary, append([]string{name}, args...)...)
	s.cmd.Stderr = s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.err = s.cmd.Wait(); close(s.ended) }()
	t.Cleanup(func() { s.cmd.Process.Kill(); <-s.ended })
	return s
}

// ready waits until the program has said where it listens, and answers there that it
// is ready.
func (s *server) ready() {
	s.t.Helper()
	address := regexp.MustCompile(`url=(http://[0-9.:]+)`)
	s.await("readiness", func() bool {
		said := address.FindStringSubmatch(s.log.String())
		if said == nil {
			return false
		}
		s.url = said[1]
		response, err := http.Get(s.url + "/readyz")
		if err == nil {
			response.Body.Close()
		}
		return err == nil && response.StatusCode == http.StatusOK
	})
}

// await polls until done, for four minutes at most. It pauses for as long as the
// question took, so that the program has time for more than answers.
func (s *server) await(what string, done func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(4 * time.Minute); ; {
		asked := time.Now()
		if done() {
			return
		}
		select {
		case <-s.ended:
			s.t.Fatalf("no %s: the program ended, %v; it said:\n%s", what, s.err, s.log)
		case <-time.After(max(20*time.Millisecond, time.Since(asked))):
		}
		if time.Now().After(deadline) {
			s.kill()
			s.t.Fatalf("no %s after four minutes; the program said:\n%s", what, s.log)
		}
	}
}

// stop ends the program as Ctrl-C does, and checks that it ends cleanly.
func (s *server) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		s.t.Fatal(err)
	}
	if <-s.ended; s.err != nil {
		s.t.Errorf("after an interrupt: %v\n%s", s.err, s.log)
	}
}

// kill ends the program as kill -9 does.
func (s *server) kill() {
	s.t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	<-s.ended
}

func (s *server) get(path string, accept string) []byte {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Accept", accept)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.kill()
		s.t.Fatalf("%v; the program ended with %v and said:\n%s", err, s.err, s.log)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s, %v\n%s", path, response.Status, err, body)
	}
	return body
}

type point struct {
	T                     time.Time
	Posts, Authors, Heard uint64
}

// curve asks for one curve; extra is more of the query.
func (s *server) curve(service string, from, to time.Time, step, extra string) []point {
	s.t.Helper()
	query := url.Values{"service": {service}, "from": {from.Format(time.RFC3339)}, "to": {to.Format(time.RFC3339)}, "step": {step}}
	var answer struct{ Points []point }
	if err := json.Unmarshal(s.get("/v1/curves?"+query.Encode()+extra, "application/json"), &answer); err != nil {
		s.t.Fatal(err)
	}
	return answer.Points
}

// services are those with complaints in a range, with how many.
func (s *server) services(from, to time.Time) (posts map[string]uint64) {
	s.t.Helper()
	posts = map[string]uint64{}
	var answer struct {
		Services []struct {
			Slug  string
			Posts uint64
		}
	}
	path := "/v1/services?from=" + from.Format(time.RFC3339) + "&to=" + to.Format(time.RFC3339)
	if err := json.Unmarshal(s.get(path, "application/json"), &answer); err != nil {
		s.t.Fatal(err)
	}
	for _, service := range answer.Services {
		if service.Posts > 0 {
			posts[service.Slug] = service.Posts
		}
	}
	return posts
}

// heard is how many posts were heard in a range.
func (s *server) heard(from, to time.Time) (sum uint64) {
	s.t.Helper()
	for _, p := range s.curve("whatsapp", from, to, "1d", "") {
		sum += p.Heard
	}
	return sum
}
