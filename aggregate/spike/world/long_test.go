package world_test

import (
	"sync"
	"testing"

	"outcry/aggregate/spike/world"
)

// long is a world of more than a year, for what shows only on many days.
var long = sync.OnceValue(func() *seen {
	return &seen{World: world.New(world.Config{Seed: 5, Services: 150, Days: 300, Quiet: 14}), series: map[int]world.Series{}}
})

func TestNews(t *testing.T) {
	w := long()
	var news, calm, leak float64
	for _, d := range w.of(t, world.NewsStorm) {
		from, to := w.minute(d.Start), w.minute(d.End)
		if d.Service < 12 || w.troubled(d.Service, from, to) {
			continue // large ones complain so much that it hides what leaks
		}
		c := w.counts(d.Service)
		leak += sum(c.Authors, from, to) - (sum(c.Authors, from-week, to-week)+sum(c.Authors, from+week, to+week))/2
		news += sum(c.News, from, to)
		calm += sum(c.News, from-week, to-week)
	}
	if news < 15*calm || leak < .025*news || leak > .08*news {
		t.Errorf("%.0f news after %.0f; %.0f are taken for complaints", news, calm, leak)
	}
}

// troubled says whether a service has an outage then or a week before or after.
func (s *seen) troubled(service, from, to int) bool {
	for _, o := range s.Outages() {
		for _, of := range o.Services {
			start, end := s.minute(o.Start), s.minute(o.Faded)
			if of == service && start < to+week && end > from-week {
				return true
			}
		}
	}
	return false
}

// TestCalendars compares holidays and matches with the time before and after.
func TestCalendars(t *testing.T) {
	more, less := long().compare(t, world.Holiday)
	if less < 2*more {
		t.Errorf("holidays: %d services are quieter, %d are louder", less, more)
	}
	more, less = long().compare(t, world.Match)
	if more < 5*less {
		t.Errorf("matches: %d services are louder, %d are quieter", more, less)
	}
}

// compare counts the services which were louder or quieter at home than in
// both weeks beside, or on both days.
func (s *seen) compare(t *testing.T, kind string) (more, less int) {
	t.Helper()
	decoys, apart := s.of(t, kind), week
	if kind == world.Match { // in the weeks beside there is another
		apart = week / 7
	}
	for service := 2; service < 25; service++ {
		if kind == world.Match && s.Kind(service) != "stream" {
			continue
		}
		for _, d := range decoys {
			from, to := s.minute(d.Start), s.minute(d.End)
			if s.Home(service) != d.Where || from < apart || to > s.Minutes()-apart || s.troubled(service, from, to) {
				continue
			}
			c := s.counts(service).Authors
			now, last, next := sum(c, from, to), sum(c, from-apart, to-apart), sum(c, from+apart, to+apart)
			if now > 1.3*max(last, next, 3) {
				more++
			}
			if min(last, next) > 1.3*max(now, 3) {
				less++
			}
		}
	}
	return more, less
}
