package main

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/prometheus/client_golang/prometheus"

	"outcry/aggregate/store"
	"outcry/api"
	"outcry/ingest"
	"outcry/ingest/peer"
	"outcry/ingest/push"
	"outcry/ingest/push/keys"
	"outcry/ingest/report"
	"outcry/nlp"
	"outcry/nlp/catalog"
	"outcry/nlp/lexicon"
)

// The flags below are shared by the commands that use the part.

type dataFlags struct {
	Data string `help:"Folder of the embedded queue and store, of cursors and of the author key; default: ./data." type:"path" default:"data" placeholder:"DIR"`
}

type queueFlags struct {
	Kafka         []string `help:"Kafka brokers; empty: the embedded queue." placeholder:"HOST:PORT"`
	KafkaTLS      bool     `help:"Speak TLS with Kafka."`
	KafkaLogin    string   `help:"How to log in to Kafka: plain, scram-sha-256 or scram-sha-512." enum:",plain,scram-sha-256,scram-sha-512" default:""`
	KafkaUser     string   `help:"User for Kafka."`
	KafkaPassword string   `help:"Password for Kafka; better set as OUTCRY_KAFKA_PASSWORD."`
	QueuePort     int      `help:"Loopback port of the embedded queue, for other processes; 0: any." default:"19092"`
	Partitions    int      `help:"Partitions of topics that are made: how many processes can share a stage." default:"4"`
}

// AfterApply is called by kong, which passes over the Validate of embedded flags; it
// names every bad value.
func (f queueFlags) AfterApply() error {
	var errs []error
	if f.QueuePort < 0 || f.QueuePort > 65535 {
		errs = append(errs, fmt.Errorf("--queue-port %d: must be 0 to 65535", f.QueuePort))
	}
	if f.Partitions < 1 || f.Partitions > 1000 {
		errs = append(errs, fmt.Errorf("--partitions %d: must be 1 to 1000", f.Partitions))
	}
	if f.KafkaLogin == "" && (f.KafkaUser != "" || f.KafkaPassword != "") {
		errs = append(errs, errors.New("--kafka-user and --kafka-password need --kafka-login"))
	}
	return errors.Join(errs...)
}

type storeFlags struct {
	Clickhouse string `help:"ClickHouse server, clickhouse:// or http(s)://user:password@host:port/database; empty: the embedded engine." placeholder:"URL"`
	Libchdb    string `help:"The embedded engine's library; empty: found in node_modules or beside the program." type:"path" placeholder:"FILE"`
}

type catalogFlags struct {
	Catalog string `help:"Folder of YAML files with services, instead of the built-in ones." type:"path" placeholder:"DIR"`
}

type nlpFlags struct {
	catalogFlags
	Lexicon string `help:"Folder of YAML files with the language of complaints, instead of the built-in ones." type:"path" placeholder:"DIR"`
	Model   string `help:"File that train wrote, instead of the built-in model; none: rules alone." type:"path" placeholder:"FILE"`
}

type pushFlags struct {
	PushKey pushKeys `help:"Keys of those who may send posts to /v1/posts, by the name of their source; better set as OUTCRY_PUSH_KEY." placeholder:"NAME=KEY;…"`
	Keys    string   `help:"YAML file of keys for sending posts and reports and for reading, with what each opens." type:"path" placeholder:"FILE"`
}

// pushKeys are secrets by name.
type pushKeys map[string]string

// Decode implements kong.MapperValue. Unlike kong's own reading of a map it prints
// no part of what it cannot read.
func (p *pushKeys) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("keys", &text); err != nil {
		return err
	}
	if *p == nil {
		*p = pushKeys{}
	}
	for part := range strings.SplitSeq(text, ";") {
		name, key, named := strings.Cut(part, "=")
		if !named {
			return errors.New("a key must have a name before it: NAME=KEY, and ; between several")
		}
		(*p)[name] = key
	}
	return nil
}

// ring holds the keys of the flag, which open posts, and those of the file. No key
// is printed.
func (f pushFlags) ring() (*keys.Ring, error) {
	var all []keys.Key
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(f.PushKey)) {
		key, err := keys.FromSecret(name, f.PushKey[name], keys.Posts)
		all, errs = append(all, key), append(errs, err)
	}
	if f.Keys != "" {
		text, err := os.ReadFile(f.Keys)
		if err != nil {
			return nil, fmt.Errorf("--keys: %w", err)
		}
		more, err := keys.Parse(text, os.Getenv)
		if err != nil {
			return nil, fmt.Errorf("--keys %s: %w", f.Keys, err)
		}
		all = append(all, more...)
	}
	ring, err := keys.NewRing(all...)
	return ring, errors.Join(append(errs, err)...)
}

// posts says whether anybody may send posts.
func (f pushFlags) posts() bool {
	ring, err := f.ring()
	return err == nil && len(ring.With(keys.Posts)) > 0
}

type guardFlags struct {
	RateLimit    int `help:"Requests a minute that an address may send, as many at once too; 0: any number. This machine itself is not counted." default:"600" placeholder:"N"`
	LiveStreams  int `help:"Live streams that an address may hold open at once; 0: any number. Neither this machine itself nor keys with the scope read are bounded." default:"200" placeholder:"N"`
	RateLimitKey int `help:"The same of a key that has no rate of its own." default:"6000" placeholder:"N"`
}

type reportFlags struct {
	Reports    bool     `help:"Let visitors of pages report that a service does not work." default:"true" negatable:""`
	TrustProxy []string `help:"Addresses or networks of proxies whose Forwarded and X-Forwarded-For are believed, to tell clients and visitors apart, and whose X-Forwarded-Proto and X-Forwarded-Prefix are, in links to this server." placeholder:"ADDRESS,…"`
}

