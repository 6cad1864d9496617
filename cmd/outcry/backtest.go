package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/brief"
	"outcry/aggregate/spike"
	"outcry/api"
	"outcry/ingest"
	"outcry/ingest/file"
	"outcry/nlp"
	"outcry/nlp/catalog"
)

type backtestCmd struct {
	nlpFlags
	watchFlags
	File   string `arg:"" help:"File of posts, as for ingest; with --counts a CSV of counts. - for standard input."`
	Format string `help:"Form of the file where its name does not tell: ndjson, csv or tsv." enum:",ndjson,csv,tsv" default:""`
	Map    string `help:"CSV columns by field, as for ingest." placeholder:"FIELD=COLUMN,…"`
	Counts bool   `help:"The file is CSV of counts by the minute: columns t and people (or authors), and service and source where there are several."`
	Truth  string `help:"CSV of the outages that there were, to judge by: columns service, start, end (RFC 3339)." type:"path" placeholder:"FILE"`
	Lang   string `help:"Language of the text." default:"en"`
	TZ     string `help:"Time zone of the text, as Europe/Paris." default:"UTC" name:"tz"`
	Out    string `help:"Form of the answer: text, or json with one incident a line." enum:"text,json" default:"text" name:"to"`
}

// Run finds the incidents of a file on the file's own clock.
func (c *backtestCmd) Run(e *env) error {
	zone, err := time.LoadLocation(c.TZ)
	if err != nil {
		return fmt.Errorf("--tz: %w", err)
	}
	book, err := brief.Load()
	if err != nil {
		return err
	}
	if !slices.Contains(book.Languages(), c.Lang) {
		return fmt.Errorf("--lang %s: there are %s", c.Lang, strings.Join(book.Languages(), ", "))
	}
	truth, err := readTruth(c.Truth)
	if err != nil {
		return err
	}
	test := &aggregate.Backtest{}
	if c.Counts {
		err = c.readCounts(e, test)
	}
	if err != nil {
		return err
	}
	services, err := c.nlpFlags.services()
	if err != nil {
		return err
	}
	if !c.Counts {
		err = c.readPosts(e, test, services)
	}
	if err != nil {
		return err
	}
	found := test.Run(spike.Config{FalseAlarms: c.FalseAlarms}, ownerOf(services))
	for _, p := range found {
		if err := c.print(e, p, services, book, zone); err != nil {
			return err
		}
	}
	if c.Out == "text" && len(found) == 0 {
		fmt.Fprintln(e.streams.Out, "No incident was found.")
	}
	if c.Truth != "" && c.Out == "text" {
		printTruth(e.streams.Out, truth, found)
	}
	return nil
}

// readPosts tags the posts of a file.
func (c *backtestCmd) readPosts(e *env, test *aggregate.Backtest, services *catalog.Catalog) error {
	classifier, err := c.nlpFlags.classifier(services)
	if err != nil {
		return err
	}
	config, err := (&ingestCmd{File: c.File, Format: c.Format, Map: c.Map, Source: "file"}).fileConfig(e)
	if err != nil {
		return err
	}
	bar := progress(e.streams.Err)
	config.Progress = bar.set
	source, err := file.New(config)
	if err != nil {
		return err
	}
	refused, line := 0, 0
	err = source.Run(e.ctx, "", func(event ingest.Event) error {
		line++
		p := event.Post
		if p == nil || !p.Deleted && ingest.CheckTime(p.CreatedAt, time.Now()) != nil {
			refused++
			return nil
		}
		if p.Deleted {
			return nil
		}
		tags := classifier.Classify(nlp.Input{Text: p.Text, Lang: p.Lang, About: p.About})
		if p.ID == "" {
			p.ID = strconv.Itoa(line)
		}
		test.Add(p.Source, p.ID, p.Author, p.CreatedAt, tags)
		return nil
	})
	bar.finish()
	if refused > 0 {
		e.log.Warn("lines were refused; ingest says why", "refused", refused, "of", line)
	}
	return err
}

// readCounts takes a CSV of counts.
func (c *backtestCmd) readCounts(e *env, test *aggregate.Backtest) error {
	in, err := c.open(e)
	if err != nil {
		return err
	}
	defer in.Close()
	return eachRecord(e.ctx, in, c.File, []string{"t", "people|authors"}, func(line int, field func(string) string) error {
		at, err := ingest.ParseTime(field("t"))
		if err == nil {
			err = ingest.CheckTime(at, time.Now())
		}
		if err != nil {
			return fmt.Errorf("%s:%d: t: %w", c.File, line, err)
		}
		n, err := strconv.ParseUint(field("people|authors"), 10, 31)
		if err != nil {
			return fmt.Errorf("%s:%d: people: %q is no number of people", c.File, line, field("people|authors"))
		}
		test.AddCount(aggregate.Count{Service: cmp.Or(field("service"), "service"), Source: cmp.Or(field("source"), "file"), Minute: at, Authors: n})
		return nil
	})
}

func (c *backtestCmd) open(e *env) (io.ReadCloser, error) {
	if c.File == "-" {
		return io.NopCloser(e.streams.In), nil
	}
	return os.Open(c.File)
}

