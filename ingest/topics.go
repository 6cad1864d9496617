package ingest

import (
	"strconv"
	"time"

	"outcry/ingest/bus"
)

// The topics of the street. Every stage reads the one before it.
const (
	PostsTopic       = "posts"        // Post as JSON, key = source/id
	SignalsTopic     = "signals"      // nlp.Signal as JSON, key = service
	VolumesTopic     = "volumes"      // nlp.Volume as JSON, key = source
	CoverageTopic    = "coverage"     // Coverage as JSON, key = source
	IncidentsTopic   = "incidents"    // aggregate.Incident as JSON, key = its id; the newest of a key counts
	DeadLettersTopic = "dead-letters" // refused records as they came; reason, detail and position in headers
)

// Topics describes the topics for a bus that lacks them. partitions bounds
// how many processes can share a stage.
func Topics(partitions int) []bus.Topic {
	const week = 7 * 24 * time.Hour
	return []bus.Topic{
		{Name: PostsTopic, Partitions: partitions, Retention: 2 * 24 * time.Hour},
		{Name: SignalsTopic, Partitions: partitions, Retention: week},
		{Name: VolumesTopic, Partitions: partitions, Retention: week},
		{Name: CoverageTopic, Partitions: partitions, Retention: week},
		{Name: IncidentsTopic, Partitions: partitions, Compact: true},
		{Name: DeadLettersTopic, Partitions: 1, Retention: week},
	}
}

// maxRaw is how much of a refused record is kept. Its header bytes says how
// long it was, position where the rest is.
const maxRaw = 1 << 20

// DeadLetter is the message that keeps a refused record. stage says who
// refused it.
func DeadLetter(stage string, r *Refusal) bus.Message {
	return bus.Message{
		Topic: DeadLettersTopic,
		Value: r.Raw[:min(len(r.Raw), maxRaw)],
		Headers: []bus.Header{
			{Name: "stage", Value: stage},
			{Name: "reason", Value: string(r.Reason)},
			{Name: "detail", Value: r.Detail},
			{Name: "position", Value: r.Position},
			{Name: "bytes", Value: strconv.Itoa(len(r.Raw))},
		},
	}
}
