package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// server is a running `outcry run` with a data folder of its own.
type server struct {
	cmd  *exec.Cmd
	log  *bytes.Buffer
	url  string
	data string
}

func (b bench) start(ctx context.Context, name string, args ...string) (*server, error) {
	return b.launch(ctx, filepath.Join(b.dir, name), append([]string{"run", "--queue-port", "0"}, args...)...)
}

// serve starts `outcry serve` on a folder that is there.
func (b bench) serve(ctx context.Context, data string) (*server, error) {
	return b.launch(ctx, data, "serve")
}

func (b bench) launch(ctx context.Context, data string, args ...string) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("find a free port: %w", err)
	}
	address := listener.Addr().String()
	listener.Close()
	s := &server{log: &bytes.Buffer{}, url: "http://" + address, data: data}
	s.cmd = exec.CommandContext(ctx, b.outcry, append(args, "--data", s.data, "--listen", address)...)
	s.cmd.Stderr = s.log
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	return s, s.await(ctx, "readiness", func() (bool, error) {
		response, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false, nil // not listening yet
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK, nil
	})
}

func (s *server) await(ctx context.Context, what string, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("no %s: %w; the program said:\n%s", what, ctx.Err(), s.log)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// awaitHeard waits until the API counts n posts on the simulated day.
func (s *server) awaitHeard(ctx context.Context, n int) error {
	return s.await(ctx, "end", func() (bool, error) {
		points, err := s.curve("service=whatsapp&step=1d&from=2022-10-25T00:00:00Z&to=2022-10-26T00:00:00Z")
		return err == nil && points[0].Heard >= n, err
	})
}

type point struct{ Posts, Heard int }

func (s *server) curve(query string) ([]point, error) {
	response, err := http.Get(s.url + "/v1/curves?" + query)
	if err != nil {
		return nil, fmt.Errorf("read curve: %w", err)
	}
	defer response.Body.Close()
	var answer struct{ Points []point }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("read curve: %w", err)
	}
	if len(answer.Points) == 0 {
		return nil, errors.New("read curve: it has no points")
	}
	return answer.Points, nil
}

// feed is a running `outcry ingest` that reads posts from a pipe.
func (b bench) feed(ctx context.Context, s *server) (io.WriteCloser, error) {
	cmd := exec.CommandContext(ctx, b.outcry, "ingest", "--data", s.data, "--file", "-", "--format", "ndjson")
	feed, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	return feed, nil
}

// probe sends one post under a source name of its own and waits for its point.
func (s *server) probe(ctx context.Context, feed io.Writer, i int) (time.Duration, error) {
	now := time.Now().UTC()
	_, err := fmt.Fprintf(feed, `{"id":"%d","source":"probe-%d","text":"WhatsApp is down, cannot send messages","created_at":%q}`+"\n",
		i, i, now.Format(time.RFC3339Nano))
	if err != nil {
		return 0, fmt.Errorf("probe: %w", err)
	}
	query := fmt.Sprintf("service=whatsapp&source=probe-%d&from=%d&to=%d", i, now.Unix(), now.Add(time.Minute).Unix())
	err = s.await(ctx, "probe", func() (bool, error) {
		points, err := s.curve(query)
		return err == nil && points[0].Posts == 1, err
	})
	return time.Since(now), err
}

// memory reads a line of /proc/PID/status in MB (VmRSS now, VmHWM the peak);
// 0 where there is no /proc.
func (s *server) memory(name string) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			var kB float64
			fmt.Sscan(rest, &kB)
			return kB / 1024
		}
	}
	return 0
}

// processor is the time that the program has computed for so far; 0 where there
// is no /proc.
func (s *server) processor() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name before it may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	var user, system int64
	fmt.Sscan(fields[11], &user)
	fmt.Sscan(fields[12], &system)
	return time.Duration(user+system) * 10 * time.Millisecond // the kernel's clock ticks 100 times a second
}

func (s *server) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("stop: %w; the program said:\n%s", err, s.log)
	}
	return nil
}
