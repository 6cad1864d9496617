package api

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"outcry/aggregate"
)

const (
	typeEvents  = "text/event-stream"
	livePath    = "/v1/live"
	maxLive     = 20_000 // streams at once; fewer where the system allows fewer open files
	maxLiveAsks = 50     // services of one stream
)

// Live answers with the complaint curves of several services, one point a minute of
// [from, to), none missing.
type Live interface {
	Minutes(ctx context.Context, services []string, from, to time.Time) (map[string][]aggregate.Point, error)
}

func tooManyStreams() problemKind {
	return problemKind{"too-many-streams", "Too many streams", http.StatusServiceUnavailable}
}

func tooManyOfYours() problemKind {
	return problemKind{"too-many-streams", "Too many streams", http.StatusTooManyRequests}
}

func (s *Server) serveLive(h huma.API) error {
	hub, err := newLiveHub(s.cfg)
	if err != nil {
		return err
	}
	s.live = hub
	h.OpenAPI().AddOperation(liveOperation(h.OpenAPI().Components.Schemas))
	s.mux.HandleFunc("GET "+livePath, s.streamLive)
	return nil
}

// Close ends the live streams at once and refuses new ones. When it returns, they no
// longer ask the store.
func (s *Server) Close() { s.live.close() }

// streamLive refuses, or hands the connection to the hub.
func (s *Server) streamLive(w http.ResponseWriter, r *http.Request) {
	q := newQuery(r.URL.RawQuery, []string{"service"}, s.cfg.Now())
	services, err := s.liveServices(q)
	if err == nil && negotiate(strings.Join(r.Header.Values("Accept"), ","), typeEvents) == "" {
		err = notAcceptable().with("this is served as " + typeEvents)
	}
	var st *liveStream
	if err == nil && r.Method != http.MethodHead {
		st, err = s.live.join(r.Context(), services, r.Header.Get("Last-Event-ID"), s.holder(r))
	}
	if err != nil {
		s.refuse(r.Context(), operation{path: livePath}, &input{path: r.URL.Path}, err).write(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", typeEvents)
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	if st != nil {
		s.live.serve(st, w, r)
	}
}

func (s *Server) holder(r *http.Request) (h liveHolder) {
	h.whom, h.most = s.cfg.Guard.holder(r)
	return h
}

// liveServices are the services that were asked for, in order; none for those of
// open incidents.
func (s *Server) liveServices(q *query) ([]string, error) {
	var services []string
	for slug := range strings.SplitSeq(q.text("service"), ",") {
		if slug = strings.TrimSpace(slug); slug != "" {
			services = append(services, slug)
		}
	}
	slices.Sort(services)
	services = slices.Compact(services)
	if len(services) > maxLiveAsks {
		q.fail("service", "service names %d services; a stream takes %d: open several", len(services), maxLiveAsks)
	}
	if err := q.problem(); err != nil {
		return nil, err
	}
	for _, slug := range services {
		if err := s.known(slug); err != nil {
			return nil, err
		}
	}
	return services, nil
}

func liveOperation(schemas huma.Registry) *huma.Operation {
	o := &huma.Operation{
		OperationID: "stream-live", Method: http.MethodGet, Path: livePath,
		Summary: "What changes, as it changes",
		Description: "Server-sent events; the data of each is JSON.\n\n" +
			"- `point`: `service`, `t` (a minute), `posts`, `authors` and `heard` as in /v1/curves. A minute comes again when its counts have changed: its numbers replace those that came before.\n" +
			"- `incident`: an incident as in /v1/incidents, when it opens, changes, ends, or is retracted.\n" +
			"- `newest`: `newest`, the minute of the newest post heard.\n\n" +
			"A stream begins with the last " + strconv.Itoa(int(liveWindow/time.Minute)) + " minutes before the newest post: their points, and the incidents that lasted in them. " +
			"A client that was cut sends the id that it saw last as Last-Event-ID, as browsers do by themselves, and gets exactly what it missed in up to " +
			strconv.Itoa(int(liveMemory/time.Minute)) + " minutes (" + strconv.Itoa(maxLiveLog) + " events); after longer, after a restart of the server, or with an id that is not known, the stream begins as a new one. " +
			"So does one that is too slow to keep up. A comment comes every " + strconv.Itoa(int(liveIdle/time.Second)) + " seconds in which nothing else does. " +
			"Many minutes are better read from /v1/curves first.",
		Parameters: []*huma.Param{
			param("service", "Slugs of up to "+strconv.Itoa(maxLiveAsks)+" services, separated by commas. Without it: all services of open incidents, and all incidents.", text("")),
			{Name: "Last-Event-ID", In: "header", Description: "The `id` of the last event that was seen.", Schema: &huma.Schema{Type: huma.TypeString}},
		},
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
			typeEvents: {Schema: &huma.Schema{Type: huma.TypeString}, Example: string(liveEventBytes("point", "x-1",
				livePoint{Service: "whatsapp", T: time.Date(2022, 10, 25, 7, 40, 0, 0, time.UTC), Posts: 96, Authors: 91, Heard: 824}))},
		}}},
	}
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, k := range []problemKind{invalidQuery(), unknownService(), notAcceptable(), tooManyOfYours(), internal(), tooManyStreams(), timedOut()} {
		o.Responses[strconv.Itoa(k.status)] = &huma.Response{Description: k.title,
			Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
	}
	return o
}