// handler takes reports for the queue; nil where none are wanted.
func (f reportFlags) handler(log *slog.Logger, q report.Queue, services api.Catalog) (api.Reports, error) {
	if !f.Reports {
		return nil, nil
	}
	return report.New(report.Config{
		Queue: q, Known: api.KnownReport(services), TrustProxies: f.TrustProxy, Now: time.Now, Log: log.With("component", "reports")})
}

// senders are those who may send to us over HTTP.
type senders struct {
	posts   http.Handler // nil: nobody may send posts
	reports api.Reports  // nil: nobody may report
}

// sendFlags are of the commands that serve HTTP.
type sendFlags struct {
	pushFlags
	reportFlags
	guardFlags
	authorFlags
}

// AfterApply is called by kong, which passes over the Validate of embedded flags.
// It names every bad value.
func (f sendFlags) AfterApply() error {
	var errs []error
	if f.RateLimit < 0 || f.RateLimitKey < 0 || f.LiveStreams < 0 {
		errs = append(errs, errors.New("--rate-limit, --rate-limit-key and --live-streams must be 0 or more"))
	}
	if _, err := peer.NewProxies(f.TrustProxy); err != nil {
		errs = append(errs, fmt.Errorf("--trust-proxy: %w", err))
	}
	_, err := f.ring()
	return errors.Join(append(errs, err)...)
}

// guard limits who may ask, and knows the keys.
func (f sendFlags) guard() (*api.Guard, error) {
	ring, err := f.ring()
	if err != nil {
		return nil, err
	}
	return api.NewGuard(api.GuardConfig{Keys: ring, PerMinute: f.RateLimit, KeyPerMinute: f.RateLimitKey, Streams: f.LiveStreams, TrustProxies: f.TrustProxy})
}

func (f sendFlags) open(e *env, q *queue, data dataFlags, services api.Catalog, registry prometheus.Registerer) (s senders, runner *ingest.Runner, err error) {
	authors, err := data.authors(f.AuthorKey)
	if err != nil {
		return s, nil, err
	}
	runner = newRunner(e, q, data, authors, registry)
	ring, err := f.ring()
	if err != nil {
		return s, nil, err
	}
	if len(ring.With(keys.Posts)) > 0 {
		s.posts = push.New(push.Config{Keys: ring, Queue: runner, Now: time.Now, Log: e.log.With("component", "push")})
	}
	s.reports, err = f.reportFlags.handler(e.log, runner, services)
	return s, runner, err
}

type watchFlags struct {
	FalseAlarms float64 `help:"How many false alarms to accept, per service and year; nominal, about a twenty-fifth of what is seen." default:"0.008" placeholder:"N"`
}

// AfterApply is called by kong.
func (f watchFlags) AfterApply() error {
	if f.FalseAlarms <= 0 || f.FalseAlarms > 100 {
		return fmt.Errorf("--false-alarms %g: must be above 0, and at most 100", f.FalseAlarms)
	}
	return nil
}

type metricsFlags struct {
	Metrics string `help:"Address on which a single stage serves /metrics; empty: none." placeholder:"HOST:PORT"`
}

func (f storeFlags) open(e *env, data dataFlags) (*store.Store, error) {
	return store.Open(e.ctx, store.Options{Address: f.Clickhouse, Dir: filepath.Join(data.Data, "store"), LibPath: f.Libchdb})
}

func (f nlpFlags) load() (*catalog.Catalog, *nlp.Classifier, error) {
	services, err := f.services()
	if err != nil {
		return nil, nil, err
	}
	classifier, err := f.classifier(services)
	return services, classifier, err
}

// classifier of services. It takes long beside all else that a start checks.
func (f nlpFlags) classifier(services *catalog.Catalog) (*nlp.Classifier, error) {
	trained, err := f.trained()
	if err != nil {
		return nil, err
	}
	words, err := f.words()
	if err != nil {
		return nil, err
	}
	classifier, err := nlp.New(services, words, trained)
	if err != nil {
		return nil, fmt.Errorf("classifier: %w", err)
	}
	debug.FreeOSMemory() // what was read takes five times what is made of it
	return classifier, nil
}

func (f catalogFlags) services() (*catalog.Catalog, error) {
	if f.Catalog == "" {
		return catalog.Default()
	}
	services, err := catalog.Load(os.DirFS(f.Catalog))
	if err != nil {
		return nil, fmt.Errorf("--catalog %s: %w", f.Catalog, err)
	}
	return services, nil
}

func (f nlpFlags) words() (*lexicon.Lexicon, error) {
	if f.Lexicon == "" {
		return lexicon.Default()
	}
	words, err := lexicon.Load(os.DirFS(f.Lexicon))
	if err != nil {
		return nil, fmt.Errorf("--lexicon %s: %w", f.Lexicon, err)
	}
	return words, nil
}

func (f nlpFlags) trained() (*nlp.Models, error) {
	switch filepath.Base(f.Model) {
	case ".":
		return nlp.DefaultModels()
	case "none":
		return nil, nil
	}
	file, err := os.Open(f.Model)
	if err != nil {
		return nil, fmt.Errorf("--model: %w", err)
	}
	defer file.Close()
	m, err := nlp.ReadModels(file)
	if err != nil {
		return nil, fmt.Errorf("--model %s: %w", f.Model, err)
	}
	return m, nil
}

func (f dataFlags) authors(secret string) (ingest.AuthorKey, error) {
	if secret != "" {
		return ingest.NewAuthorKey(secret)
	}
	return ingest.LoadAuthorKey(filepath.Join(f.Data, "author.key"))
}
