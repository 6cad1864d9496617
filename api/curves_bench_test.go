package api_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"outcry/aggregate"
)

// BenchmarkCurve is what an answer of 24 hours costs beside the store, packed as
// for a browser.
func BenchmarkCurve(b *testing.B) {
	for _, coding := range []string{"identity", "gzip", "zstd"} {
		b.Run(coding, func(b *testing.B) {
			r := newRig(b)
			for q := time.Unix(0, 0); q.Before(time.Unix(7*86400, 0)); q = q.Add(aggregate.Quarter) {
				r.store.expected = append(r.store.expected, aggregate.Expected{Quarter: q, Usual: 1.5, Alpha: 0.5})
			}
			for i := 0; b.Loop(); i++ { // no two ask the same
				req := httptest.NewRequest("GET", fmt.Sprintf("/v1/curves?service=whatsapp&from=%d&to=%d", i*60, i*60+86400), nil)
				req.Header.Set("Accept-Encoding", coding)
				w := httptest.NewRecorder()
				r.ServeHTTP(w, req)
				if w.Code != 200 || w.Body.Len() < 1000 {
					b.Fatal(w.Code, w.Body.Len())
				}
			}
		})
	}
}
