package api

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// arrowSink writes a record batch a piece. It is not packed: Arrow for JavaScript
// reads no packed batches by itself, and any answer is packed where the client says
// that it can unpack it.
type arrowSink struct {
	out   *ipc.Writer
	build *array.RecordBuilder
	names [4]*names
}

// names is a dictionary: the names of curves, which are few and known.
type names struct {
	values []string
	index  map[string]int
}

func arrowSchema() *arrow.Schema {
	name := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	whole, real := arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Float64
	return arrow.NewSchema([]arrow.Field{
		{Name: "service", Type: name}, {Name: "symptom", Type: name}, {Name: "lang", Type: name}, {Name: "source", Type: name},
		{Name: "t", Type: &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}},
		{Name: "posts", Type: whole}, {Name: "authors", Type: whole}, {Name: "heard", Type: whole},
		{Name: "deaf", Type: arrow.ListOfNonNullable(arrow.BinaryTypes.String)},
		{Name: "usual", Type: real, Nullable: true}, {Name: "low", Type: real, Nullable: true},
		{Name: "high", Type: real, Nullable: true}, {Name: "chance", Type: real, Nullable: true},
		{Name: "before_posts", Type: whole, Nullable: true}, {Name: "before_authors", Type: whole, Nullable: true},
	}, nil)
}

// newArrowSink begins the stream. The dictionaries hold the names of all curves
// from the start, so that they need not be sent again.
func newArrowSink(w io.Writer, c *curveStream) (rowSink, error) {
	schema := arrowSchema()
	s := &arrowSink{build: array.NewRecordBuilder(memory.DefaultAllocator, schema)}
	for i := range s.names {
		s.names[i] = &names{index: map[string]int{}}
	}
	for _, id := range c.ids {
		for i, name := range c.ask.row(id).names() {
			s.names[i].add(name)
		}
	}
	s.out = ipc.NewWriter(w, ipc.WithSchema(schema))
	return s, nil
}

func (r curveRow) names() [4]string { return [4]string{r.Service, r.Symptom, r.Lang, r.Source} }

func (n *names) add(name string) {
	if _, ok := n.index[name]; !ok {
		n.index[name] = len(n.values)
		n.values = append(n.values, name)
	}
}

func (s *arrowSink) rows(rows []curveRow) error {
	if len(rows) == 0 {
		return nil
	}
	for i, n := range s.names {
		if err := s.build.Field(i).(*array.BinaryDictionaryBuilder).InsertStringDictValues(n.array()); err != nil {
			return fmt.Errorf("write Arrow: %w", err)
		}
	}
	for _, r := range rows {
		if err := s.add(r); err != nil {
			return fmt.Errorf("write Arrow: %w", err)
		}
	}
	batch := s.build.NewRecordBatch()
	defer batch.Release()
	if err := s.out.Write(batch); err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	return nil
}

func (n *names) array() *array.String {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.AppendValues(n.values, nil)
	return b.NewStringArray()
}

func (s *arrowSink) add(r curveRow) error {
	for i, name := range r.names() {
		if err := s.build.Field(i).(*array.BinaryDictionaryBuilder).AppendString(name); err != nil {
			return err
		}
	}
	s.build.Field(4).(*array.TimestampBuilder).Append(arrow.Timestamp(r.T.UnixMilli()))
	for i, n := range []uint64{r.Posts, r.Authors, r.Heard} {
		s.build.Field(5 + i).(*array.Int64Builder).Append(int64(n))
	}
	list := s.build.Field(8).(*array.ListBuilder)
	list.Append(true)
	list.ValueBuilder().(*array.StringBuilder).AppendValues(r.Deaf, nil)
	s.addBand(r)
	for i := range 2 {
		column := s.build.Field(13 + i).(*array.Int64Builder)
		if r.Before == nil {
			column.AppendNull()
		} else {
			column.Append(int64([]uint64{r.Before.Posts, r.Before.Authors}[i]))
		}
	}
	return nil
}

func (s *arrowSink) addBand(r curveRow) {
	for i := range 4 {
		column := s.build.Field(9 + i).(*array.Float64Builder)
		if r.Band == nil {
			column.AppendNull()
		} else {
			column.Append([]float64{r.Band.Usual, r.Band.Low, r.Band.High, r.Band.Chance}[i])
		}
	}
}

// close ends the stream; a client that misses this end knows that it has not all.
func (s *arrowSink) close() error {
	s.build.Release()
	if err := s.out.Close(); err != nil {
		return fmt.Errorf("write Arrow: %w", err)
	}
	return nil
}
