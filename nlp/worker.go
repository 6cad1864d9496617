package nlp

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"outcry/ingest"
	"outcry/ingest/bus"
)

const (
	batchSize   = 4_000
	batchWindow = 20 * time.Millisecond
	// stopTimeout bounds the batch that is under way when a stop is asked for.
	stopTimeout = 10 * time.Second
)

// Reader reads the posts topic.
type Reader interface{ bus.Fetcher }

// Queue takes messages; it returns when they are safe, or its context ends.
type Queue interface {
	Write(ctx context.Context, messages []bus.Message) error
}

// Worker reads posts, classifies them, and queues signals and volumes. A
// batch is committed when what follows from it is queued.
type Worker struct {
	Reader     Reader
	Queue      Queue
	Classifier *Classifier
	Metrics    *Metrics
	Now        func() time.Time
}

// Run works until ctx ends, which is no error.
func (w *Worker) Run(ctx context.Context) error {
	if err := (bus.Loop{Limit: batchSize, Window: batchWindow, Stop: stopTimeout}).Run(ctx, w.Reader, w.work); err != nil {
		return fmt.Errorf("classify: %w", err)
	}
	return nil
}

func (w *Worker) work(ctx context.Context, posts []bus.Message) error {
	began := w.Now()
	messages, err := w.results(posts)
	if err != nil {
		return err
	}
	w.Metrics.seconds.Add(w.Now().Sub(began).Seconds())
	return w.Queue.Write(ctx, messages)
}

// results classifies posts on all cores and returns the messages that follow
// from them, in the order of the posts, volumes last.
func (w *Worker) results(posts []bus.Message) ([]bus.Message, error) {
	parts := slices.Collect(slices.Chunk(posts, max(1, (len(posts)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))))
	found := make([]findings, len(parts))
	var group sync.WaitGroup
	for i, part := range parts {
		group.Go(func() { found[i] = w.read(part) })
	}
	group.Wait()
	heard := volumes{}
	var messages []bus.Message
	for _, f := range found {
		if f.err != nil {
			return nil, f.err
		}
		messages = append(messages, f.messages...)
		for key, hashes := range f.heard {
			heard[key] = append(heard[key], hashes...)
		}
	}
	return heard.appendTo(messages)
}

// findings is what follows from some posts.
type findings struct {
	messages []bus.Message
	heard    volumes
	err      error
}

func (w *Worker) read(posts []bus.Message) findings {
	f := findings{heard: volumes{}}
	for _, m := range posts {
		var post ingest.Post
		if err := json.Unmarshal(m.Value, &post); err != nil {
			f.refuse(w.Metrics, m, &ingest.Refusal{Reason: ingest.NotJSON, Detail: err.Error()})
			continue
		}
		if refusal := ingest.Check(post, w.Now()); refusal != nil {
			f.refuse(w.Metrics, m, refusal)
			continue
		}
		if f.err = f.take(w, post); f.err != nil {
			return f
		}
	}
	return f
}

// refuse keeps a message that another program put into the posts topic and
// that is no post.
func (f *findings) refuse(metrics *Metrics, m bus.Message, refusal *ingest.Refusal) {
	refusal.Raw, refusal.Position = m.Value, m.Topic+"/"+string(m.Key)
	f.messages = append(f.messages, ingest.DeadLetter("classify", refusal))
	metrics.refused.WithLabelValues(string(refusal.Reason)).Inc()
}

func (f *findings) take(w *Worker, post ingest.Post) error {
	hash := ingest.PostHash(post.Source, post.ID)
	if post.Deleted {
		return f.signal(Signal{PostID: post.ID, Source: post.Source, Author: post.Author, Deleted: true}, strconv.FormatUint(hash, 16))
	}
	if post.Report != nil {
		return f.takeReport(w, post, hash)
	}
	tags := w.Classifier.Classify(Input{Text: post.Text, Lang: post.Lang, About: post.About})
	if post.Press && tags.Kind == Complaint { // who tells it is no witness
		tags.Kind = News
	}
	w.Metrics.posts.WithLabelValues(string(tags.Kind)).Inc()
	f.heard.add(post, tags.Lang, hash)
	services := tags.Services
	if len(services) == 0 && tags.Kind == Complaint {
		services = []string{UnknownService}
	}
	for _, service := range services {
		err := f.signal(Signal{
			PostID: post.ID, Source: post.Source, Service: service, Kind: tags.Kind, Lang: tags.Lang,
			Symptoms: tags.Symptoms, Score: tags.Score, Spans: tags.Spans,
			Text: post.Text, Author: post.Author, CreatedAt: post.CreatedAt,
		}, service)
		if err != nil {
			return err
		}
	}
	return nil
}

// takeReport takes a report at its word: there is no text to be read.
func (f *findings) takeReport(w *Worker, post ingest.Post, hash uint64) error {
	s := Signal{
		PostID: post.ID, Source: post.Source, Service: post.Report.Service, Kind: Complaint, Lang: post.Lang,
		Score: 1, Author: post.Author, CreatedAt: post.CreatedAt,
	}
	if post.Report.Symptom != "" {
		s.Symptoms = []string{post.Report.Symptom}
	}
	w.Metrics.posts.WithLabelValues(string(Complaint)).Inc()
	f.heard.add(post, post.Lang, hash)
	return f.signal(s, s.Service)
}

func (f *findings) signal(s Signal, key string) error {
	value, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode signal: %w", err)
	}
	f.messages = append(f.messages, bus.Message{Topic: ingest.SignalsTopic, Key: []byte(key), Value: value})
	return nil
}

// volumes gathers the hashes of the posts heard per minute, source, language.
type volumes map[volumeKey][]uint64

type volumeKey struct {
	minute       int64 // Unix time
	source, lang string
}

func (v volumes) add(post ingest.Post, lang string, hash uint64) {
	key := volumeKey{post.CreatedAt.Truncate(time.Minute).Unix(), post.Source, lang}
	v[key] = append(v[key], hash)
}

func (v volumes) appendTo(messages []bus.Message) ([]bus.Message, error) {
	keys := make([]volumeKey, 0, len(v))
	for key := range v {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b volumeKey) int {
		return cmp.Or(cmp.Compare(a.minute, b.minute), cmp.Compare(a.source, b.source), cmp.Compare(a.lang, b.lang))
	})
	for _, key := range keys {
		value, err := json.Marshal(Volume{Minute: time.Unix(key.minute, 0).UTC(), Source: key.source, Lang: key.lang, Posts: v[key]})
		if err != nil {
			return nil, fmt.Errorf("encode volume: %w", err)
		}
		messages = append(messages, bus.Message{Topic: ingest.VolumesTopic, Key: []byte(key.source), Value: value})
	}
	return messages, nil
}
