package nlp

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"outcry/nlp/catalog"
	"outcry/nlp/lexicon"
	"outcry/nlp/model"
)

// Kinds are the kinds of post, in the order in which the model scores them.
func Kinds() []Kind { return []Kind{Complaint, News, Resolved, Other} }

// Labelled is a post with the tags that it ought to get.
type Labelled struct {
	ID    string
	Text  string
	About []string
	tags
}

type tags struct {
	Kind     Kind     `json:"kind"`
	Lang     string   `json:"lang"`
	Services []string `json:"services"`
	Symptoms []string `json:"symptoms"`
}

// Models are what is learned from labelled posts.
type Models struct {
	langs *model.Model // which language do the letters speak for?
	names *model.Model // is a word that may be a name one?
	posts *model.Model // the kind and the symptoms of a post
}

// Write writes the models to a file of their own.
func (m *Models) Write(w io.Writer) error { return model.Write(w, m.langs, m.names, m.posts) }

// ReadModels reads what Write wrote.
func ReadModels(r io.Reader) (*Models, error) {
	all, err := model.Read(r)
	if err != nil {
		return nil, err
	}
	if len(all) != 3 || len(all[1].Outputs()) != 1 || !slices.Equal(all[2].Outputs(), slices.Concat(kindNames(), lexicon.Symptoms())) {
		return nil, errors.New("the models are of another version of the program: train them again")
	}
	return &Models{all[0], all[1], all[2]}, nil
}

func kindNames() (names []string) {
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return names
}

// Below which weight a feature is left out: it decides nothing. A post has a hundred
// features, and a quarter of those that are known of posts weigh no more; without
// them the kinds and symptoms of posts come out as well, by cross-validation on
// testdata/posts.
const (
	hardlyAny     = 0.02
	littleInPosts = 0.15
)

// Train learns models from labelled posts, on top of the catalogue and the
// lexicon. The same posts give the same models.
func Train(cat *catalog.Catalog, lex *lexicon.Lexicon, posts []Labelled) (*Models, error) {
	c, err := New(cat, lex, nil)
	if err != nil {
		return nil, err
	}
	m := &Models{}
	if m.langs, err = trainLangs(c, posts); err != nil {
		return nil, fmt.Errorf("learn languages: %w", err)
	}
	c.models = m // names are sought in posts whose language is known
	if m.names, err = trainNames(c, posts); err != nil {
		return nil, fmt.Errorf("learn names: %w", err)
	}
	if m.posts, err = trainPosts(c, posts); err != nil {
		return nil, fmt.Errorf("learn kinds and symptoms: %w", err)
	}
	return m, nil
}

// trainLangs learns which language the letters of a post speak for.
func trainLangs(c *Classifier, posts []Labelled) (*model.Model, error) {
	task := model.Task{Epochs: 6, Rate: 0.1, L1: 1, L2: 1, MinCount: 4, Least: hardlyAny}
	for _, p := range posts {
		task.Classes = append(task.Classes, p.Lang)
	}
	slices.Sort(task.Classes)
	task.Classes = slices.Compact(task.Classes)
	examples := make([]model.Example, 0, len(posts))
	p := &scratch{}
	for _, post := range posts {
		p.reset(Input{Text: head(post.Text)})
		p.text.Analyze(p.in.Text)
		p.letterFeatures()
		p.distinct()
		examples = append(examples, model.Example{Class: slices.Index(task.Classes, post.Lang), Weight: 1, Features: slices.Clone(p.features)})
	}
	return model.Train(task, examples)
}

// mentioned is the weight of the example that a service in a post on the
// trouble of others may be no name at all.
const mentioned = 0.5

// trainNames learns from every word that may be a name and is not clear by
// rule.
func trainNames(c *Classifier, posts []Labelled) (*model.Model, error) {
	task := model.Task{Labels: []string{"name"}, Epochs: 12, Rate: 0.2, L1: 0.05, L2: 1, MinCount: 2, Least: hardlyAny}
	var examples []model.Example
	p := c.newScratch()
	for _, post := range posts {
		if !c.read(p, Input{Text: post.Text, About: post.About}) {
			continue
		}
		for u := range p.spots {
			s := &p.spots[u]
			if s.service >= 0 || s.perhaps < 0 {
				continue
			}
			e := model.Example{Weight: 1, Labelled: true}
			if slices.Contains(post.Services, c.slugs[s.perhaps]) {
				e.Labels = []int{0}
			} else if len(post.Services) > 0 && post.Kind != Other {
				e.Weight = mentioned // it may be named and not have the problem
			}
			c.senseFeatures(p, u)
			p.distinct()
			e.Features = slices.Clone(p.features)
			examples = append(examples, e)
		}
	}
	return model.Train(task, examples)
}

// trainPosts learns kinds and symptoms.
func trainPosts(c *Classifier, posts []Labelled) (*model.Model, error) {
	task := model.Task{Classes: kindNames(), Labels: lexicon.Symptoms(), Epochs: 24, Rate: 0.1, L1: 1, L2: 1, MinCount: 2, Least: littleInPosts, Dropout: 0.5}
	examples := make([]model.Example, 0, len(posts))
	for _, p := range posts {
		e := model.Example{Class: slices.Index(Kinds(), p.Kind), Weight: 1, Labelled: len(p.Symptoms) > 0}
		for _, s := range p.Symptoms {
			e.Labels = append(e.Labels, slices.Index(task.Labels, s))
		}
		if e.Features = c.postFeatures(Input{Text: p.Text, About: p.About}); e.Features != nil {
			examples = append(examples, e)
		}
	}
	return model.Train(task, examples)
}
