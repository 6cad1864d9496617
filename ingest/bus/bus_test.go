package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"outcry/ingest/bus"
)

// TestConformance runs one suite against every Kafka there is: the embedded
// broker, and the brokers of OUTCRY_TEST_KAFKA when it is set.
func TestConformance(t *testing.T) {
	t.Run("embedded", func(t *testing.T) { conform(t, startEmbedded(t, t.TempDir()).Addr) })
	if brokers := os.Getenv("OUTCRY_TEST_KAFKA"); brokers != "" {
		t.Run("kafka", func(t *testing.T) { conform(t, strings.Split(brokers, ",")...) })
	}
}

func conform(t *testing.T, brokers ...string) {
	for name, check := range map[string]func(*testing.T, *bus.Bus, string){
		"what is written is read with key, headers and any bytes": checkRoundTrip,
		"messages of one key keep their order":                    checkOrder,
		"what is not committed is read again":                     checkRedelivery,
		"what is committed is not":                                checkCommit,
		"two members of a group share the work":                   checkSharing,
		"one reader reads several topics":                         checkTopics,
		"a message near the limit passes, one above is refused":   checkLargest,
		"a topic that takes less at once gets it in parts": func(t *testing.T, _ *bus.Bus, topic string) {
			checkSmallTopic(t, topic+"-small", brokers)
		},
		"topics can be ensured twice": checkEnsureTwice,
		"fetch ends with its context": checkFetchEnds,
	} {
		t.Run(name, func(t *testing.T) {
			b, err := bus.Connect(t.Context(), bus.Options{Brokers: brokers})
			if err != nil {
				t.Fatal(err)
			}
			topic := fmt.Sprintf("test-%d", time.Now().UnixNano())
			if err := b.EnsureTopics(t.Context(), bus.Topic{Name: topic, Partitions: 4, Retention: time.Hour}); err != nil {
				t.Fatal(err)
			}
			check(t, b, topic)
		})
	}
}

