package search

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/single"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"outcry/ingest"
	"outcry/nlp"
)

// The fields of a document beside its text. Times are terms of fixed width, so
// that they sort as they are; minute keeps ranges from becoming long lists.
const (
	bodyField    = "body" // the Hit as JSON; stored, not indexed
	serviceField = "service"
	symptomField = "symptom"
	langField    = "lang"
	kindField    = "kind"
	sourceField  = "source"
	authorField  = "author"
	timeField    = "time"   // Unix milliseconds
	minuteField  = "minute" // Unix minutes
	seenField    = "seen"   // the day on which the post came
)

const dayLayout = time.DateOnly

// late is how much older than its signal a post may be to count as live: the
// queue keeps signals no longer, so an index that is made anew finds the same day.
const late = 7 * 24 * time.Hour

// docID identifies a document: a post and a service. All of a post begin alike.
func docID(s nlp.Signal) string { return postPrefix(ingest.PostHash(s.Source, s.PostID)) + s.Service }

func postPrefix(hash uint64) string { return fmt.Sprintf("%016x ", hash) }

// seen is the day from which on the text of a post is kept for a time.
func seen(created, now time.Time) string {
	if age := now.Sub(created); age >= 0 && age < late {
		return created.UTC().Format(dayLayout)
	}
	return now.UTC().Format(dayLayout)
}

func timeTerm(t time.Time) string   { return fmt.Sprintf("%013d", t.UnixMilli()) }
func minuteTerm(t time.Time) string { return fmt.Sprintf("%08d", t.Unix()/60) }

// newDocument makes the document of a signal.
func newDocument(s nlp.Signal, texts *analyzers, now time.Time) (*document.Document, error) {
	symptoms := append([]string{}, s.Symptoms...)
	created := s.CreatedAt.UTC().Truncate(time.Millisecond)
	body, err := json.Marshal(Hit{ID: s.PostID, Source: s.Source, Service: s.Service, Kind: string(s.Kind), Lang: s.Lang,
		Symptoms: symptoms, Score: s.Score, Text: s.Text, CreatedAt: created})
	if err != nil {
		return nil, fmt.Errorf("encode post: %w", err)
	}
	whole := &analysis.DefaultAnalyzer{Tokenizer: single.NewSingleTokenTokenizer()}
	d := document.NewDocument(docID(s))
	add := func(name string, i int, value string, options index.FieldIndexingOptions) {
		if value != "" {
			d.AddField(document.NewTextFieldCustom(name, []uint64{uint64(i)}, []byte(value), options, whole))
		}
	}
	const listed = index.IndexField | index.DocValues | index.SkipFreqNorm
	add(bodyField, 0, string(body), index.StoreField)
	add(serviceField, 0, s.Service, listed)
	add(langField, 0, s.Lang, listed)
	add(timeField, 0, timeTerm(created), listed)
	for i, symptom := range symptoms {
		add(symptomField, i, symptom, listed)
	}
	for name, value := range map[string]string{kindField: string(s.Kind), sourceField: s.Source, authorField: s.Author,
		minuteField: minuteTerm(created), seenField: seen(created, now)} {
		add(name, 0, value, index.IndexField|index.SkipFreqNorm)
	}
	d.AddField(document.NewTextFieldCustom(textField, nil, []byte(s.Text), index.IndexField|index.IncludeTermVectors, texts.of(s.Lang)))
	return d, nil
}