// eachRecord reads CSV by the names of its header. Names that are needed may have
// alternatives: people|authors.
func eachRecord(ctx context.Context, in io.Reader, name string, needed []string, use func(line int, field func(string) string) error) error {
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.ReuseRecord = 0, true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: it is empty; its first line must name the columns", name)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	columns := map[string]int{}
	for i, column := range header {
		columns[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(column, "\ufeff")))] = i
	}
	find := func(names string) int {
		for one := range strings.SplitSeq(names, "|") {
			if i, ok := columns[one]; ok {
				return i
			}
		}
		return -1
	}
	for _, names := range needed {
		if find(names) < 0 {
			return fmt.Errorf("%s: it has no column %s", name, strings.ReplaceAll(names, "|", " or "))
		}
	}
	for ctx.Err() == nil {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		if err := use(line, func(names string) string {
			if i := find(names); i >= 0 {
				return strings.TrimSpace(record[i])
			}
			return ""
		}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// ownerOf says whose a service is.
func ownerOf(services *catalog.Catalog) func(string) string {
	return func(service string) string {
		if known, ok := services.Lookup(service); ok && known.Owner != "" {
			return known.Owner
		}
		return service
	}
}

// print writes one incident: a line of facts, the brief, the curve.
func (c *backtestCmd) print(e *env, p aggregate.Past, services *catalog.Catalog, book *brief.Book, zone *time.Location) error {
	now := p.Updated
	if !p.Open() {
		now = p.End
	}
	text, err := book.Write(c.Lang, zone, api.BriefFacts(services, p.Incident, now))
	if err != nil {
		return err
	}
	if c.Out == "json" {
		line, err := json.Marshal(struct {
			aggregate.Past
			Brief string `json:"brief"`
		}{p, text})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(e.streams.Out, "%s\n", line)
		return err
	}
	const clock = "2006-01-02 15:04"
	end := "lasts still at the end of the file"
	if !p.Open() {
		end = "ended " + p.End.In(zone).Format(clock)
	}
	_, err = fmt.Fprintf(e.streams.Out, "%s (%s)\n  began %s (%s to %s), noticed after %d min%s, %s; %s\n  %s\n  %s  %s, %d people a minute at the most\n\n",
		strings.Join(p.Services, ", "), p.Severity, p.Onset.In(zone).Format(clock), p.Earliest.In(zone).Format("15:04"), p.Latest.In(zone).Format("15:04"),
		int(p.Detected.Sub(p.Onset)/time.Minute), noticedIn(p.Noticed), end, zone, text, sparkline(p.Curve, 60), p.CurveFrom.In(zone).Format("from 15:04"), p.PeakPeople)
	return err
}

// noticedIn says in which part an incident was noticed; nothing of the whole.
func noticedIn(n aggregate.Noticed) string {
	if n.Name == "" {
		return ""
	}
	return fmt.Sprintf(" in %s %s (%d people, usually %.1f)", n.By, n.Name, n.People, n.Usual)
}

// sparkline draws a curve in so many characters at most, each the greatest of its
// minutes.
func sparkline(curve []int, width int) string {
	const bars = "▁▂▃▄▅▆▇█"
	levels := []rune(bars)
	each := max(1, (len(curve)+width-1)/width)
	top := max(1, slices.Max(append([]int{0}, curve...)))
	var b strings.Builder
	for part := range slices.Chunk(curve, each) {
		b.WriteRune(levels[slices.Max(part)*(len(levels)-1)/top])
	}
	return b.String()
}

// outage is one of the truth.
type outage struct {
	service    string
	start, end time.Time
}

func readTruth(path string) ([]outage, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--truth: %w", err)
	}
	defer f.Close()
	var all []outage
	err = eachRecord(context.Background(), f, path, []string{"service", "start", "end"}, func(line int, field func(string) string) error {
		o := outage{service: field("service")}
		var err1, err2 error
		o.start, err1 = ingest.ParseTime(field("start"))
		o.end, err2 = ingest.ParseTime(field("end"))
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("%s:%d: %w", path, line, err)
		}
		if !o.start.Before(o.end) {
			return fmt.Errorf("%s:%d: start must be before end", path, line)
		}
		all = append(all, o)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("--truth: %w", err)
	}
	return all, nil
}

// printTruth says how well the outages that there were were found. An incident that
// begins within half an hour before an outage to its end is of it.
func printTruth(w io.Writer, truth []outage, found []aggregate.Past) {
	const early = 30 * time.Minute
	right := map[string]bool{}
	hit := 0
	var delays, errors []int
	for _, o := range truth {
		first := -1
		for i, p := range found {
			if slices.Contains(p.Services, o.service) && p.Onset.After(o.start.Add(-early)) && p.Onset.Before(o.end) {
				right[p.ID] = true
				if first < 0 {
					first = i
				}
			}
		}
		if first < 0 {
			fmt.Fprintf(w, "missed: %s %s\n", o.service, o.start.Format(time.RFC3339))
			continue
		}
		hit++
		delays = append(delays, int(found[first].Detected.Sub(o.start)/time.Minute))
		errors = append(errors, int(found[first].Onset.Sub(o.start).Abs()/time.Minute))
	}
	for _, p := range found {
		if !right[p.ID] {
			fmt.Fprintf(w, "false: %s\n", p.ID)
		}
	}
	fmt.Fprintf(w, "found %d of %d outages; %d of %d incidents are false", hit, len(truth), len(found)-len(right), len(found))
	if hit > 0 {
		slices.Sort(delays)
		slices.Sort(errors)
		fmt.Fprintf(w, "; noticed after %d min (median), onset wrong by %d min (median)", delays[len(delays)/2], errors[len(errors)/2])
	}
	fmt.Fprintln(w)
}
