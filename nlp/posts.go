package nlp

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"outcry/nlp/lexicon"
)

// ReadLabelled reads posts with their tags, NDJSON; an error names the line
// and what is wrong with it.
func ReadLabelled(r io.Reader, name string) (posts []Labelled, err error) {
	err = eachLine(r, func(number int, line []byte) error {
		p, err := readLabelledLine(line)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, number, err)
		}
		posts = append(posts, p)
		return nil
	})
	if err == nil && len(posts) == 0 {
		err = fmt.Errorf("%s: there is no post in it", name)
	}
	return posts, err
}

func readLabelledLine(line []byte) (p Labelled, err error) {
	id, in, err := readPost(line)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(line, &p.tags); err != nil {
		return p, fmt.Errorf("the tags: %w", err)
	}
	p.ID, p.Text, p.About = string(id), in.Text, in.About
	_ = json.Unmarshal(id, &p.ID) // a string loses its quotes; a number stays as it is
	return p, p.check()
}

// check holds a label against the taxonomy.
func (p *Labelled) check() error {
	var errs []error
	if !slices.Contains(Kinds(), p.Kind) {
		errs = append(errs, fmt.Errorf("unknown kind %q", p.Kind))
	}
	for _, s := range p.Symptoms {
		if !slices.Contains(lexicon.Symptoms(), s) {
			errs = append(errs, fmt.Errorf("unknown symptom %q", s))
		}
	}
	if p.Kind == Complaint && len(p.Symptoms) == 0 {
		errs = append(errs, errors.New("a complaint without a symptom"))
	}
	if p.Kind == Other && len(p.Symptoms) > 0 {
		errs = append(errs, errors.New("the kind other has no symptoms"))
	}
	if len(p.Symptoms) > 1 && slices.Contains(p.Symptoms, "down") {
		errs = append(errs, errors.New("the symptom down stands alone"))
	}
	return errors.Join(errs...)
}
