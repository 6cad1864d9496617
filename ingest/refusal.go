package ingest

import "fmt"

// Reason says why a record was refused: a closed set, safe as a metric label.
type Reason string

// The reasons for which a record from outside is refused.
const (
	NotJSON     Reason = "not_json"     // the line is not one JSON object of the post's form
	NotCSV      Reason = "not_csv"      // the CSV record is malformed or lacks columns
	InvalidUTF8 Reason = "invalid_utf8" // the record is not valid UTF-8
	NoText      Reason = "no_text"      // text absent or blank
	NoTime      Reason = "no_time"      // created_at absent
	BadTime     Reason = "bad_time"     // created_at in no known form
	TimeRange   Reason = "time_range"   // created_at before the year 2000 or in the future
	TextTooLong Reason = "text_too_long"
	LineTooLong Reason = "line_too_long"
	TooLarge    Reason = "too_large" // what stands beside the text is too long
	BadID       Reason = "bad_id"
	BadSource   Reason = "bad_source"
	BadReport   Reason = "bad_report" // a report of no service, or with text
)

// Reasons lists every Reason, so that metrics start at zero.
func Reasons() []Reason {
	return []Reason{NotJSON, NotCSV, InvalidUTF8, NoText, NoTime, BadTime, TimeRange, TextTooLong, LineTooLong, TooLarge, BadID, BadSource, BadReport}
}

// Refusal is a record that cannot become a Post. It is counted by Reason and
// kept as it came, with Position saying where it stood ("posts.csv:17").
type Refusal struct {
	Reason   Reason
	Detail   string
	Position string
	Raw      []byte
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("%s: %s: %s", r.Position, r.Reason, r.Detail)
}
