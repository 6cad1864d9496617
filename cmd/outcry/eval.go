package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"outcry/nlp"
)

type evalCmd struct {
	nlpFlags
	Files  []string `arg:"" help:"Labelled posts, NDJSON: what tag reads, with kind, lang, services and symptoms." type:"existingfile" name:"FILE"`
	Format string   `help:"Form of the result: ${enum}." enum:"text,json" default:"text"`
	Worst  int      `help:"How many of the worst posts to list." default:"10"`
}

// Run tags the posts and prints how well that went.
func (c *evalCmd) Run(e *env) error {
	posts, err := readLabelled(e, c.Files)
	if err != nil {
		return err
	}
	_, classifier, err := c.nlpFlags.load()
	if err != nil {
		return err
	}
	result := nlp.Evaluate(classifier, posts)
	result.Wrong = result.Wrong[:min(max(0, c.Worst), len(result.Wrong))]
	if c.Format == "json" {
		return writeEvaluationJSON(e.streams.Out, result)
	}
	return writeEvaluation(e.streams.Out, result)
}

// readLabelled reads files of labelled posts.
func readLabelled(e *env, files []string) (posts []nlp.Labelled, err error) {
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read labelled posts: %w", err)
		}
		more, err := nlp.ReadLabelled(f, name)
		if err := errors.Join(err, f.Close(), e.ctx.Err()); err != nil {
			return nil, err
		}
		posts = append(posts, more...)
	}
	return posts, nil
}

// writeEvaluation prints tables for a reader.
func writeEvaluation(out io.Writer, e nlp.Evaluation) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "language\tposts\tcomplaint F1\tprecision\trecall\tservices F1\tsymptoms F1\tlanguage right\t")
	langs := make([]string, 0, len(e.ByLang))
	for l := range e.ByLang {
		langs = append(langs, l)
	}
	slices.Sort(langs)
	for _, l := range langs {
		writeQuality(w, l, *e.ByLang[l])
	}
	writeQuality(w, "all", e.All)
	fmt.Fprintf(w, "mean\t\t%.3f\t\t\t\t\t\t\n", e.Mean)
	fmt.Fprintln(w, "\t\t\t\t\t\t\t\t")
	fmt.Fprint(w, "labelled \\ tagged\t")
	for _, k := range nlp.Kinds() {
		fmt.Fprintf(w, "%s\t", k)
	}
	for i, row := range e.All.Kinds {
		fmt.Fprintf(w, "\n%s\t", nlp.Kinds()[i])
		for _, n := range row {
			fmt.Fprintf(w, "%d\t", n)
		}
	}
	fmt.Fprintln(w)
	err := w.Flush()
	for _, x := range e.Wrong {
		_, printErr := fmt.Fprintf(out, "\n%s %s  %s\n  labelled %s %v %v\n  tagged   %s %v %v %s (%.2f)\n", x.Post.Lang, x.Post.ID, x.Post.Text,
			x.Post.Kind, x.Post.Services, x.Post.Symptoms, x.Got.Kind, x.Got.Services, x.Got.Symptoms, x.Got.Lang, x.Got.Score)
		err = errors.Join(err, printErr)
	}
	return err
}

func writeQuality(w io.Writer, name string, q nlp.Quality) {
	share := func(a, b int) float64 {
		if b == 0 {
			return 1
		}
		return float64(a) / float64(b)
	}
	c := q.Complaint
	fmt.Fprintf(w, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t\n", name, q.Posts, c.F1(), share(c.True, c.True+c.False), share(c.True, c.True+c.Missed),
		q.Services.F1(), q.Symptoms.F1(), share(q.Lang, q.Posts))
}

// qualityJSON is the evaluation of some posts, for programs.
type qualityJSON struct {
	nlp.Quality
	ComplaintF1 float64 `json:"complaint_f1"`
	ServicesF1  float64 `json:"services_f1"`
	SymptomsF1  float64 `json:"symptoms_f1"`
}

type wrongJSON struct {
	ID       string   `json:"id"`
	Lang     string   `json:"lang"`
	Text     string   `json:"text"`
	Labelled tagsJSON `json:"labelled"`
	Tagged   tagsJSON `json:"tagged"`
}

type tagsJSON struct {
	Kind     nlp.Kind `json:"kind"`
	Lang     string   `json:"lang"`
	Services []string `json:"services"`
	Symptoms []string `json:"symptoms"`
}

func writeEvaluationJSON(out io.Writer, e nlp.Evaluation) error {
	form := func(q nlp.Quality) qualityJSON {
		return qualityJSON{q, q.Complaint.F1(), q.Services.F1(), q.Symptoms.F1()}
	}
	answer := struct {
		All       qualityJSON            `json:"all"`
		Mean      float64                `json:"mean_complaint_f1"`
		Languages map[string]qualityJSON `json:"languages"`
		Worst     []wrongJSON            `json:"worst"`
	}{form(e.All), e.Mean, map[string]qualityJSON{}, []wrongJSON{}}
	for l, q := range e.ByLang {
		answer.Languages[l] = form(*q)
	}
	for _, x := range e.Wrong {
		answer.Worst = append(answer.Worst, wrongJSON{x.Post.ID, x.Post.Lang, x.Post.Text,
			tagsJSON{x.Post.Kind, x.Post.Lang, x.Post.Services, x.Post.Symptoms},
			tagsJSON{x.Got.Kind, x.Got.Lang, x.Got.Services, x.Got.Symptoms}})
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(answer)
}
