package search

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	index "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"

	"outcry/ingest"
)

// Search answers q. It looks into the days that the range touches only. An error
// in the words is a *SyntaxError.
func (x *Index) Search(ctx context.Context, q Query) (Found, error) {
	langs := x.texts.all
	if q.Lang != "" {
		langs = []*analyzer{x.texts.of(q.Lang)}
	}
	clauses, err := q.Words.compile(langs)
	if err != nil {
		return Found{}, err
	}
	all := &gathered{symptoms: map[string]int{}, services: map[string]int{}, langs: map[string]int{}}
	group, days := errgroup.WithContext(ctx) // which ends with the days
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range slices.Backward(x.names()) {
		begin, _ := time.Parse(dayLayout, name)
		if !q.touches(begin) {
			continue
		}
		group.Go(func() error {
			if err := days.Err(); err != nil {
				return err
			}
			return x.searchDay(days, name, q, clauses, all)
		})
	}
	if err := group.Wait(); err != nil {
		return Found{}, fmt.Errorf("search: %w", err)
	}
	return x.finish(ctx, q, clauses, all)
}

func (q Query) touches(begin time.Time) bool {
	return (q.To.IsZero() || begin.Before(q.To)) && (q.From.IsZero() || begin.AddDate(0, 0, 1).After(q.From))
}

// gathered is what the days answer, together.
type gathered struct {
	mu                        sync.Mutex
	total                     int
	places                    []Place
	services, symptoms, langs map[string]int
}

func (x *Index) searchDay(ctx context.Context, name string, q Query, clauses []clause, all *gathered) error {
	d, err := x.acquire(name, false)
	if err != nil || d == nil {
		return err
	}
	defer x.release(d)
	begin, _ := time.Parse(dayLayout, name)
	answer, err := d.open.SearchInContext(ctx, q.request(begin, clauses))
	if err != nil {
		return err
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.add(answer)
}

func (g *gathered) add(answer *bleve.SearchResult) error {
	g.total += int(answer.Total)
	for field, counts := range map[string]map[string]int{serviceField: g.services, symptomField: g.symptoms, langField: g.langs} {
		if facet := answer.Facets[field]; facet != nil && facet.Terms != nil {
			for _, t := range facet.Terms.Terms() {
				counts[t.Term] += t.Count
			}
		}
	}
	for _, match := range answer.Hits {
		at, err := strconv.ParseInt(match.Sort[len(match.Sort)-2], 10, 64) // before the id
		if err != nil {
			return fmt.Errorf("a document without its time: %w", err)
		}
		g.places = append(g.places, Place{Relevance: match.Score, Time: at, ID: match.ID})
	}
	return nil
}

// finish puts the hits of all days in one order, reads those of the page, and
// leaves out what is deleted.
func (x *Index) finish(ctx context.Context, q Query, clauses []clause, g *gathered) (Found, error) {
	slices.SortFunc(g.places, func(a, b Place) int {
		return cmp.Or(cmp.Compare(b.Relevance, a.Relevance), cmp.Compare(b.Time, a.Time), strings.Compare(a.ID, b.ID))
	})
	f := Found{Total: g.total, Services: counts(g.services), Symptoms: counts(g.symptoms), Languages: counts(g.langs)}
	if len(g.places) > q.Limit && q.Limit > 0 {
		f.Next = &g.places[q.Limit-1]
	}
	hits := make([]Hit, 0, q.Limit)
	for _, place := range g.places[:min(len(g.places), q.Limit)] {
		h, found, err := x.read(place)
		if err != nil {
			return Found{}, fmt.Errorf("search: %w", err)
		}
		if found {
			h.Marks = marks(h.Text, x.texts.of(h.Lang), clauses)
			hits = append(hits, h)
		}
	}
	var err error
	if f.Hits, err = x.alive(ctx, hits); err != nil {
		return Found{}, fmt.Errorf("search: %w", err)
	}
	return f, nil
}

// read reads a document; it is not found when it was deleted a moment ago.
func (x *Index) read(place Place) (h Hit, found bool, err error) {
	d, err := x.acquire(time.UnixMilli(place.Time).UTC().Format(dayLayout), false)
	if err != nil || d == nil {
		return Hit{}, false, err
	}
	defer x.release(d)
	doc, err := d.open.Document(place.ID)
	if err != nil || doc == nil {
		return Hit{}, false, err
	}
	doc.VisitFields(func(f index.Field) {
		if f.Name() == bodyField {
			found, err = true, json.Unmarshal(f.Value(), &h)
		}
	})
	h.Place = place
	return h, found, err
}

func (x *Index) alive(ctx context.Context, hits []Hit) ([]Hit, error) {
	kept := []Hit{}
	if x.cfg.Deletions == nil || len(hits) == 0 {
		return append(kept, hits...), nil
	}
	var posts []uint64
	for _, h := range hits {
		posts = append(posts, ingest.PostHash(h.Source, h.ID))
	}
	deleted, err := x.cfg.Deletions.Deleted(ctx, posts)
	if err != nil {
		return nil, fmt.Errorf("ask for deletions: %w", err)
	}
	for i, h := range hits {
		if !slices.Contains(deleted, posts[i]) {
			kept = append(kept, h)
		}
	}
	return kept, nil
}

func counts(of map[string]int) []Count {
	all := []Count{}
	for name, n := range of {
		all = append(all, Count{name, n})
	}
	slices.SortFunc(all, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Posts, a.Posts), strings.Compare(a.Name, b.Name)) })
	return all
}
