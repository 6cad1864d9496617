package search

import (
	"fmt"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/ar"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fa"
	"github.com/blevesearch/bleve/v2/analysis/lang/fi"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/hi"
	"github.com/blevesearch/bleve/v2/analysis/lang/hu"
	"github.com/blevesearch/bleve/v2/analysis/lang/in"
	"github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/lang/pl"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
	"github.com/blevesearch/bleve/v2/analysis/lang/ro"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/bleve/v2/analysis/lang/sv"
	"github.com/blevesearch/bleve/v2/analysis/lang/tr"
	"github.com/blevesearch/bleve/v2/analysis/token/apostrophe"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	"github.com/blevesearch/bleve/v2/registry"
)

// filterNames are what bleve has for each language, but for its lists of words
// to leave out: they have "down", "up", "not" and "no" in them, which are what
// complaints are made of. The words of a language that is not here, or not
// known, stay as they are.
func filterNames() map[string][]string {
	return map[string][]string{
		"ar": {ar.NormalizeName, ar.StemmerName},
		"de": {de.NormalizeName, de.LightStemmerName},
		"en": {en.PossessiveName, porter.Name},
		"es": {es.NormalizeName, es.LightStemmerName},
		"fa": {ar.NormalizeName, fa.NormalizeName},
		"fi": {fi.SnowballStemmerName},
		"fr": {fr.ElisionName, fr.LightStemmerName},
		"hi": {in.NormalizeName, hi.NormalizeName, hi.StemmerName},
		"hu": {hu.SnowballStemmerName},
		"it": {it.ElisionName, it.LightStemmerName},
		"nl": {nl.SnowballStemmerName},
		"pl": {pl.SnowballStemmerName},
		"pt": {pt.LightStemmerName},
		"ro": {ro.SnowballStemmerName},
		"ru": {ru.SnowballStemmerName},
		"sv": {sv.SnowballStemmerName},
		"tr": {apostrophe.Name, tr.SnowballStemmerName},
	}
}

// analyzers cut texts into terms, each in its language.
type analyzers struct {
	plain  *analyzer
	byLang map[string]*analyzer
	all    []*analyzer // plain first
}

func newAnalyzers() (*analyzers, error) {
	cache := registry.NewCache()
	a := &analyzers{plain: &analyzer{}, byLang: map[string]*analyzer{}}
	a.all = []*analyzer{a.plain}
	for lang, names := range filterNames() {
		one := &analyzer{}
		for _, name := range names {
			filter, err := cache.TokenFilterNamed(name)
			if err != nil {
				return nil, fmt.Errorf("analysis of %s: %w", lang, err)
			}
			one.filters = append(one.filters, filter)
		}
		a.byLang[lang] = one
		a.all = append(a.all, one)
	}
	return a, nil
}

func (a *analyzers) of(lang string) *analyzer {
	if one, ok := a.byLang[lang]; ok {
		return one
	}
	return a.plain
}

// analyzer is bleve's analysis.Analyzer. All languages share one field of the
// index, where each post stands in the stems of its own.
type analyzer struct{ filters []analysis.TokenFilter }

// Analyze cuts text into terms. Their places are in text as it was given.
func (a *analyzer) Analyze(text []byte) analysis.TokenStream {
	tokens := fold(pairs(cut(text)))
	for _, f := range a.filters {
		tokens = f.Filter(tokens)
	}
	return finish(tokens)
}

// terms are the terms of a text alone.
func (a *analyzer) terms(text string) []string {
	var terms []string
	for _, t := range a.Analyze([]byte(text)) {
		terms = append(terms, string(t.Term))
	}
	return terms
}
