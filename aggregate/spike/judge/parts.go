package judge

import (
	"cmp"
	"slices"

	"outcry/aggregate/spike"
	"outcry/aggregate/spike/world"
)

// parts takes what was said apart by language and symptom, minute by minute.
type parts struct {
	said     []world.Said // by minute, those that were not taken yet
	sources  int
	langs    []string
	symptoms []string
}

func newParts(said []world.Said, sources int) *parts {
	slices.SortFunc(said, func(a, b world.Said) int { return cmp.Compare(a.Minute, b.Minute) })
	p := &parts{said: said, sources: sources, symptoms: world.Symptoms()}
	for _, lang := range world.Languages() {
		p.langs = append(p.langs, "lang "+lang)
	}
	return p
}

// of the minute, which is called for every one.
func (p *parts) of(minute int) (heard []spike.Part) {
	add := func(name string, source uint8) {
		i := slices.IndexFunc(heard, func(h spike.Part) bool { return h.Name == name })
		if i < 0 {
			i, heard = len(heard), append(heard, spike.Part{Name: name, People: make([]uint16, p.sources)})
		}
		heard[i].People[source]++
	}
	for len(p.said) > 0 && int(p.said[0].Minute) == minute {
		add(p.langs[p.said[0].Lang], p.said[0].Source)
		add(p.symptoms[p.said[0].Symptom], p.said[0].Source)
		p.said = p.said[1:]
	}
	return heard
}
