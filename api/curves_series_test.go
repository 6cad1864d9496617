package api_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry/aggregate"
	"outcry/api"
)

func curvesOf(t *testing.T, r rig, query string) api.CurveAnswer {
	t.Helper()
	res := r.get("/v1/curves?" + query)
	text := body(t, res)
	var a api.CurveAnswer
	if err := json.Unmarshal([]byte(text), &a); err != nil || res.StatusCode != 200 {
		t.Fatalf("%d %v %.400s", res.StatusCode, err, text)
	}
	return a
}

const threeMinutes = "&from=2022-10-25T07:14:00Z&to=2022-10-25T07:17:00Z"

func TestCurveSeries(t *testing.T) {
	r := newRig(t)
	r.store.names = []string{"app", "messages"}
	a := curvesOf(t, r, "service=whatsapp,x"+threeMinutes)
	if a.Group != "service" || a.Points != nil || len(a.Series) != 2 || a.Series[0].Service != "whatsapp" || a.Series[1].Service != "x" {
		t.Fatalf("%+v", a)
	}
	if a.Posts != 60 || a.Series[0].Posts != 30 || a.Series[0].Share != 0.5 || a.Heard == 0 {
		t.Errorf("sums: %+v", a)
	}
	a = curvesOf(t, r, "service=whatsapp&group=symptom"+threeMinutes)
	if len(a.Series) != 2 || a.Series[0].Symptom != "app" || a.Series[0].Share != 0.75 || len(a.Series[0].Points) != 3 {
		t.Errorf("by symptom: %+v", a)
	}
	r = newRig(t) // as what was heard is kept for a moment
	r.store.names = []string{"bluesky", "mastodon"}
	shares := make([]float64, 24*60+3)
	shares[24*60] = 1
	r.store.coverage = []aggregate.Coverage{{Source: "bluesky", Shares: shares}}
	a = curvesOf(t, r, "service=whatsapp&group=source"+threeMinutes)
	if !slices.Equal(a.Series[0].Points[2].Deaf, []string{"bluesky"}) || a.Series[1].Points[2].Deaf != nil {
		t.Errorf("each source is deaf for itself: %+v", a.Series)
	}
	r = newRig(t) // in which there is nothing
	if text := body(t, r.get("/v1/curves?service=x&group=lang"+threeMinutes)); !strings.Contains(text, `"series":[]`) {
		t.Error(text)
	}
	if a = curvesOf(t, r, "service=x&group=service"+threeMinutes); len(a.Series) != 1 || a.Points != nil {
		t.Errorf("one service as a group: %+v", a)
	}
}

func TestCurveCompare(t *testing.T) {
	r := newRig(t)
	a := curvesOf(t, r, "service=whatsapp&compare=week"+threeMinutes)
	for _, p := range a.Points {
		n := r.store.count(p.T.AddDate(0, 0, -7))
		if p.Before == nil || p.Before.Posts != n || p.Before.Authors != n/2 {
			t.Errorf("%s: %+v, want %d", p.T, p.Before, n)
		}
	}
	if text := body(t, r.get("/v1/curves?service=whatsapp"+threeMinutes)); strings.Contains(text, "before") {
		t.Error(text)
	}
	r = newRig(t)
	r.store.deafBefore = at("2022-10-18T07:15:00Z")
	a = curvesOf(t, r, "service=x&compare=week"+threeMinutes)
	if a.Points[0].Before != nil || a.Points[1].Before == nil {
		t.Errorf("before anything was heard: %+v", a.Points)
	}
	if a = curvesOf(t, r, "service=x&compare=week&from=0&to=120"); a.Points[0].Before != nil {
		t.Errorf("before 1970: %+v", a.Points)
	}
}

// What is asked for one service each and of the same range is asked together: the
// first goes at once, the others wait for it.
func TestCurveBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.store.slow = make(chan struct{})
		var answers sync.WaitGroup
		for _, service := range []string{"x", "whatsapp", "telegram", "sbi", "instagram"} {
			answers.Go(func() {
				var a api.CurveAnswer
				text := body(t, r.get("/v1/curves?service="+service+threeMinutes))
				if err := json.Unmarshal([]byte(text), &a); err != nil || a.Service != service || a.Posts != 40 || a.Points[0].Posts == 0 {
					t.Errorf("%v %s", err, text)
				}
			})
			synctest.Wait()
		}
		close(r.store.slow)
		answers.Wait()
		if n := len(r.store.curves); n != 2 || len(r.store.curves[1].Services) != 4 {
			t.Errorf("the store was asked %d times: %+v", n, r.store.curves)
		}
	})
}

