package nlp

import (
	"cmp"
	"slices"
)

// Counts are true positives, false positives and false negatives.
type Counts struct {
	True   int `json:"true_positives"`
	False  int `json:"false_positives"`
	Missed int `json:"false_negatives"`
}

// F1 is the harmonic mean of precision and recall; 1 where there was nothing
// to find and nothing was found.
func (c Counts) F1() float64 {
	if c == (Counts{}) {
		return 1
	}
	return 2 * float64(c.True) / float64(2*c.True+c.False+c.Missed)
}

func (c *Counts) add(o Counts) {
	c.True, c.False, c.Missed = c.True+o.True, c.False+o.False, c.Missed+o.Missed
}

// compare counts what is in want and got.
func compare(want, got []string) (c Counts) {
	for _, g := range got {
		if slices.Contains(want, g) {
			c.True++
		} else {
			c.False++
		}
	}
	c.Missed = len(want) - c.True
	return c
}

// Quality is how well some posts were tagged. Symptoms are counted over the
// posts that are labelled complaints, services over all.
type Quality struct {
	Posts     int    `json:"posts"`
	Complaint Counts `json:"complaint"`
	Services  Counts `json:"services"`
	Symptoms  Counts `json:"symptoms"`
	Lang      int    `json:"language_right"`
	// Kinds counts posts by the kind that they are labelled with and the kind
	// that they got, in the order of Kinds.
	Kinds [4][4]int `json:"kinds"`
}

func (q *Quality) add(o Quality) {
	q.Posts, q.Lang = q.Posts+o.Posts, q.Lang+o.Lang
	q.Complaint.add(o.Complaint)
	q.Services.add(o.Services)
	q.Symptoms.add(o.Symptoms)
	for i := range q.Kinds {
		for j := range q.Kinds[i] {
			q.Kinds[i][j] += o.Kinds[i][j]
		}
	}
}

// Wrong is a post with a tag that it ought not to have got, or without one
// that it ought to.
type Wrong struct {
	Post Labelled
	Got  Tags
	// Badness is how bad it is: a wrong kind by how sure of it the classifier
	// was, then services, symptoms, the language.
	Badness float64
}

// Evaluation is the quality by language, the whole, and what went wrong, worst
// first.
type Evaluation struct {
	ByLang map[string]*Quality
	All    Quality
	// Mean is the F1 of complaints as the mean over the languages.
	Mean  float64
	Wrong []Wrong
}

// Evaluate tags posts and compares the tags with the labels.
func Evaluate(c *Classifier, posts []Labelled) Evaluation {
	e := Evaluation{ByLang: map[string]*Quality{}}
	for _, p := range posts {
		got := c.Classify(Input{Text: p.Text, About: p.About})
		if e.ByLang[p.Lang] == nil {
			e.ByLang[p.Lang] = &Quality{}
		}
		q := judge(p, got)
		e.ByLang[p.Lang].add(q)
		e.All.add(q)
		if bad := badness(p, got, q); bad > 0 {
			e.Wrong = append(e.Wrong, Wrong{p, got, bad})
		}
	}
	for _, q := range e.ByLang {
		e.Mean += q.Complaint.F1() / float64(len(e.ByLang))
	}
	slices.SortStableFunc(e.Wrong, func(a, b Wrong) int { return cmp.Compare(b.Badness, a.Badness) })
	return e
}

func judge(p Labelled, got Tags) Quality {
	q := Quality{Posts: 1, Services: compare(p.Services, got.Services), Lang: b2i(p.Lang == got.Lang)}
	q.Complaint = compare(onlyComplaint(p.Kind), onlyComplaint(got.Kind))
	if p.Kind == Complaint {
		q.Symptoms = compare(p.Symptoms, got.Symptoms)
	}
	q.Kinds[slices.Index(Kinds(), p.Kind)][slices.Index(Kinds(), got.Kind)] = 1
	return q
}

func onlyComplaint(k Kind) []string {
	if k == Complaint {
		return []string{string(k)}
	}
	return nil
}

func badness(p Labelled, got Tags, q Quality) (bad float64) {
	if p.Kind != got.Kind {
		bad += 2 + got.Score
	}
	bad += 0.8*float64(q.Services.False+q.Services.Missed) + 0.3*float64(q.Symptoms.False+q.Symptoms.Missed)
	return bad + 0.2*float64(1-q.Lang)
}
