package simulate

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// scenario is what happens, as its file says it.
type scenario struct {
	Name       string              `yaml:"name"`
	From       time.Time           `yaml:"from"`
	To         time.Time           `yaml:"to"`
	Sources    weights             `yaml:"sources"`
	Languages  map[string]activity `yaml:"languages"`
	Dispersion dispersion          `yaml:"dispersion"`
	Talk       map[string]weights  `yaml:"talk"`
	Services   []service           `yaml:"services"`
	Event      event               `yaml:"event"`
	Emoji      map[string][]string `yaml:"emoji"`
	file       string
}

// activity is how much a language posts, and when.
type activity struct {
	Posts milli   `yaml:"posts"`
	Hours []int64 `yaml:"hours"`
}

type dispersion struct {
	Nothing    int `yaml:"nothing"`
	Talk       int `yaml:"talk"`
	Complaints int `yaml:"complaints"`
}

type service struct {
	Slug       string   `yaml:"slug"`
	Handle     string   `yaml:"handle"`
	Languages  []string `yaml:"languages"` // none: all
	Mix        string   `yaml:"mix"`       // of talk about it; empty: app
	Talk       milli    `yaml:"talk"`
	Complaints milli    `yaml:"complaints"`
	Symptoms   weights  `yaml:"symptoms"`
}

type event struct {
	Service   string   `yaml:"service"`
	Rules     string   `yaml:"rules"`
	Onset     clock    `yaml:"onset"`
	Languages weights  `yaml:"languages"`
	Streams   []stream `yaml:"streams"`
}

// stream is one kind of post about the event.
type stream struct {
	Kind       string   `yaml:"kind"`
	Dispersion int      `yaml:"dispersion"`
	Symptoms   *weights `yaml:"symptoms"` // none for kind other
	Curve      curve    `yaml:"curve"`
}

// rule is where the language files hold what stream s says.
func (e event) rule(s stream, symptom string) string {
	if symptom == "" {
		return e.Rules + "." + s.Kind
	}
	return e.Rules + "." + s.Kind + "." + symptom
}

func (s *scenario) check() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s: "+format, append([]any{s.file}, args...)...)
	}
	for _, name := range s.Sources.names {
		if !strings.HasSuffix(name, "-sim") {
			return fail("source %q: a simulated source's name ends in -sim", name)
		}
	}
	for _, code := range sortedKeys(s.Languages) {
		if hours := s.Languages[code].Hours; len(hours) != 24 || slices.Min(hours) < 0 || slices.Max(hours) > 100 {
			return fail("language %s: want 24 hours from 0 to 100", code)
		}
	}
	if d := s.Dispersion; min(d.Nothing, d.Talk, d.Complaints) < 1 || max(d.Nothing, d.Talk, d.Complaints) > 1e6 {
		return fail("dispersion: want numbers from 1 up")
	}
	if !s.To.After(s.From) || s.From.Truncate(time.Minute) != s.From || s.To.Truncate(time.Minute) != s.To {
		return fail("from and to must be whole minutes, one after the other")
	}
	if s.Sources.total == 0 || len(s.Talk) == 0 || len(s.Languages) == 0 || s.Event.Languages.total == 0 {
		return fail("sources, languages, talk or event is absent")
	}
	return s.checkServices(fail)
}

func (s *scenario) checkServices(fail func(string, ...any) error) error {
	known := slices.ContainsFunc(s.Services, func(v service) bool { return v.Slug == s.Event.Service })
	if !known {
		return fail("event: service %q is not among the services", s.Event.Service)
	}
	for _, v := range s.Services {
		if v.Symptoms.total == 0 || s.talk(v).total == 0 {
			return fail("service %s has no symptoms or an unknown mix of talk", v.Slug)
		}
		for _, code := range v.Languages {
			if _, ok := s.Languages[code]; !ok {
				return fail("service %s: unknown language %s", v.Slug, code)
			}
		}
	}
	for _, v := range s.Event.Streams {
		if !slices.Contains([]string{"complaint", "news", "resolved", "other"}, v.Kind) || v.Dispersion < 1 || v.Dispersion > 1e6 {
			return fail("event: a stream needs a kind (not %q) and a dispersion", v.Kind)
		}
		if (v.Symptoms == nil) != (v.Kind == "other") {
			return fail("event: symptoms belong to every kind but other, not so %s", v.Kind)
		}
	}
	return nil
}

// checkLanguage finds the rules and names that s needs and l lacks.
func (s *scenario) checkLanguage(l *language) error {
	need := []string{"nothing", "frame.complaint", "frame.news", "frame.resolved", "frame.other", s.Event.Rules + ".hashtag"}
	for _, v := range s.Services {
		if !v.speaks(l.Code) {
			continue
		}
		if l.Services[v.Slug].words == nil {
			return fmt.Errorf("%s: no words for service %s", l.file, v.Slug)
		}
		need = append(need, s.talk(v).names...)
		for _, symptom := range v.Symptoms.names {
			need = append(need, "complaint."+symptom)
		}
	}
	for _, v := range s.Event.Streams {
		if v.Symptoms == nil {
			need = append(need, s.Event.rule(v, ""))
			continue
		}
		for _, symptom := range v.Symptoms.names {
			need = append(need, s.Event.rule(v, symptom))
		}
	}
	return l.need(need...)
}

// talk is what is said of v on an ordinary day.
func (s *scenario) talk(v service) weights {
	if v.Mix == "" {
		return s.Talk["app"]
	}
	return s.Talk[v.Mix]
}

func (v service) speaks(code string) bool {
	return len(v.Languages) == 0 || slices.Contains(v.Languages, code)
}