// Points do not go through encoding/json, and look as if they did.
func TestCurveJSON(t *testing.T) {
	r := newRig(t)
	r.store.names = []string{"fr", "pt"}
	for q := at("2022-10-25T07:00:00Z"); q.Before(noon()); q = q.Add(aggregate.Quarter) {
		r.store.expected = append(r.store.expected, aggregate.Expected{Quarter: q, Usual: 3.7e-8 * float64(q.Unix()%1000), Alpha: 1})
	}
	shares := make([]float64, 24*60+180)
	shares[24*60] = 1
	r.store.coverage = []aggregate.Coverage{{Source: "blue\"sky<é", Shares: shares}}
	for _, query := range []string{"service=whatsapp", "service=whatsapp&compare=week", "service=whatsapp,x&compare=week", "service=x&group=lang", "service=sbi&group=symptom&step=1w"} {
		text := body(t, r.get("/v1/curves?"+query+"&from=2022-10-25T07:00:00Z&to=2022-10-25T10:00:00Z"))
		var a api.CurveAnswer
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatal(err)
		}
		var again strings.Builder
		enc := json.NewEncoder(&again)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(a); err != nil || again.String() != text {
			t.Errorf("%s: %v\n%.800s\n%.800s", query, err, text, again.String())
		}
	}
}

func TestDeafWeeks(t *testing.T) {
	monday := at("2022-10-10T00:00:00Z")
	q := aggregate.CurveQuery{From: monday, To: monday.AddDate(0, 0, 21), Step: 7 * 24 * time.Hour}
	shares := func(heard ...int) []float64 {
		s := make([]float64, 22)
		for _, day := range heard {
			s[day] = 1
		}
		return s
	}
	heard := []aggregate.Coverage{
		{Source: "never", Shares: shares()},
		{Source: "went", Shares: shares(0)},            // the day before
		{Source: "some", Shares: shares(8, 9, 10)},     // three days of the second week
		{Source: "most", Shares: shares(8, 9, 10, 11)}, // and four
		{Source: "now", Shares: shares(15)},            // of the third, which lasts
	}
	points := make([]aggregate.Point, 3)
	for i := range points {
		points[i].T = monday.AddDate(0, 0, 7*i)
	}
	aggregate.MarkDeafWeeks(points, q, heard, monday.AddDate(0, 0, 18))
	if got := [][]string{points[0].Deaf, points[1].Deaf, points[2].Deaf}; !reflect.DeepEqual(got, [][]string{{"went"}, {"some"}, nil}) {
		t.Errorf("%q", got)
	}
}

// When many ask, all that was asked for lately is asked for together, and kept for a
// moment; the answers are the same.
func TestCurveRush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(c *api.Config) { c.Now = time.Now })
		ask := func(service string, minute int) {
			a := curvesOf(t, r, fmt.Sprintf("service=%s&from=%d&to=%d", service, minute*60, minute*60+180))
			synctest.Wait()
			if n := r.store.count(a.Points[0].T); a.Service != service || a.Posts != 40 || a.Authors != 25 || a.Points[0].Posts != n {
				t.Errorf("%s: %+v", service, a)
			}
		}
		for minute := range 30 {
			ask([]string{"x", "whatsapp", "telegram"}[minute%3], minute)
		}
		ask("sbi", 100) // and with it the others
		asked := len(r.store.curves)
		for _, service := range []string{"x", "whatsapp", "telegram"} {
			ask(service, 100)
		}
		if n := len(r.store.curves); n != asked || len(r.store.curves[n-1].Services) != 4 {
			t.Errorf("the store was asked %d times more, last for %v", n-asked, r.store.curves[n-1].Services)
		}
		time.Sleep(time.Minute) // what was kept is too old
		if ask("whatsapp", 100); len(r.store.curves) == asked {
			t.Error("an old answer was given")
		}
	})
}
