package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/coder/websocket"
)

const socketPath = "/api/v1/streaming"

// openSocket opens the stream as a WebSocket, the one form that Pleroma, Akkoma
// and GoToSocial have. They take the token as a subprotocol, Pleroma only so.
func (p *part) openSocket(ctx context.Context, base *url.URL, dog *watch) (words, error) {
	request, err := p.instance.request(ctx, base, socketPath, p.timeline.stream)
	if err != nil {
		return nil, err
	}
	conn, answer, err := websocket.Dial(ctx, request.URL.String(), &websocket.DialOptions{
		HTTPClient: p.instance.endless, HTTPHeader: request.Header, Subprotocols: []string{p.instance.token},
		OnPingReceived: func(context.Context, []byte) bool { dog.touch(); return true },
	})
	if err == nil {
		conn.SetReadLimit(-1) // a frame that is too long is refused, and the stream goes on
		return &socket{ctx, conn, dog, nil}, nil
	}
	if answer == nil || answer.StatusCode == http.StatusSwitchingProtocols {
		return nil, err
	}
	if err := formError(answer.StatusCode); err != nil {
		return nil, err
	}
	return nil, p.instance.refusal(answer, 0)
}

// socket reads the frames of a WebSocket.
type socket struct {
	ctx   context.Context // of the stream, as it has a reader only
	conn  *websocket.Conn
	dog   *watch
	frame []byte
}

func (s *socket) Close() error { return s.conn.CloseNow() }

// envelope is one frame. Its payload is JSON within a text.
type envelope struct {
	Event   string
	Payload json.RawMessage
	Error   string
}

func (s *socket) next() (message, error) {
	_, in, err := s.conn.Reader(s.ctx)
	if err != nil {
		return message{}, closed(err)
	}
	const most = 2 * maxStatus // a text within a text is longer
	s.frame, err = io.ReadAll(io.LimitReader(touching{in, s.dog}, most+1))
	if err != nil {
		return message{}, closed(err)
	}
	if len(s.frame) > most {
		_, err := io.Copy(io.Discard, touching{in, s.dog})
		return message{data: s.frame[:maxStatus], fault: errLong}, err
	}
	var e envelope
	if err := json.Unmarshal(s.frame, &e); err != nil {
		return message{event: "update", data: s.frame}, nil // it is refused as what it is, no post
	}
	if e.Error != "" {
		return message{}, fmt.Errorf("the server refuses the stream: %.200q", e.Error)
	}
	var text string
	if json.Unmarshal(e.Payload, &text) == nil {
		e.Payload = json.RawMessage(text)
	}
	return message{event: e.Event, data: e.Payload}, nil
}

// closed makes of the end of a connection an error that says more than EOF.
func closed(err error) error {
	var end websocket.CloseError
	if errors.As(err, &end) {
		return fmt.Errorf("the server closed the stream: %d %s", end.Code, end.Reason)
	}
	return fmt.Errorf("the connection broke: %w", err)
}