func checkRoundTrip(t *testing.T, b *bus.Bus, topic string) {
	want := bus.Message{Topic: topic, Key: []byte("k"), Value: []byte("\xff\x00;é\n"), Headers: []bus.Header{{Name: "reason", Value: "no_text"}}}
	write(t, b, want)
	got := read(t, reader(t, b, topic, topic), 1)[0]
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func checkOrder(t *testing.T, b *bus.Bus, topic string) {
	for i := range 5 {
		var messages []bus.Message
		for j := range 100 {
			messages = append(messages, bus.Message{Topic: topic, Key: fmt.Append(nil, j%7), Value: fmt.Append(nil, i*100+j)})
		}
		write(t, b, messages...)
	}
	last := map[string]int{}
	for _, m := range read(t, reader(t, b, topic, topic), 500) {
		var n int
		fmt.Sscan(string(m.Value), &n)
		if before, ok := last[string(m.Key)]; ok && n < before {
			t.Fatalf("key %s: %d came after %d", m.Key, n, before)
		}
		last[string(m.Key)] = n
	}
}

func checkRedelivery(t *testing.T, b *bus.Bus, topic string) {
	write(t, b, bus.Message{Topic: topic, Value: []byte("once more")})
	first := reader(t, b, topic, topic)
	if _, err := first.Fetch(t.Context(), 10, time.Millisecond); err != nil {
		t.Fatal(err)
	}
	closeReader(t, first)
	read(t, reader(t, b, topic, topic), 1)
}

func checkCommit(t *testing.T, b *bus.Bus, topic string) {
	write(t, b, bus.Message{Topic: topic, Value: []byte("a")})
	first := reader(t, b, topic, topic)
	read(t, first, 1)
	closeReader(t, first)
	write(t, b, bus.Message{Topic: topic, Value: []byte("b")})
	if got := read(t, reader(t, b, topic, topic), 1); string(got[0].Value) != "b" {
		t.Errorf("got %q again", got[0].Value)
	}
}

func checkSharing(t *testing.T, b *bus.Bus, topic string) {
	one, two := reader(t, b, topic, topic), reader(t, b, topic, topic)
	stop, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { // the group is in balance when the second member gets its share
		w := b.NewWriter(slog.New(slog.DiscardHandler))
		defer w.Close()
		for i := 0; w.Write(stop, []bus.Message{{Topic: topic, Key: fmt.Append(nil, i), Value: []byte("x")}}) == nil; i++ {
			time.Sleep(time.Millisecond)
		}
	}()
	got := make(chan error, 2)
	for _, r := range []*bus.Reader{one, two} {
		go func() {
			ctx, cancel := context.WithTimeout(stop, 60*time.Second)
			defer cancel()
			_, err := r.Fetch(ctx, 1, time.Millisecond)
			got <- err
		}()
	}
	for range 2 {
		if err := <-got; err != nil {
			t.Errorf("a member got nothing: %v", err)
		}
	}
}

func checkTopics(t *testing.T, b *bus.Bus, topic string) {
	other := topic + "-other"
	if err := b.EnsureTopics(t.Context(), bus.Topic{Name: other, Partitions: 1}); err != nil {
		t.Fatal(err)
	}
	write(t, b, bus.Message{Topic: topic, Value: []byte("a")}, bus.Message{Topic: other, Value: []byte("b")})
	seen := map[string]string{}
	for _, m := range read(t, reader(t, b, topic, topic, other), 2) {
		seen[m.Topic] = string(m.Value)
	}
	if seen[topic] != "a" || seen[other] != "b" {
		t.Errorf("got %v", seen)
	}
}

func checkLargest(t *testing.T, b *bus.Bus, topic string) {
	write(t, b, bus.Message{Topic: topic, Value: make([]byte, bus.MaxMessageBytes-1024)})
	if got := read(t, reader(t, b, topic, topic), 1); len(got[0].Value) != bus.MaxMessageBytes-1024 {
		t.Errorf("got %d bytes", len(got[0].Value))
	}
	w := b.NewWriter(slog.New(slog.DiscardHandler))
	defer w.Close()
	if err := w.Write(t.Context(), []bus.Message{{Topic: topic, Value: make([]byte, bus.MaxMessageBytes+1)}}); err == nil {
		t.Error("a message above the limit was taken")
	}
}

// checkSmallTopic writes more at once than a topic takes that others made.
func checkSmallTopic(t *testing.T, topic string, brokers []string) {
	limit := kafka.ConfigEntry{ConfigName: "max.message.bytes", ConfigValue: "20000"}
	client := &kafka.Client{Addr: kafka.TCP(brokers...)}
	_, err := client.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{
		{Topic: topic, NumPartitions: 1, ReplicationFactor: 1, ConfigEntries: []kafka.ConfigEntry{limit}}}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := bus.Connect(t.Context(), bus.Options{Brokers: brokers})
	if err != nil {
		t.Fatal(err)
	}
	var messages []bus.Message
	for i := range 20 {
		value := make([]byte, 5_000)
		rand.NewChaCha8([32]byte{byte(i)}).Read(value) // random bytes do not get smaller by compression
		messages = append(messages, bus.Message{Topic: topic, Value: value})
	}
	write(t, b, messages...)
	seen := map[string]bool{}
	for r := reader(t, b, topic, topic); len(seen) < len(messages); {
		seen[string(read(t, r, 1)[0].Value)] = true
	}
}

func checkEnsureTwice(t *testing.T, b *bus.Bus, topic string) {
	if err := b.EnsureTopics(t.Context(), bus.Topic{Name: topic, Partitions: 4}); err != nil {
		t.Error(err)
	}
}

func checkFetchEnds(t *testing.T, b *bus.Bus, topic string) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := reader(t, b, topic, topic).Fetch(ctx, 1, time.Second); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestEmbeddedKeepsMessagesAndOffsets(t *testing.T) {
	dir := t.TempDir()
	var b *bus.Bus
	open := func() *bus.Embedded {
		e, err := bus.StartEmbedded(dir, 0, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if b, err = bus.Connect(t.Context(), bus.Options{Brokers: []string{e.Addr}}); err != nil {
			t.Fatal(err)
		}
		return e
	}
	e := open()
	if err := b.EnsureTopics(t.Context(), bus.Topic{Name: "posts", Partitions: 1}); err != nil {
		t.Fatal(err)
	}
	write(t, b, bus.Message{Topic: "posts", Value: []byte("a")})
	r := reader(t, b, "group", "posts")
	read(t, r, 1)
	closeReader(t, r)
	write(t, b, bus.Message{Topic: "posts", Value: []byte("b")})
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	defer open().Close()
	r = reader(t, b, "group", "posts")
	if got := read(t, r, 1); string(got[0].Value) != "b" {
		t.Errorf("after a restart got %q", got[0].Value)
	}
	closeReader(t, r)
}

// TestBrokerAway stops the broker for longer than kafka-go itself tries again:
// a write and a fetch that are under way wait for it.
func TestBrokerAway(t *testing.T) {
	dir := t.TempDir()
	e := startEmbedded(t, dir)
	b, err := bus.Connect(t.Context(), bus.Options{Brokers: []string{e.Addr}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.EnsureTopics(t.Context(), bus.Topic{Name: "posts", Partitions: 1}); err != nil {
		t.Fatal(err)
	}
	write(t, b, bus.Message{Topic: "posts", Value: []byte("a")})
	r := reader(t, b, "group", "posts")
	read(t, r, 1)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		write(t, b, bus.Message{Topic: "posts", Value: []byte("b")})
	}()
	time.AfterFunc(5*time.Second, func() {
		_, port, _ := net.SplitHostPort(e.Addr)
		n, _ := strconv.Atoi(port)
		again, err := bus.StartEmbedded(dir, n, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { again.Close() })
	})
	if m := read(t, r, 1); string(m[0].Value) != "b" {
		t.Errorf("got %q, want b", m[0].Value)
	}
	<-written
}

func TestEmbeddedInUse(t *testing.T) {
	dir := t.TempDir()
	e := startEmbedded(t, dir)
	if _, err := bus.StartEmbedded(dir, 0, slog.New(slog.DiscardHandler)); !errors.Is(err, bus.ErrInUse) {
		t.Errorf("got %v", err)
	}
	addr, err := bus.FindEmbedded(t.Context(), dir)
	if err != nil || addr != e.Addr {
		t.Errorf("got %q, %v, want %q", addr, err, e.Addr)
	}
}

func TestEmbeddedPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = bus.StartEmbedded(t.TempDir(), l.Addr().(*net.TCPAddr).Port, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "--queue-port") {
		t.Errorf("got %v", err)
	}
}

func TestConnectNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		options bus.Options
		want    string
	}{
		{bus.Options{Brokers: []string{"nohost"}}, "must be host:port"},
		{bus.Options{Brokers: []string{"host:70000"}}, "must be host:port"},
		{bus.Options{Brokers: []string{"127.0.0.1:1"}}, "no broker answers"},
		{bus.Options{Brokers: []string{"127.0.0.1:1"}, Mechanism: "magic"}, "scram-sha-256"},
	} {
		if _, err := bus.Connect(t.Context(), c.options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v, want %q", c.options, err, c.want)
		}
	}
}

func startEmbedded(t *testing.T, dir string) *bus.Embedded {
	t.Helper()
	e, err := bus.StartEmbedded(dir, 0, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func write(t *testing.T, b *bus.Bus, messages ...bus.Message) {
	t.Helper()
	w := b.NewWriter(slog.New(slog.DiscardHandler))
	defer w.Close()
	if err := w.Write(t.Context(), messages); err != nil {
		t.Error(err)
	}
}

func reader(t *testing.T, b *bus.Bus, group string, topics ...string) *bus.Reader {
	t.Helper()
	r, err := b.NewReader(group, slog.New(slog.DiscardHandler), topics...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func closeReader(t *testing.T, r *bus.Reader) {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

// read fetches and commits n messages.
func read(t *testing.T, r *bus.Reader, n int) []bus.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	var got []bus.Message
	for len(got) < n {
		batch, err := r.Fetch(ctx, n-len(got), 10*time.Millisecond)
		if err != nil {
			t.Fatalf("after %d of %d messages: %v", len(got), n, err)
		}
		if err := r.Commit(ctx, batch); err != nil {
			t.Fatal(err)
		}
		got = append(got, batch.Messages...)
	}
	return got
}
