package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"
)

const (
	pathV1         = "/subscribe"
	pathV2         = "/xrpc/network.bsky.jetstream.subscribeEvents"
	pathDictionary = "/xrpc/network.bsky.jetstream.getZstdDictionary"
)

// maxDictionary bounds what a server may send as its dictionary: ours have 64 KiB.
const maxDictionary = 4 << 20

// dictionary is what a server compresses v2 frames with.
type dictionary struct {
	host string
	id   uint32
	text []byte
}

// refusedError is a server's answer in place of a stream.
type refusedError struct {
	status        int
	Name, Message string // of an XRPC error
}

func (e *refusedError) Error() string {
	if e.Name == "" {
		return fmt.Sprintf("the server answers %d %s", e.status, http.StatusText(e.status))
	}
	return fmt.Sprintf("the server refuses: %s: %s", e.Name, e.Message)
}

// connect opens the stream at a cursor. When the server no longer knows the
// number, or our dictionary, it is asked once more, by time or with the new one.
func (s *Source) connect(ctx context.Context, at server, from cursor) (*websocket.Conn, error) {
	conn, err := s.dial(ctx, at, from)
	var refused *refusedError
	if !errors.As(err, &refused) {
		return conn, err
	}
	switch refused.Name {
	case "CursorTooOld":
		s.log.Warn("the server has forgotten where we were; posts may be missing", "host", at.Host, "since", from.at)
		from.seq = 0
	case "UnknownZstdDictionary":
		s.dict = dictionary{}
	default:
		return nil, err
	}
	return s.dial(ctx, at, from)
}

func (s *Source) dial(ctx context.Context, at server, from cursor) (*websocket.Conn, error) {
	options := &websocket.DialOptions{HTTPClient: s.http}
	target := *at.URL
	q := url.Values{}
	if s.v2 {
		target.Path = pathV2
		q.Set("collections", postCollection)
		q["kinds"] = []string{"commit", "account"}
		options.Subprotocols = []string{"xrpc.v1.json"}
		if s.compress {
			s.learnDictionary(ctx, at)
		}
		if s.dict.host == at.Host {
			q.Set("zstdDictionary", strconv.FormatUint(uint64(s.dict.id), 10))
		}
	} else {
		target.Path = pathV1
		q.Set("wantedCollections", postCollection)
		if s.compress {
			options.CompressionMode = websocket.CompressionContextTakeover
		}
	}
	if param := from.param(at.Host, s.v2, s.rewind); param != "" {
		q.Set("cursor", param)
	}
	target.RawQuery = q.Encode()
	conn, answer, err := websocket.Dial(ctx, target.String(), options)
	if err != nil {
		return nil, refusal(answer, err)
	}
	conn.SetReadLimit(-1) // a frame that is too long is skipped, see reader.next
	return conn, nil
}

// refusal is what the server said instead of opening a stream.
func refusal(answer *http.Response, err error) error {
	if answer == nil || answer.StatusCode == http.StatusSwitchingProtocols {
		return err
	}
	e := &refusedError{status: answer.StatusCode}
	var said struct{ Error, Message string }
	if body, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10)); err == nil && json.Unmarshal(body, &said) == nil {
		e.Name, e.Message = said.Error, said.Message
	}
	return e
}

// learnDictionary asks the server for its dictionary. Without one the stream
// comes uncompressed, which is no harm.
func (s *Source) learnDictionary(ctx context.Context, at server) {
	if s.dict.host == at.Host {
		return
	}
	s.dict = dictionary{}
	text, err := s.download(ctx, at)
	if err == nil {
		s.dict, err = newDictionary(at.Host, text)
	}
	if err != nil {
		s.log.Warn("cannot get the server's dictionary; the stream will not be compressed", "host", at.Host, "err", err)
	}
}

func newDictionary(host string, text []byte) (dictionary, error) {
	info, err := zstd.InspectDictionary(text)
	if err != nil {
		return dictionary{}, fmt.Errorf("it is no zstd dictionary: %w", err)
	}
	return dictionary{host, info.ID(), text}, nil
}

func (s *Source) download(ctx context.Context, at server) ([]byte, error) {
	target := *at.URL
	target.Path = pathDictionary
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	answer, err := s.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, &refusedError{status: answer.StatusCode}
	}
	return io.ReadAll(io.LimitReader(answer.Body, maxDictionary))
}
