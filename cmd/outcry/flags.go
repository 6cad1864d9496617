package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"outcry/aggregate/store"
	"outcry/ingest"
	"outcry/ingest/push"
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

type nlpFlags struct {
	Catalog string `help:"Folder of YAML files with services, instead of the built-in ones." type:"path" placeholder:"DIR"`
	Lexicon string `help:"Folder of YAML files with the language of complaints, instead of the built-in ones." type:"path" placeholder:"DIR"`
	Model   string `help:"File that train wrote, instead of the built-in model; none: rules alone." type:"path" placeholder:"FILE"`
}

type pushFlags struct {
	PushKey map[string]string `help:"Keys of those who may send posts to /v1/posts, by the name of their source; better set as OUTCRY_PUSH_KEY." placeholder:"NAME=KEY;…"`
}

// Validate is called by kong; no key is printed.
func (f pushFlags) Validate() error {
	_, err := push.New(push.Config{Keys: f.PushKey})
	return err
}

// handler takes posts for the queue; nil where nobody has a key.
func (f pushFlags) handler(e *env, q push.Queue) (http.Handler, error) {
	if len(f.PushKey) == 0 {
		return nil, nil
	}
	return push.New(push.Config{Keys: f.PushKey, Queue: q, Now: time.Now, Log: e.log.With("component", "push")})
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

func (f nlpFlags) services() (*catalog.Catalog, error) {
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
