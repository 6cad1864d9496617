package chdb

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// helloQuery is what clickhouse-go asks of a server first.
const helloQuery = "SELECT displayName(), version(), revision(), timezone()"

// RoundTrip answers a request of clickhouse-go's HTTP protocol with the
// engine, so that an Engine serves as clickhouse.Options.TransportFunc's
// transport. The engine cannot interrupt a statement: when the request's
// context ends, RoundTrip returns at once and the statement ends by itself,
// a SELECT at the latest after the max_execution_time that clickhouse-go
// derives from the context's deadline.
func (e *Engine) RoundTrip(req *http.Request) (*http.Response, error) {
	type answer struct {
		body []byte
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		body, err := e.answer(req)
		done <- answer{body, err}
	}()
	select {
	case <-req.Context().Done():
		return nil, req.Context().Err()
	case a := <-done:
		return response(req, a.body, a.err), nil
	}
}

func (e *Engine) answer(req *http.Request) ([]byte, error) {
	args := req.URL.Query()
	var body []byte
	if req.Body != nil {
		defer req.Body.Close()
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, fmt.Errorf("read request: %w", err)
		}
	}
	if insert := args.Get("query"); insert != "" {
		return e.insert(req.Context(), insert, body)
	}
	sql := string(body)
	if sql == helloQuery {
		return hello()
	}
	return e.Query(req.Context(), withSettings(sql, args), "Native", parameters(args))
}

// insert runs "INSERT … FORMAT Native" with its data in a file, because data
// that stand in the statement are cut at the first semicolon.
func (e *Engine) insert(ctx context.Context, sql string, data []byte) ([]byte, error) {
	head, found := strings.CutSuffix(strings.TrimSpace(sql), "FORMAT Native")
	if !found {
		return nil, fmt.Errorf("the embedded engine takes inserts in Native format only, not %q", sql)
	}
	path, remove, err := dataFile(data)
	if err != nil {
		return nil, fmt.Errorf("hand data to the engine: %w", err)
	}
	defer remove()
	return e.Query(ctx, head+"FROM INFILE '"+path+"' FORMAT Native", "Native", nil)
}

// hello is the first answer, in the newest revision that the client knows. It
// says revision 0, which both sides speak from then on.
func hello() ([]byte, error) {
	block := proto.NewBlock()
	columns := []struct{ name, kind string }{
		{"displayName()", "String"}, {"version()", "String"}, {"revision()", "UInt32"}, {"timezone()", "String"}}
	for _, c := range columns {
		if err := block.AddColumn(c.name, column.Type(c.kind)); err != nil {
			return nil, fmt.Errorf("hello: %w", err)
		}
	}
	if err := block.Append("chdb", Version, uint32(0), "UTC"); err != nil {
		return nil, fmt.Errorf("hello: %w", err)
	}
	var buf chproto.Buffer
	if err := block.Encode(&buf, clickhouse.ClientTCPProtocolVersion); err != nil {
		return nil, fmt.Errorf("hello: %w", err)
	}
	return buf.Buf, nil
}

// withSettings appends the request's settings to a SELECT; other statements
// take none. SQL that has a SETTINGS clause of its own is not for this engine.
func withSettings(sql string, args url.Values) string {
	first, _, _ := strings.Cut(strings.TrimSpace(sql), " ")
	if !strings.EqualFold(first, "SELECT") && !strings.EqualFold(first, "WITH") {
		return sql
	}
	var settings []string
	for key := range args {
		switch {
		case strings.HasPrefix(key, "param_"):
		case slices.Contains([]string{"query", "query_id", "quota_key", "database", "default_format", "client_protocol_version", "wait_end_of_query"}, key):
		default:
			settings = append(settings, key+" = '"+strings.ReplaceAll(args.Get(key), "'", "''")+"'")
		}
	}
	if len(settings) == 0 {
		return sql
	}
	slices.Sort(settings)
	return sql + " SETTINGS " + strings.Join(settings, ", ")
}

func parameters(args url.Values) map[string]string {
	params := map[string]string{}
	for key := range args {
		if name, ok := strings.CutPrefix(key, "param_"); ok {
			params[name] = args.Get(key)
		}
	}
	return params
}

// response sets ContentLength, without which the client takes an answer for
// empty; an error travels as the server's own 500 with its text.
func response(req *http.Request, body []byte, err error) *http.Response {
	status := http.StatusOK
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(err.Error())
	}
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Request: req,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
}
