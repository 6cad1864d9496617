package search_test

import (
	"fmt"
	"testing"
	"time"

	"outcry/nlp"
)

func gone(id, author string) nlp.Signal {
	return nlp.Signal{Source: "test", PostID: id, Author: author, Deleted: true}
}

func TestADeletedPostVanishesUnderEveryService(t *testing.T) {
	r := open(t)
	a, b := post("a", "broken"), post("a", "broken")
	b.Service = "instagram"
	r.apply([]nlp.Signal{a, b, post("b", "broken")})
	r.apply(nil, gone("a", ""))
	if got := r.ids("broken"); got != "b" {
		t.Error(got)
	}
	r.reopen()
	if f := r.find("broken"); f.Total != 1 || len(f.Services) != 1 {
		t.Errorf("%+v", f)
	}
}

func TestAPostMayComeAfterItsDeletion(t *testing.T) {
	r := open(t)
	r.apply(nil, gone("a", ""))
	r.reopen()
	r.apply([]nlp.Signal{post("a", "broken"), post("b", "broken")})
	if got := r.ids("broken"); got != "b" {
		t.Error(got)
	}
	r.apply([]nlp.Signal{post("c", "broken"), post("d", "broken")}, gone("c", "")) // in one batch
	if got := r.ids("broken"); got != "b d" && got != "d b" {
		t.Error(got)
	}
}

func TestAnAuthorWhoLeavesTakesAllPostsAlong(t *testing.T) {
	r := open(t)
	var posts []nlp.Signal
	for i := range 30 { // over a month
		p := post(fmt.Sprint(i), "broken")
		p.Author, p.CreatedAt = "leaver", noon.Add(-time.Duration(i)*24*time.Hour)
		posts = append(posts, p)
	}
	stays := post("stays", "broken")
	r.apply(append(posts, stays))
	r.apply(nil, gone("", "leaver"))
	if got := r.ids("broken"); got != "stays" {
		t.Errorf("found %q", got)
	}
	late, back := post("late", "broken"), post("back", "broken")
	late.Author, late.CreatedAt = "leaver", noon.Add(-time.Minute)
	back.Author, back.CreatedAt = "leaver", noon.Add(time.Minute)
	r.apply([]nlp.Signal{late, back})
	if got := r.ids("broken"); got != "back stays" {
		t.Errorf("found %q: what was posted before the account was deleted stays away, what comes after it is heard", got)
	}
}

func TestTextIsKeptForAMonth(t *testing.T) {
	r := open(t)
	live, old := post("live", "broken"), post("old", "broken")
	old.CreatedAt = noon.AddDate(-4, 0, 0) // an old file, read today
	r.apply([]nlp.Signal{live, old})
	r.now = noon.AddDate(0, 0, 10)
	late := post("late", "broken") // came ten days later, of the same day
	r.apply([]nlp.Signal{late})
	for _, one := range []struct {
		days int
		want string
	}{{28, "live late old"}, {30, "late"}, {38, "late"}, {40, ""}} {
		r.now = noon.AddDate(0, 0, one.days)
		r.reopen() // which sweeps, as the worker does every hour
		got := r.ids("broken")
		if one.days == 28 && len(got) == len(one.want) { // in whatever order
			continue
		}
		if got != one.want {
			t.Errorf("after %d days: found %q, want %q", one.days, got, one.want)
		}
	}
}
