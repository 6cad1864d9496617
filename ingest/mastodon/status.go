package mastodon

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"outcry/ingest"
	"outcry/ingest/htmltext"
)

const (
	maxStatus = 1 << 20 // the longest status that is read, in bytes; most have some kilobytes
	maxID     = 128     // the longest number of a post, in bytes
	maxURI    = 1000    // the longest id of a post, in bytes
	maxAbout  = 8       // a list of a hundred tags is none
)

// status is a post as instances tell it, https://docs.joinmastodon.org/entities/Status/.
type status struct {
	ID         string          `json:"id"`  // its number at this instance
	URI        string          `json:"uri"` // its id everywhere
	URL        string          `json:"url"`
	CreatedAt  string          `json:"created_at"`
	EditedAt   string          `json:"edited_at"`
	Visibility string          `json:"visibility"`
	Language   string          `json:"language"`
	Spoiler    string          `json:"spoiler_text"`
	Content    string          `json:"content"`
	Reblog     json.RawMessage `json:"reblog"`
	Account    account         `json:"account"`
	Mentions   []account       `json:"mentions"`
	Tags       []struct {
		Name string `json:"name"`
	} `json:"tags"`
	Poll struct {
		Options []struct {
			Title string `json:"title"`
		} `json:"options"`
	} `json:"poll"`
}

type account struct {
	Acct string `json:"acct"`
}

// parseStatus reads what is needed of a status.
func parseStatus(raw []byte) (s status, reason ingest.Reason, err error) {
	if len(raw) > maxStatus {
		return s, ingest.LineTooLong, errLong
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, ingest.NotJSON, err
	}
	if s.ID == "" || len(s.ID) > maxID {
		return s, ingest.BadID, fmt.Errorf("id of %d bytes; it must have 1 to %d", len(s.ID), maxID)
	}
	if s.id() == "" {
		return s, ingest.BadID, errors.New("it has neither uri nor url")
	}
	return s, "", nil
}

// id is the same through every instance.
func (s *status) id() string {
	id := cmp.Or(s.URI, s.URL)
	if len(id) > maxURI {
		id = fmt.Sprintf("%s… %016x", strings.ToValidUTF8(id[:maxURI-100], ""), ingest.PostHash(id, ""))
	}
	return id
}

// post makes a post of a status: nil for a boost, for one that is not public and
// for a lone picture. home is the domain of the instance's own accounts.
func (s *status) post(source, home string, now time.Time) *ingest.Post {
	if s.Visibility != "public" && s.Visibility != "unlisted" || len(s.Reblog) > 0 && string(s.Reblog) != "null" {
		return nil
	}
	text := s.text()
	if text == "" {
		return nil
	}
	return &ingest.Post{
		ID: s.id(), Source: source, Text: text, Lang: s.Language, About: s.about(home),
		Author: s.Account.address(home), CreatedAt: s.written(now),
	}
}

// text is the warning, the post and the choices of its poll, a line each.
func (s *status) text() string {
	lines := []string{strings.TrimSpace(s.Spoiler), htmltext.Text(s.Content)}
	for _, o := range s.Poll.Options {
		lines = append(lines, strings.TrimSpace(o.Title))
	}
	var b strings.Builder
	for _, line := range lines {
		if line != "" && b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

// about lists the accounts that the post mentions, and its hashtags.
func (s *status) about(home string) (about []string) {
	add := func(sign, name string) {
		if name != "" && len(about) < maxAbout {
			about = append(about, sign+name)
		}
	}
	for _, m := range s.Mentions {
		add("@", m.address(home))
	}
	for _, t := range s.Tags {
		add("#", t.Name)
	}
	return about
}

// address is user@host, also for the instance's own accounts, whose host it
// leaves out: so an author is the same through every instance.
func (a account) address(home string) string {
	address := strings.ToLower(strings.TrimPrefix(a.Acct, "@"))
	if address == "" || strings.Contains(address, "@") {
		return address
	}
	return address + "@" + home
}

// written is when the post says that it was written; now where that cannot be.
// An older one belongs to the minute that it names.
func (s *status) written(now time.Time) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, s.CreatedAt); err == nil && t.Before(now) && t.Year() >= 2000 {
			return t.UTC()
		}
	}
	return now.UTC()
}
