package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/parquet-go/parquet-go"

	"outcry/aggregate"
)

// read is a row of any form.
type read struct {
	Service, Lang, Source string
	T                     time.Time
	Posts, Authors, Heard int64
	Deaf                  []string
	Usual, Chance         float64
	BeforePosts           int64
	HasBand, HasBefore    bool
}

// streamed asks for what has every column: bands, deafness, weeks before. It is read
// in two pieces of four weeks.
const streamed = "service=whatsapp,x&compare=week&step=5m&from=2022-08-03T00:00:00Z&to=2022-09-28T00:00:00Z"

func streamRig(t testing.TB) rig {
	r := newRig(t)
	r.store.deafBefore = at("2022-07-28T00:00:00Z")
	for q := at("2022-08-04T00:00:00Z"); q.Before(noon()); q = q.Add(aggregate.Quarter) {
		r.store.expected = append(r.store.expected, aggregate.Expected{Quarter: q, Usual: 1.25, Alpha: 1})
	}
	shares := make([]float64, (1+28)*24*12)
	for i := range 24*12 + 100 {
		shares[i] = 1
	}
	r.store.coverage = []aggregate.Coverage{{Source: "bluesky", Shares: shares}}
	return r
}

// Every form reads back to the same numbers.
func TestCurveForms(t *testing.T) {
	r := streamRig(t)
	want := readNDJSON(t, answered(t, r, streamed+"&format=ndjson", "application/x-ndjson"))
	if len(want) != 2*56*24*12 || !want[0].T.Equal(at("2022-08-03T00:00:00Z")) || want[0].Service != "whatsapp" || want[1].Service != "x" {
		t.Fatalf("%d rows, %+v", len(want), want[:2])
	}
	some := func(has func(read) bool) bool { return slices.ContainsFunc(want, has) }
	if !some(func(r read) bool { return len(r.Deaf) > 0 }) || !some(func(r read) bool { return r.HasBand }) || !some(func(r read) bool { return !r.HasBand }) ||
		!some(func(r read) bool { return r.HasBefore && r.BeforePosts > 0 }) || !some(func(r read) bool { return !r.HasBefore }) {
		t.Error("not all kinds of rows are there")
	}
	for form, of := range map[string]struct {
		media string
		read  func(*testing.T, []byte) []read
	}{
		"csv":     {"text/csv; charset=utf-8", readCSV},
		"arrow":   {"application/vnd.apache.arrow.stream", readArrow},
		"parquet": {"application/vnd.apache.parquet", readParquet},
	} {
		got := of.read(t, answered(t, r, streamed+"&format="+form, of.media))
		if len(got) != len(want) {
			t.Errorf("%s: %d rows, want %d", form, len(got), len(want))
			continue
		}
		for i := range want {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("%s, row %d: %+v, want %+v", form, i, got[i], want[i])
				break
			}
		}
	}
	r = newRig(t)
	if res := r.get("/v1/curves?service=x"+threeMinutes, "Accept", "application/vnd.apache.arrow.stream"); res.Header.Get("Content-Type") != "application/vnd.apache.arrow.stream" {
		t.Error(res.Header)
	}
	if cc := r.get("/v1/curves?service=x&format=csv" + threeMinutes).Header.Get("Cache-Control"); strings.Contains(cc, "s-maxage") {
		t.Errorf("a stream may be long: %q", cc)
	}
}

// In JSON the same numbers stand, and a part that has no posts anywhere has a file
// with no rows.
func TestCurveFormsAndJSON(t *testing.T) {
	r := newRig(t)
	r.store.names = []string{"fr", "pt"}
	const query = "service=whatsapp&group=lang&step=1h&from=2022-10-01T00:00:00Z&to=2022-10-03T00:00:00Z"
	rows := readNDJSON(t, answered(t, r, query+"&format=ndjson", "application/x-ndjson"))
	for i, s := range curvesOf(t, r, query).Series {
		for j, p := range s.Points {
			if row := rows[2*j+i]; row.Lang != s.Lang || !row.T.Equal(p.T) || row.Posts != int64(p.Posts) || row.Heard != int64(p.Heard) {
				t.Fatalf("%+v, %+v", row, p)
			}
		}
	}
	r.store.names = nil
	for form, read := range map[string]func(*testing.T, []byte) []read{"ndjson": readNDJSON, "arrow": readArrow, "parquet": readParquet} {
		res := r.get("/v1/curves?" + query + "&format=" + form)
		if rows := read(t, []byte(body(t, res))); res.StatusCode != 200 || len(rows) != 0 {
			t.Errorf("%s: %d, %d rows", form, res.StatusCode, len(rows))
		}
	}
}

