package judge

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"outcry/aggregate"
	"outcry/aggregate/spike/world"
)

// told is what one source told of one service in a minute in which it told anything.
type told struct {
	service                  int32
	source                   uint8
	authors, posts, resolved uint16
	said                     []world.Said // what the authors said
}

// minutes are what was heard in a world, one after another.
func minutes(w *world.World) iter.Seq[aggregate.Heard] {
	services, sources := w.Services(), w.Sources()
	all, volumes, covered := make([][]told, w.Minutes()), make([][]uint32, len(sources)), make([][]float32, len(sources))
	for s := range services {
		tell(w.Counts(s), s, all)
	}
	for k := range sources {
		volumes[k], covered[k] = w.Heard(k), w.Covered(k)
	}
	return func(yield func(aggregate.Heard) bool) {
		for i := range all {
			h := aggregate.Heard{Posts: map[string]float64{}, Coverage: map[string]float64{}}
			for k, source := range sources {
				h.Posts[source] = float64(volumes[k][i])
				if share := float64(covered[k][i]); !math.IsNaN(share) {
					h.Coverage[source] = share
				}
			}
			for _, t := range all[i] {
				h.Counts = append(h.Counts, aggregate.Count{Service: services[t.service], Source: sources[t.source], Minute: w.Time(i),
					Authors: uint64(t.authors), Posts: uint64(t.posts), Resolved: uint64(t.resolved), Parts: parts(t.said)})
			}
			if !yield(h) {
				return
			}
		}
	}
}

// tell adds what was told of a service to what was told by the minute.
func tell(series world.Series, service int, all [][]told) {
	said := slices.SortedFunc(slices.Values(series.Said), func(a, b world.Said) int {
		return cmp.Or(cmp.Compare(a.Minute, b.Minute), cmp.Compare(a.Source, b.Source))
	})
	for i := range all {
		for k := range series.Authors {
			n := 0
			for n < len(said) && int(said[n].Minute) == i && int(said[n].Source) == k {
				n++
			}
			t := told{int32(service), uint8(k), series.Authors[k][i], series.Posts[k][i], series.Resolved[k][i], said[:n]}
			if said = said[n:]; t.authors > 0 || t.posts > 0 || t.resolved > 0 {
				all[i] = append(all[i], t)
			}
		}
	}
}

// parts counts the languages and symptoms of what was said.
func parts(said []world.Said) map[string]uint64 {
	langs, symptoms, heard := world.Languages(), world.Symptoms(), map[string]uint64{}
	for _, s := range said {
		heard[aggregate.PartName(aggregate.PartLang, langs[s.Lang])]++
		heard[aggregate.PartName(aggregate.PartSymptom, symptoms[s.Symptom])]++
	}
	return heard
}
