package x

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"outcry/ingest"
)

// maxRaw is how much is kept of a line that is refused.
const maxRaw = 64 << 10

// message is a line of a stream. What is not of a post is of the compliance
// streams, or says that the stream ends.
type message struct {
	problem
	Data     *data      `json:"data"`
	Delete   *notice    `json:"delete"`
	Errors   []problem  `json:"errors"`
	Matching []matching `json:"matching_rules"`
	Includes struct {
		Users []user `json:"users"`
	} `json:"includes"`
}

type data struct {
	tweet
	compliance
}

type matching struct {
	ID  json.Number `json:"id"` // a number or a string
	Tag string      `json:"tag"`
}

type user struct {
	ID       string `json:"id"`
	Username string `json:"username"`
}

// decode makes an event of a line, or says that the stream ends.
func (s *Source) decode(line []byte, fault error) (e ingest.Event, end error) {
	e.Position = streamPath
	switch {
	case fault != nil:
		e.Refusal = refuse(ingest.LineTooLong, fault, line)
		return e, nil
	case len(line) == 0: // a keep-alive
		e.At = time.Now().UTC()
		return e, nil
	}
	m, err := parse(line)
	if err == nil && m.Data == nil && m.Delete == nil {
		end = m.end()
	}
	switch {
	case end != nil:
		return e, end
	case err != nil:
		e.Refusal = refuse(ingest.NotJSON, err, line)
		return e, nil
	}
	if p := m.ending(s.cfg.Name); p != nil {
		e.Post = p
		return e, nil
	}
	if m.Data == nil { // of what else X may tell one day
		return e, nil
	}
	reason, err := s.post(m, &e)
	if err != nil {
		e = ingest.Event{Position: e.Position, Refusal: refuse(reason, err, line)}
	}
	return e, nil
}

func refuse(reason ingest.Reason, why error, line []byte) *ingest.Refusal {
	return &ingest.Refusal{Reason: reason, Detail: why.Error(), Raw: bytes.Clone(line[:min(len(line), maxRaw)])}
}

// parse reads a line, which must be an object.
func parse(line []byte) (m message, err error) {
	if line[0] != '{' {
		return m, errors.New("the line is no object")
	}
	err = json.Unmarshal(line, &m)
	return m, err
}

// end says that the stream is about to end, and why; nil when nothing says so.
func (m message) end() error {
	all := m.Errors
	if m.problem.String() != "" {
		all = append(all, m.problem)
	}
	if len(all) == 0 {
		return nil
	}
	var whys []string
	for _, p := range all {
		whys = append(whys, p.String())
	}
	return errors.New("the stream is ended by X: " + cut(strings.Join(whys, "; "), 500))
}

// wanted says whether a post matches a rule of ours.
func (s *Source) wanted(m message) bool {
	if len(m.Matching) == 0 {
		return true
	}
	for _, r := range m.Matching {
		if s.ours[r.ID.String()] || r.Tag == ruleTag {
			return true
		}
	}
	return false
}

// post fills in what a message says of a post. A retweet, a post of others' rules
// and one without text are signs of life.
func (s *Source) post(m message, e *ingest.Event) (ingest.Reason, error) {
	t := m.Data.tweet
	if !postID.MatchString(t.ID) || !postID.MatchString(t.identity()) {
		return ingest.BadID, errors.New("data.id or edit_history_tweet_ids is no number")
	}
	at, written := t.times()
	if at.IsZero() || written.IsZero() {
		return ingest.NoTime, errors.New("neither created_at nor the id says when it was written")
	}
	e.At = at
	text := t.text()
	if t.retweet() || text == "" || !s.wanted(m) {
		return "", nil
	}
	e.Post = &ingest.Post{
		ID: t.identity(), Source: s.cfg.Name, Text: text, Lang: t.language(),
		About: t.about(m.Includes.Users), Author: t.AuthorID, CreatedAt: written,
	}
	return "", nil
}