func answered(t *testing.T, r rig, query, media string) []byte {
	t.Helper()
	res := r.get("/v1/curves?" + query)
	text := body(t, res)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != media {
		t.Fatalf("%d %v %.300s", res.StatusCode, res.Header, text)
	}
	return []byte(text)
}

func readNDJSON(t *testing.T, text []byte) (rows []read) {
	for line := range bytes.Lines(text) {
		var p struct {
			Service, Lang, Source string
			aggregate.Point
		}
		if err := json.Unmarshal(line, &p); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		r := read{Service: p.Service, Lang: p.Lang, Source: p.Source, T: p.T, Posts: int64(p.Posts), Authors: int64(p.Authors), Heard: int64(p.Heard), Deaf: p.Deaf}
		if r.HasBand = p.Band != nil; r.HasBand {
			r.Usual, r.Chance = p.Band.Usual, p.Band.Chance
		}
		if r.HasBefore = p.Before != nil; r.HasBefore {
			r.BeforePosts = int64(p.Before.Posts)
		}
		rows = append(rows, r)
	}
	return rows
}

func readCSV(t *testing.T, text []byte) (rows []read) {
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || strings.Join(all[0], ",") != "service,symptom,lang,source,t,posts,authors,heard,deaf,usual,low,high,chance,before_posts,before_authors" {
		t.Fatal(err, all[0])
	}
	whole := func(s string) int64 { n, _ := strconv.ParseInt(s, 10, 64); return n }
	for _, c := range all[1:] {
		r := read{Service: c[0], Lang: c[2], Source: c[3], T: at(c[4]), Posts: whole(c[5]), Authors: whole(c[6]), Heard: whole(c[7]),
			HasBand: c[9] != "", HasBefore: c[13] != "", BeforePosts: whole(c[13])}
		r.Usual, _ = strconv.ParseFloat(c[9], 64)
		r.Chance, _ = strconv.ParseFloat(c[12], 64)
		if c[8] != "" {
			r.Deaf = strings.Split(c[8], " ")
		}
		rows = append(rows, r)
	}
	return rows
}

func readArrow(t *testing.T, data []byte) (rows []read) {
	reader, err := ipc.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Release()
	for reader.Next() {
		b := reader.RecordBatch()
		name := func(column, i int) string {
			d := b.Column(column).(*array.Dictionary)
			return d.Dictionary().(*array.String).Value(d.GetValueIndex(i))
		}
		whole := func(column, i int) int64 { return b.Column(column).(*array.Int64).Value(i) }
		real := func(column, i int) float64 {
			if b.Column(column).IsNull(i) {
				return 0
			}
			return b.Column(column).(*array.Float64).Value(i)
		}
		for i := range int(b.NumRows()) {
			r := read{Service: name(0, i), Lang: name(2, i), Source: name(3, i), T: b.Column(4).(*array.Timestamp).Value(i).ToTime(arrow.Millisecond),
				Posts: whole(5, i), Authors: whole(6, i), Heard: whole(7, i), Usual: real(9, i), Chance: real(12, i),
				HasBand: b.Column(9).IsValid(i), HasBefore: b.Column(13).IsValid(i)}
			if r.HasBefore {
				r.BeforePosts = whole(13, i)
			}
			list := b.Column(8).(*array.List)
			from, to := list.ValueOffsets(i)
			for j := from; j < to; j++ {
				r.Deaf = append(r.Deaf, list.ListValues().(*array.String).Value(int(j)))
			}
			rows = append(rows, r)
		}
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func readParquet(t *testing.T, data []byte) (rows []read) {
	type row struct {
		Service     string    `parquet:"service"`
		Lang        string    `parquet:"lang"`
		Source      string    `parquet:"source"`
		T           time.Time `parquet:"t,timestamp(millisecond)"`
		Posts       int64     `parquet:"posts"`
		Authors     int64     `parquet:"authors"`
		Heard       int64     `parquet:"heard"`
		Deaf        []string  `parquet:"deaf,list"`
		Usual       *float64  `parquet:"usual"`
		Chance      *float64  `parquet:"chance"`
		BeforePosts *int64    `parquet:"before_posts"`
	}
	all, err := parquet.Read[row](bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		r := read{Service: p.Service, Lang: p.Lang, Source: p.Source, T: p.T.UTC(), Posts: p.Posts, Authors: p.Authors, Heard: p.Heard,
			HasBand: p.Usual != nil, HasBefore: p.BeforePosts != nil}
		if len(p.Deaf) > 0 {
			r.Deaf = p.Deaf
		}
		if r.HasBand {
			r.Usual, r.Chance = *p.Usual, *p.Chance
		}
		if r.HasBefore {
			r.BeforePosts = *p.BeforePosts
		}
		rows = append(rows, r)
	}
	return rows
}

// Half a year of minutes takes no more memory than a quarter: what is written goes,
// and what is read is read by the piece.
func TestCurveStreamMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes some millions of points")
	}
	for _, form := range []string{"ndjson", "arrow", "parquet"} {
		quarter, part := peak(t, form, 90)
		half, all := peak(t, form, 180)
		if all < part*3/2 {
			t.Errorf("%s: %d bytes of a quarter of a year, %d of half of it", form, part, all)
		}
		if half > quarter+40<<20 { // of which a Parquet file has a group of rows
			t.Errorf("%s: %d MiB for a quarter of a year, %d MiB for half of it", form, quarter>>20, half>>20)
		}
	}
}

