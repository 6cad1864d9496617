package api

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// oembedAnswer is a "rich" answer of oEmbed 1.0 (https://oembed.com).
type oembedAnswer struct {
	Type         string `json:"type"`
	Version      string `json:"version"`
	Title        string `json:"title"`
	ProviderName string `json:"provider_name"`
	ProviderURL  string `json:"provider_url"`
	CacheAge     int    `json:"cache_age"`
	HTML         string `json:"html"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`

	ThumbnailURL    string `json:"thumbnail_url,omitempty"`
	ThumbnailWidth  int    `json:"thumbnail_width,omitempty"`
	ThumbnailHeight int    `json:"thumbnail_height,omitempty"`
}

const (
	oembedWidth, oembedHeight = 720, 600
	oembedAge                 = 3600
)

func noXML() problemKind { return problemKind{"not-implemented", "Not implemented", 501} }

// oembed tells content systems how to show an address of this server. Addresses of
// others are not found, and XML is not offered, each as the specification has it.
func (e *embeds) oembed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	answer, err := e.oembedAnswer(r)
	if err != nil {
		err.Instance = clip(r.URL.Path)
		err.write(w)
		return
	}
	body, fault := json.Marshal(answer)
	if fault != nil {
		internal().with("something went wrong on the server").write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	cached(w, r, append(body, '\n'))
}

func (e *embeds) oembedAnswer(r *http.Request) (*oembedAnswer, *Problem) {
	q := &query{values: r.URL.Query(), now: e.cfg.Now()} // unknown parameters are no fault: systems send their own
	if f := q.text("format"); f != "" && f != "json" {
		return nil, noXML().with("format must be json: nothing else is offered")
	}
	wide, high := q.integer("maxwidth", oembedWidth, 1, 1<<20), q.integer("maxheight", oembedHeight, 1, 1<<20)
	if q.text("url") == "" {
		q.fail("url", "url is required: the address of a chart of this server")
	}
	if err, _ := q.problem().(*Problem); err != nil {
		return nil, err
	}
	u, err := url.Parse(q.text("url"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.EqualFold(u.Host, r.Host) {
		return nil, notFound().with("url must be an address of this server")
	}
	frame, ask, problem := e.framed(r, u)
	if problem != nil {
		return nil, problem
	}
	a := &oembedAnswer{Type: "rich", Version: "1.0", Title: e.head(ask), ProviderName: "Outcry", CacheAge: oembedAge,
		ProviderURL: (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: frame.Path[:strings.LastIndex(frame.Path, "embed/")]}).String(),
		Width:       min(wide, oembedWidth), Height: min(high, oembedHeight)}
	a.HTML = fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" style="border:0;max-width:100%%" loading="lazy" sandbox="%s"></iframe>`,
		html.EscapeString(frame.String()), html.EscapeString(a.Title), a.Width, a.Height, "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox")
	a.thumbnail(frame, ask, wide, high, q.text("maxwidth") != "" || q.text("maxheight") != "")
	return a, nil
}

// thumbnail is the largest picture that has room, and none where there is too little.
func (o *oembedAnswer) thumbnail(frame *url.URL, ask embedAsk, wide, high int, bound bool) {
	width, height := sizeOf("og")
	if bound {
		share := min(float64(wide)/float64(width), float64(high)/float64(height), 1)
		width, height = int(share*float64(width)), int(share*float64(height))
	}
	if width < 200 || height < 200 {
		return
	}
	query := frame.Query()
	query.Del("width")
	query.Del("height")
	query.Set("lang", ask.lang)
	if width, height := strconv.Itoa(width), strconv.Itoa(height); !bound {
		query.Set("size", "og")
	} else {
		query.Set("width", width)
		query.Set("height", height)
	}
	picture := *frame
	picture.Path, picture.RawQuery = frame.Path+string(embedPNG), query.Encode()
	o.ThumbnailURL, o.ThumbnailWidth, o.ThumbnailHeight = picture.String(), width, height
}

// framed is the address of the page to frame, for its own address, that of its
// picture, and that of the dashboard. A proxy may have put a prefix before them.
func (e *embeds) framed(r *http.Request, u *url.URL) (*url.URL, embedAsk, *Problem) {
	given, kept := u.Query(), url.Values{}
	prefix, slug, ok := strings.Cut(u.Path, "/embed/")
	if ok {
		slug, _ = formOf(slug)
		for _, name := range embedParams() {
			if given.Has(name) {
				kept[name] = given[name]
			}
		}
	} else if strings.HasSuffix(u.Path, "/") || u.Path == "" {
		prefix, slug = strings.TrimSuffix(u.Path, "/"), given.Get("service")
		kept = dashboardAsk(given)
	}
	if slug == "" {
		return nil, embedAsk{}, notFound().with("url must be that of a chart, such as /embed/whatsapp or /?service=whatsapp")
	}
	again := r.Clone(r.Context())
	again.URL = &url.URL{RawQuery: kept.Encode()}
	ask, err := e.ask(again, slug)
	if err != nil {
		problem, _ := err.(*Problem) // it is always one
		return nil, ask, notFound().with(problem.Detail)
	}
	frame := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: prefix + "/embed/" + ask.service.Slug, RawQuery: kept.Encode()}
	return frame, ask, nil
}

// dashboardAsk is what the dashboard shows, as far as a chart can show it.
func dashboardAsk(given url.Values) url.Values {
	kept := url.Values{}
	if window := given.Get("range"); slices.Contains(embedWindows(), window) {
		kept.Set("window", window)
	}
	if given.Get("from") != "" && given.Get("to") != "" {
		kept.Del("window")
		kept["from"], kept["to"] = given["from"], given["to"]
	}
	for theirs, ours := range map[string]string{"symptom": "symptom", "tz": "tz", "lang": "posts"} {
		if given.Get(theirs) != "" {
			kept[ours] = given[theirs]
		}
	}
	return kept
}
