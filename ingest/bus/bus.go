// Package bus carries messages between the stages, over the Kafka protocol:
// to any Kafka by address, or to a broker embedded in the process.
//
// Delivery is at least once: Write returns when every replica in sync has the
// messages, and a Reader's Commit says that their effects are stored.
package bus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"
)

// MaxMessageBytes is the largest message that topics made here take.
const MaxMessageBytes = 8 << 20

// dialTimeout bounds each attempt to reach a broker.
const dialTimeout = 10 * time.Second

// startTimeout bounds how long a Kafka that is just starting is waited for.
const startTimeout = 30 * time.Second

// Options say which Kafka, and how to log in.
type Options struct {
	Brokers   []string // host:port of one or more brokers
	TLS       bool
	Mechanism string // "", plain, scram-sha-256 or scram-sha-512
	User      string
	Password  string
}

// Bus is a Kafka cluster that was reached at least once.
type Bus struct {
	brokers   []string
	transport *kafka.Transport
	dialer    *kafka.Dialer
}

// Connect checks the options and that a broker answers.
func Connect(ctx context.Context, o Options) (*Bus, error) {
	for _, broker := range o.Brokers {
		if err := checkAddress(broker); err != nil {
			return nil, err
		}
	}
	mechanism, err := login(o)
	if err != nil {
		return nil, err
	}
	var config *tls.Config
	if o.TLS {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	b := &Bus{
		brokers:   o.Brokers,
		transport: &kafka.Transport{TLS: config, SASL: mechanism, DialTimeout: dialTimeout},
		dialer:    &kafka.Dialer{TLS: config, SASLMechanism: mechanism, Timeout: dialTimeout, DualStack: true},
	}
	if err := b.Ping(ctx); err != nil {
		return nil, fmt.Errorf("reach Kafka at %s: %w", strings.Join(o.Brokers, ","), err)
	}
	return b, nil
}

func checkAddress(broker string) error {
	host, port, err := net.SplitHostPort(broker)
	n, portErr := strconv.Atoi(port)
	if err != nil || portErr != nil || host == "" || n < 1 || n > 65535 {
		return fmt.Errorf("address %q of Kafka: must be host:port", broker)
	}
	return nil
}

func login(o Options) (sasl.Mechanism, error) {
	switch o.Mechanism {
	case "":
		return nil, nil
	case "plain":
		return plain.Mechanism{Username: o.User, Password: o.Password}, nil
	case "scram-sha-256":
		return scram.Mechanism(scram.SHA256, o.User, o.Password)
	case "scram-sha-512":
		return scram.Mechanism(scram.SHA512, o.User, o.Password)
	}
	return nil, fmt.Errorf("login mechanism %q of Kafka: must be plain, scram-sha-256 or scram-sha-512", o.Mechanism)
}

// Ping says whether the cluster answers.
func (b *Bus) Ping(ctx context.Context) error {
	client := &kafka.Client{Addr: kafka.TCP(b.brokers...), Transport: b.transport, Timeout: dialTimeout}
	if _, err := client.ApiVersions(ctx, &kafka.ApiVersionsRequest{}); err != nil {
		return fmt.Errorf("no broker answers: %w", err)
	}
	return nil
}

// Topic is a topic to be made when it is not there. One that exists keeps its
// own settings.
type Topic struct {
	Name       string
	Partitions int
	Retention  time.Duration // zero: the broker's default
	Compact    bool          // the newest message of each key is kept for ever
}

// EnsureTopics makes the topics that do not exist.
func (b *Bus) EnsureTopics(ctx context.Context, topics ...Topic) error {
	request := &kafka.CreateTopicsRequest{}
	for _, t := range topics {
		request.Topics = append(request.Topics, kafka.TopicConfig{
			Topic: t.Name, NumPartitions: t.Partitions, ReplicationFactor: -1, ConfigEntries: t.settings()})
	}
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := b.createTopics(ctx, request)
		// A controller that has no broker yet finds every replication factor too large.
		if permanent(err) && !errors.Is(err, kafka.InvalidReplicationFactor) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithMaxElapsedTime(startTimeout))
	return err
}

func (b *Bus) createTopics(ctx context.Context, request *kafka.CreateTopicsRequest) error {
	client := &kafka.Client{Addr: kafka.TCP(b.brokers...), Transport: b.transport, Timeout: dialTimeout}
	response, err := client.CreateTopics(ctx, request)
	if err != nil {
		return fmt.Errorf("create topics: %w", err)
	}
	for name, err := range response.Errors {
		if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return fmt.Errorf("create topic %s: %w", name, err)
		}
	}
	return nil
}

func (t Topic) settings() []kafka.ConfigEntry {
	entries := []kafka.ConfigEntry{{ConfigName: "max.message.bytes", ConfigValue: strconv.Itoa(MaxMessageBytes)}}
	if t.Retention > 0 {
		entries = append(entries, kafka.ConfigEntry{ConfigName: "retention.ms", ConfigValue: strconv.FormatInt(t.Retention.Milliseconds(), 10)})
	}
	if t.Compact {
		entries = append(entries, kafka.ConfigEntry{ConfigName: "cleanup.policy", ConfigValue: "compact"})
	}
	return entries
}