// sink is a client that reads and forgets.
type sink struct {
	http.ResponseWriter
	n int
}

func (s *sink) Write(p []byte) (int, error) { s.n += len(p); return len(p), nil }

// peak is the most memory that was in use when a piece was asked for, and the length
// of the answer.
func peak(t *testing.T, form string, days int) (memory, length int) {
	r := newRig(t)
	r.store.look = func() {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		memory = max(memory, int(m.HeapAlloc))
	}
	s := &sink{ResponseWriter: httptest.NewRecorder()}
	from := at("2021-10-01T00:00:00Z")
	r.ServeHTTP(s, httptest.NewRequest("GET", fmt.Sprintf("/v1/curves?service=x&format=%s&from=%d&to=%d", form, from.Unix(), from.AddDate(0, 0, days).Unix()), nil))
	for _, q := range r.store.curves {
		if q.Steps() > 28*24*60 {
			t.Errorf("%s: %d steps were asked for at once", form, q.Steps())
		}
	}
	return memory, s.n
}

// What goes wrong at once is refused; what goes wrong later cuts the connection.
func TestCurveStreamBreaks(t *testing.T) {
	for _, form := range []string{"ndjson", "csv", "arrow", "parquet"} {
		query := "/v1/curves?service=x&step=5m&from=2022-01-01T00:00:00Z&to=2022-06-01T00:00:00Z&format=" + form
		r := newRig(t)
		r.store.failAt = at("2022-03-01T00:00:00Z")
		server := httptest.NewServer(r)
		res, err := http.Get(server.URL + query)
		if err == nil { // it may be cut before anything was sent
			if _, err = io.Copy(io.Discard, res.Body); err == nil {
				t.Errorf("%s: half an answer looks like a whole one (%d)", form, res.StatusCode)
			}
			res.Body.Close()
		}
		server.Close() // waits for the end of the answer
		if !strings.Contains(r.log.String(), "answer cut") {
			t.Errorf("%s: log %q", form, r.log)
		}
		r = newRig(t)
		r.store.failAt = at("2022-01-01T00:00:00Z")
		problem(t, r.get(query), 504)
	}
}

// Readers of tables ask for the length of an answer, then for parts of it: what they
// are told beforehand is true of the whole, however many pieces it is read in.
func TestCurveStreamInParts(t *testing.T) {
	for _, form := range []string{"ndjson", "csv", "arrow", "parquet"} {
		r := newRig(t)
		query := "/v1/curves?service=x&step=1d&from=2022-01-01T00:00:00Z&to=2022-06-01T00:00:00Z&format=" + form
		res := r.get(query)
		whole, tag := body(t, res), res.Header.Get("ETag")
		head := r.do("HEAD", query)
		if tag == "" || head.StatusCode != 200 || head.Header.Get("ETag") != tag || head.Header.Get("Content-Length") != strconv.Itoa(len(whole)) {
			t.Errorf("%s: %d bytes with the tag %s, of which HEAD says %d %v", form, len(whole), tag, head.StatusCode, head.Header)
		}
		part := r.get(query, "Range", "bytes=-8", "If-Range", tag)
		if got := body(t, part); part.StatusCode != 206 || got != whole[len(whole)-8:] || part.Header.Get("Content-Type") != res.Header.Get("Content-Type") {
			t.Errorf("%s: a part: %d %q %v", form, part.StatusCode, got, part.Header)
		}
		if res := r.get(query, "If-None-Match", tag); res.StatusCode != 304 || body(t, res) != "" {
			t.Errorf("%s: %d for who has it", form, res.StatusCode)
		}
	}
	r := newRig(t)
	head := r.do("HEAD", "/v1/curves?service=x&format=ndjson&from=2022-01-01T00:00:00Z&to=2023-01-01T00:00:00Z")
	if head.StatusCode != 200 || head.Header.Get("Content-Length") != "" || head.Header.Get("ETag") != "" || len(r.store.curves) != 1 {
		t.Errorf("HEAD of a long answer: %d %v, the store was asked %d times", head.StatusCode, head.Header, len(r.store.curves))
	}
}
