package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/api"
)

// FuzzQuery sends any query: the answer is a curve as long as its range says,
// or a well-formed refusal; never a 500.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"service=whatsapp", "service=whatsap&from=1666681200&to=1666684800&step=1h", "serivce=%zz;&&=&=a",
		"service=x&from=2022-10-25T09:00:00+02:00&step=1d", "service=x&kind=news&symptom=tv&lang=fr&source=a.B_c-1",
		"service=unknown&to=2106-02-07T00:00:00Z&step=12h", "from=-9223372036854775808&to=9223372036854775807", "service=x&format=csv",
		"service=x,whatsapp&group=lang&compare=week&step=1w", "service=x,,x&group=symptom&symptom=app", "service=whatsapp&format=ndjson&from=0&to=86400",
		"service=x&step=1w&from=0&to=2106-02-07T00:00:00Z&compare=week", "service=x&format=parquet&step=1w", "service=x,telegram&format=arrow&group=source&step=12h",
	} {
		f.Add(seed)
	}
	r := newRig(f)
	r.store.names = []string{"a", "b"}
	f.Fuzz(func(t *testing.T, raw string) {
		req := httptest.NewRequest(http.MethodGet, "/v1/curves", nil)
		req.URL.RawQuery = raw
		if r.store.curves = nil; len(raw) > 1000 {
			return
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		res := w.Result()
		if res.StatusCode != 200 {
			if res.StatusCode != 404 && res.StatusCode != 400 {
				t.Fatalf("status %d", res.StatusCode)
			}
			problem(t, res, res.StatusCode)
			return
		}
		if res.Header.Get("Content-Type") != "application/json" {
			return
		}
		var a api.CurveAnswer
		if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
			t.Fatal(err)
		}
		step := map[string]time.Duration{"1d": 24 * time.Hour, "1w": 7 * 24 * time.Hour}[a.Step]
		if step == 0 {
			step, _ = time.ParseDuration(a.Step)
		}
		curves, n := [][]aggregate.Point{a.Points}, 0
		if a.Group != "" {
			curves = nil
		}
		for _, s := range a.Series {
			curves = append(curves, s.Points)
		}
		for _, points := range curves {
			if n += len(points); len(points) != int(a.To.Sub(a.From)/step) || len(points) < 1 {
				t.Fatalf("%d points for %s", len(points), a.To.Sub(a.From))
			}
		}
		if n > 20_000 || len(curves) == 0 {
			t.Fatalf("%d points, %d curves", n, len(curves))
		}
		if a.From.Unix() < 0 || a.From.Truncate(step) != a.From || a.To.Truncate(step) != a.To {
			t.Fatalf("not aligned: %s to %s by %s", a.From, a.To, step)
		}
	})
}
