package api

import (
	"fmt"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// parquetRow is a row of the file; it has the columns of the Arrow form.
type parquetRow struct {
	Service       string    `parquet:"service,dict"`
	Symptom       string    `parquet:"symptom,dict"`
	Lang          string    `parquet:"lang,dict"`
	Source        string    `parquet:"source,dict"`
	T             time.Time `parquet:"t,timestamp(millisecond),delta"`
	Posts         int64     `parquet:"posts"`
	Authors       int64     `parquet:"authors"`
	Heard         int64     `parquet:"heard"`
	Deaf          []string  `parquet:"deaf,list"`
	Usual         *float64  `parquet:"usual"`
	Low           *float64  `parquet:"low"`
	High          *float64  `parquet:"high"`
	Chance        *float64  `parquet:"chance"`
	BeforePosts   *int64    `parquet:"before_posts"`
	BeforeAuthors *int64    `parquet:"before_authors"`
}

// parquetGroup is how many rows are written at once, and held in memory until then.
const parquetGroup = 50_000

// parquetSink writes a Parquet file. Its end says where everything is, so that a
// file that was cut cannot be read.
type parquetSink struct {
	out  *parquet.GenericWriter[parquetRow]
	rest []parquetRow
}

func newParquetSink(w io.Writer, _ *curveStream) (rowSink, error) {
	return &parquetSink{out: parquet.NewGenericWriter[parquetRow](w, parquet.Compression(&zstd.Codec{}),
		parquet.MaxRowsPerRowGroup(parquetGroup), parquet.CreatedBy("outcry", "", ""))}, nil
}

func (s *parquetSink) rows(rows []curveRow) error {
	s.rest = s.rest[:0]
	for _, r := range rows {
		p := parquetRow{Service: r.Service, Symptom: r.Symptom, Lang: r.Lang, Source: r.Source, T: r.T,
			Posts: int64(r.Posts), Authors: int64(r.Authors), Heard: int64(r.Heard), Deaf: r.Deaf}
		if b := r.Band; b != nil {
			p.Usual, p.Low, p.High, p.Chance = &b.Usual, &b.Low, &b.High, &b.Chance
		}
		if b := r.Before; b != nil {
			posts, authors := int64(b.Posts), int64(b.Authors)
			p.BeforePosts, p.BeforeAuthors = &posts, &authors
		}
		s.rest = append(s.rest, p)
	}
	if _, err := s.out.Write(s.rest); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}

func (s *parquetSink) close() error {
	if err := s.out.Close(); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}
