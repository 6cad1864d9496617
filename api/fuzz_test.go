package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"outcry/api"
)

// FuzzQuery sends any query: the answer is a curve as long as its range says,
// or a well-formed refusal; never a 500.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"service=whatsapp", "service=whatsap&from=1666681200&to=1666684800&step=1h", "serivce=%zz;&&=&=a",
		"service=x&from=2022-10-25T09:00:00+02:00&step=1d", "service=x&kind=news&symptom=tv&lang=fr&source=a.B_c-1",
		"service=unknown&to=2106-02-07T00:00:00Z&step=12h", "from=-9223372036854775808&to=9223372036854775807", "service=x&format=csv",
	} {
		f.Add(seed)
	}
	r := newRig(f)
	f.Fuzz(func(t *testing.T, raw string) {
		req := httptest.NewRequest(http.MethodGet, "/v1/curves", nil)
		req.URL.RawQuery = raw
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
		step := r.store.curve.Step
		if n := int(a.To.Sub(a.From) / step); n != len(a.Points) || n < 1 || n > 20_000 {
			t.Fatalf("%d points for %s", len(a.Points), a.To.Sub(a.From))
		}
		if a.From.Unix() < 0 || a.From.Truncate(step) != a.From || a.To.Truncate(step) != a.To {
			t.Fatalf("not aligned: %s to %s by %s", a.From, a.To, step)
		}
	})
}
