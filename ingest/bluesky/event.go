package bluesky

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"outcry/ingest"
)

// decoder makes events of frames.
type decoder struct {
	source string
	host   string
	v2     bool
	log    *slog.Logger
}

// change is what either form of the stream says of an account or one of its
// records.
type change struct {
	DID        string
	At         time.Time
	Seq        int64
	Operation  string // create, update or delete; empty for an account
	Collection string
	Rkey       string
	Record     json.RawMessage
	Status     string // of an account that is not active
}

// frameV1 is an event of /subscribe.
type frameV1 struct {
	DID    string `json:"did"`
	TimeUS int64  `json:"time_us"`
	Kind   string `json:"kind"`
	Commit struct {
		Operation  string          `json:"operation"`
		Collection string          `json:"collection"`
		Rkey       string          `json:"rkey"`
		Record     json.RawMessage `json:"record"`
	} `json:"commit"`
	Account account `json:"account"`
}

type account struct {
	Active bool   `json:"active"`
	Status string `json:"status"`
}

// frameV2 is a frame of subscribeEvents: a message, or an error that ends the
// stream.
type frameV2 struct {
	Type    string `json:"$type"`
	Error   string `json:"error"`
	Message string `json:"message"`
	Payload struct {
		Type       string          `json:"$type"`
		Seq        int64           `json:"seq"`
		DID        string          `json:"did"`
		Time       time.Time       `json:"time"`
		Operation  string          `json:"operation"`
		Collection string          `json:"collection"`
		Rkey       string          `json:"rkey"`
		Record     json.RawMessage `json:"record"`
		Account    *account        `json:"account"`
		Name       string          `json:"name"` // of an info
		Message    string          `json:"message"`
	} `json:"payload"`
}

// decode makes an event of a frame. A frame that cannot be read is refused and
// kept; end is the server's own word that it ends the stream.
func (d *decoder) decode(text []byte, fault error) (e ingest.Event, end error) {
	if errors.Is(fault, errLong) {
		return d.refuse(ingest.LineTooLong, fault.Error(), text), nil
	} else if fault != nil {
		return d.refuse(ingest.NotJSON, fault.Error(), text), nil
	}
	var c change
	var err error
	if d.v2 {
		c, end, err = d.readV2(text)
	} else {
		c, err = readV1(text)
	}
	if end != nil {
		return e, end
	}
	if err != nil {
		return d.refuse(ingest.NotJSON, err.Error(), text), nil
	}
	return d.event(c, text), nil
}

func (d *decoder) refuse(reason ingest.Reason, detail string, text []byte) ingest.Event {
	return ingest.Event{Refusal: &ingest.Refusal{Reason: reason, Detail: detail, Position: d.host, Raw: slices.Clone(text)}}
}

func readV1(text []byte) (c change, err error) {
	var f frameV1
	if err := json.Unmarshal(text, &f); err != nil {
		return c, err
	}
	if f.DID == "" || f.TimeUS <= 0 {
		return c, fmt.Errorf("an event needs did and time_us")
	}
	c = change{DID: f.DID, At: time.UnixMicro(f.TimeUS).UTC()}
	switch f.Kind {
	case "commit":
		c.Operation, c.Collection, c.Rkey, c.Record = f.Commit.Operation, f.Commit.Collection, f.Commit.Rkey, f.Commit.Record
	case "account":
		if !f.Account.Active {
			c.Status = f.Account.Status
		}
	}
	return c, nil
}

func (d *decoder) readV2(text []byte) (c change, end, err error) {
	var f frameV2
	if err := json.Unmarshal(text, &f); err != nil {
		return c, nil, err
	}
	if f.Type == "error" {
		return c, fmt.Errorf("the server ends the stream: %s: %s", f.Error, f.Message), nil
	}
	p := f.Payload
	if p.Name != "" && p.Seq == 0 {
		d.log.Warn("the server says", "host", d.host, "notice", p.Name, "message", p.Message)
		return c, nil, nil
	}
	if p.DID == "" || p.Seq <= 0 || p.Time.IsZero() {
		return c, nil, fmt.Errorf("a message needs did, seq and time")
	}
	c = change{DID: p.DID, At: p.Time.UTC(), Seq: p.Seq, Operation: p.Operation, Collection: p.Collection, Rkey: p.Rkey, Record: p.Record}
	if p.Account != nil && !p.Account.Active {
		c.Status = p.Account.Status
	}
	return c, nil, nil
}

// event is what a change means: a post, its end, the end of an author, or
// nothing but that the stream is alive.
func (d *decoder) event(c change, text []byte) ingest.Event {
	if c.DID == "" {
		return ingest.Event{}
	}
	e := ingest.Event{At: c.At, Position: d.host, Cursor: cursor{d.host, c.Seq, c.At}.String()}
	switch {
	case c.Operation != "" && c.Collection != postCollection:
	case c.Operation == "delete":
		e.Post = &ingest.Post{ID: c.id(), Source: d.source, Deleted: true}
	case c.Operation == "create", c.Operation == "update":
		p, err := c.post(d.source)
		if err != nil {
			refused := d.refuse(ingest.NotJSON, err.Error(), text)
			refused.Cursor, refused.At = e.Cursor, e.At
			return refused
		}
		e.Post = p
	case c.Status == "deleted", c.Status == "takendown":
		e.Post = &ingest.Post{Source: d.source, Author: c.DID, Deleted: true}
	}
	return e
}

// id is the post's address on the network without at://.
func (c *change) id() string { return c.DID + "/" + c.Collection + "/" + c.Rkey }
