package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/ingest"
	"outcry/nlp"
	"outcry/nlp/catalog"
)

// What the store of the latency part holds: a year of made-up counts, of which
// the last two days were heard as a whole network is, and the rest thinly,
// because no curve of the last day reads it.
const (
	filledServices = 1000
	filledDays     = 365
	busyServices   = 5    // of them, with busyPosts a day
	busyPosts      = 2000 // the others have 5 to 50 a day
	heardLangs     = 30
	heardAMinute   = 2000 // posts, complaints or not, in the last two days
)

// filledEnd is when the filled year ends.
func filledEnd() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// fill makes the store of the latency part, unless it is there already, and says
// which services are in it.
func fill(ctx context.Context, dir string) ([]string, error) {
	done := filepath.Join(dir, "services.txt") // its last file
	if text, err := os.ReadFile(done); err == nil {
		return strings.Fields(string(text)), nil
	}
	services, err := filledSlugs()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	s, err := store.Open(ctx, store.Options{Dir: filepath.Join(dir, "store")})
	if err != nil {
		return nil, err
	}
	f := filler{store: s, services: services, random: rand.New(rand.NewPCG(1, 2))}
	for d := range filledDays {
		if err := f.day(ctx, filledEnd().AddDate(0, 0, d-filledDays), filledDays-d <= 2); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		fmt.Printf("\rfilling: day %d of %d", d+1, filledDays)
	}
	fmt.Printf("\rfilled: %d services, %d days, %d signals in %s\n", len(services), filledDays, f.signals, time.Since(began).Round(time.Second))
	if err := s.Close(); err != nil {
		return nil, err
	}
	return services, os.WriteFile(done, []byte(strings.Join(services, "\n")+"\n"), 0o644)
}

func filledSlugs() ([]string, error) {
	c, err := catalog.Default()
	if err != nil {
		return nil, err
	}
	var slugs []string
	for _, s := range c.Services()[:filledServices] {
		slugs = append(slugs, s.Slug)
	}
	return slugs, nil
}

type filler struct {
	store    *store.Store
	services []string
	random   *rand.Rand
	signals  int
}

func (f *filler) day(ctx context.Context, day time.Time, full bool) error {
	signals := f.complaints(day)
	f.signals += len(signals)
	var expected []aggregate.Expected
	for i, service := range f.services {
		for q := range 96 {
			expected = append(expected, aggregate.Expected{Service: service, Quarter: day.Add(time.Duration(q) * aggregate.Quarter),
				Usual: float64(postsADay(i)) / 1440, Alpha: 0.5})
		}
	}
	return errors.Join(
		f.store.InsertSignals(ctx, signals),
		f.store.InsertExpected(ctx, expected),
		f.store.InsertVolumes(ctx, f.heard(day, full)),
		f.store.InsertCoverage(ctx, []ingest.Coverage{{Source: "bluesky", From: day, To: day.Add(24 * time.Hour), Part: "a", Parts: 1},
			{Source: "mastodon", From: day, To: day.Add(24 * time.Hour), Part: "a", Parts: 1}}),
	)
}

// postsADay is how many complaints the service has: few, as most have.
func postsADay(service int) int {
	if service < busyServices {
		return busyPosts
	}
	h := fnv.New32a()
	fmt.Fprint(h, service)
	return 5 + int(h.Sum32()%46)*int(h.Sum32()>>16%46)/45
}

func (f *filler) complaints(day time.Time) []nlp.Signal {
	symptoms, langs, sources := []string{"messages", "app", "website", "account"}, []string{"en", "fr", "pt", "es", "de"}, []string{"bluesky", "mastodon"}
	var all []nlp.Signal
	for i, service := range f.services {
		for range postsADay(i) {
			all = append(all, nlp.Signal{
				PostID: fmt.Sprintf("%x", f.random.Uint64()), Source: sources[f.random.IntN(2)], Service: service, Kind: nlp.Complaint,
				Lang: langs[f.random.IntN(5)], Symptoms: symptoms[f.random.IntN(4):][:1], Score: 0.9, Author: fmt.Sprintf("%016x", f.random.Uint64N(1e9)),
				CreatedAt: day.Add(time.Duration(f.random.Int64N(int64(24 * time.Hour)))),
			})
		}
	}
	return all
}

func (f *filler) heard(day time.Time, full bool) []nlp.Volume {
	var all []nlp.Volume
	for m := range 24 * 60 {
		for l := range heardLangs {
			posts := make([]uint64, 1)
			if full {
				posts = make([]uint64, heardAMinute/heardLangs)
			} else if l > 2 {
				break
			}
			for i := range posts {
				posts[i] = f.random.Uint64()
			}
			all = append(all, nlp.Volume{Minute: day.Add(time.Duration(m) * time.Minute), Source: "bluesky", Lang: fmt.Sprintf("%c%c", 'a'+l/26, 'a'+l%26), Posts: posts})
		}
	}
	return all
}
