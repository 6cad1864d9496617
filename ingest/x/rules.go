package x

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
)

// ruleTag marks rules as ours among those of the app.
const ruleTag = "outcry"

const rulesPath = "/2/tweets/search/stream/rules"

// maxAdd is how many rules are sent at once.
const maxAdd = 100

// rule is one that is in force.
type rule struct {
	ID    string `json:"id,omitempty"`
	Value string `json:"value"`
	Tag   string `json:"tag,omitempty"`
}

type rulesAnswer struct {
	Data []rule `json:"data"`
	Meta struct {
		Next string `json:"next_token"`
	} `json:"meta"`
	Errors []problem `json:"errors"`
}

// putRules makes the wanted rules those in force. Others' rules of the same app are
// left alone.
func (s *Source) putRules(ctx context.Context) error {
	inForce, err := s.readRules(ctx)
	if err != nil && len(s.ours) > 0 && ctx.Err() == nil {
		s.cfg.Log.Warn("the rules cannot be read; those of before should be in force", "err", err)
		return nil
	}
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	have := map[string]bool{}
	var unwanted []string
	for _, r := range inForce {
		switch wanted := slices.Contains(s.cfg.Rules, r.Value); {
		case wanted:
			ours[r.ID], have[r.Value] = true, true
		case r.Tag == ruleTag:
			unwanted = append(unwanted, r.ID)
		}
	}
	var missing []rule
	for _, value := range s.cfg.Rules {
		if !have[value] && !s.refused[value] {
			have[value], missing = true, append(missing, rule{Value: value, Tag: ruleTag})
		}
	}
	// What is new comes first, so that nothing is missed meanwhile, if there is room.
	if room := len(inForce)+len(missing) <= s.cfg.MaxRules; !room {
		if err := s.deleteRules(ctx, unwanted); err != nil {
			return err
		}
		unwanted = nil
	}
	if err := s.addRules(ctx, missing, ours); err != nil {
		return err
	}
	if len(ours) == 0 {
		return errors.New("none of them is accepted")
	}
	s.ours = ours
	return s.deleteRules(ctx, unwanted)
}

func (s *Source) readRules(ctx context.Context) (all []rule, err error) {
	for query := (url.Values{}); len(all) <= 100*maxRules; {
		var page rulesAnswer
		if err := s.call(ctx, http.MethodGet, rulesPath, query, nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Data...)
		if page.Meta.Next == "" || len(page.Data) == 0 {
			break
		}
		query.Set("pagination_token", page.Meta.Next)
	}
	return all, nil
}

func (s *Source) deleteRules(ctx context.Context, ids []string) error {
	for some := range slices.Chunk(ids, maxAdd) {
		body := map[string]any{"delete": map[string][]string{"ids": some}}
		if err := s.call(ctx, http.MethodPost, rulesPath, nil, body, &rulesAnswer{}); err != nil {
			return err
		}
	}
	return nil
}

// addRules puts rules in force and notes their ids. One that X does not take is
// named, and not sent again.
func (s *Source) addRules(ctx context.Context, rules []rule, ours map[string]bool) error {
	for some := range slices.Chunk(rules, maxAdd) {
		var answer rulesAnswer
		err := s.call(ctx, http.MethodPost, rulesPath, nil, map[string][]rule{"add": some}, &answer)
		named := false
		for _, p := range answer.Errors {
			if p.Title == "DuplicateRule" && p.ID != "" { // others have it too
				ours[p.ID], named = true, true
				continue
			}
			if p.Value != "" {
				s.refused[p.Value], named = true, true
			}
			s.cfg.Log.Warn("X refuses a rule", "rule", cut(p.Value, 80), "why", p.String())
		}
		if err != nil && !named {
			return err
		}
		for _, r := range answer.Data {
			ours[r.ID] = true
		}
		if err == nil {
			continue
		}
		if err := s.addRest(ctx, some, ours); err != nil { // X took none of these, for the sake of those that are named
			return err
		}
	}
	return nil
}

// addRest sends again what was not at fault.
func (s *Source) addRest(ctx context.Context, rules []rule, ours map[string]bool) error {
	rest := slices.DeleteFunc(slices.Clone(rules), func(r rule) bool { return s.refused[r.Value] })
	if len(rest) == len(rules) {
		return nil
	}
	return s.addRules(ctx, rest, ours)
}
