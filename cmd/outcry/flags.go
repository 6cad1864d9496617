package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/prometheus/client_golang/prometheus"

	"outcry/aggregate/store"
	"outcry/api"
	"outcry/ingest"
	"outcry/ingest/push"
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

// Validate is called by kong; it names every bad value.
func (f queueFlags) Validate() error {
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

// Validate is called by kong; no key is printed.
func (f pushFlags) Validate() error {
	_, err := push.New(push.Config{Keys: f.PushKey})
	return err
}

type reportFlags struct {
	Reports    bool     `help:"Let visitors of pages report that a service does not work." default:"true" negatable:""`
	TrustProxy []string `help:"Addresses or networks of proxies whose X-Forwarded-For is believed, to tell visitors apart." placeholder:"ADDRESS,…"`
}

// Validate is called by kong.
func (f reportFlags) Validate() error {
	if _, err := f.handler(slog.New(slog.DiscardHandler), &ingest.Runner{}, nil); err != nil {
		return fmt.Errorf("--trust-proxy: %w", err)
	}
	return nil
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
	authorFlags
}

func (f sendFlags) open(e *env, q *queue, data dataFlags, services api.Catalog, registry prometheus.Registerer) (s senders, runner *ingest.Runner, err error) {
	authors, err := data.authors(f.AuthorKey)
	if err != nil {
		return s, nil, err
	}
	runner = newRunner(e, q, data, authors, registry)
	if len(f.PushKey) > 0 {
		if s.posts, err = push.New(push.Config{Keys: f.PushKey, Queue: runner, Now: time.Now, Log: e.log.With("component", "push")}); err != nil {
			return s, nil, err
		}
	}
	s.reports, err = f.reportFlags.handler(e.log, runner, services)
	return s, runner, err
}

type watchFlags struct {
	FalseAlarms float64 `help:"How many false alarms to accept, per service and year; nominal, about a tenth of what is seen." default:"0.02" placeholder:"N"`
}

// Validate is called by kong.
func (f watchFlags) Validate() error {
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
	words, err := f.words()
	if err != nil {
		return nil, nil, err
	}
	trained, err := f.trained()
	if err != nil {
		return nil, nil, err
	}
	classifier, err := nlp.New(services, words, trained)
	if err != nil {
		return nil, nil, fmt.Errorf("classifier: %w", err)
	}
	return services, classifier, nil
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
