package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
)

const (
	firstRounds = 5 // processes
	firstViews  = 5 // of each; the first is cold
)

// view is what the browser tells of one view of the dashboard, in milliseconds from the
// navigation on: the first content, and the table of services.
type view struct {
	Paint, Table float64
	Rows         int
}

// first times the first view of the dashboard over the store of a year: in a browser
// that has never been there, of a program that has just begun, and of one that has been
// looked at.
func (b bench) first(ctx context.Context, keep, script string) error {
	if _, err := fill(ctx, keep); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	var cold, warm []view
	for range firstRounds {
		s, err := b.serve(ctx, keep)
		if err != nil {
			return err
		}
		views, err := watch(ctx, script, s.url)
		if err != nil {
			return err
		}
		cold, warm = append(cold, views[0]), append(warm, views[1:]...)
		if err := s.stop(); err != nil {
			return err
		}
	}
	printViews("of a program that has just begun", cold)
	printViews("later", warm)
	return nil
}

// watch has the browser look at the dashboard, each time as somebody else.
func watch(ctx context.Context, script, url string) ([]view, error) {
	cmd := exec.CommandContext(ctx, "node", script, url+"/", strconv.Itoa(firstViews))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("browser: %w", err)
	}
	var views []view
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var v view
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("browser: %w", err)
		}
		views = append(views, v)
	}
	if len(views) != firstViews {
		return nil, fmt.Errorf("browser: %d views of %d", len(views), firstViews)
	}
	return views, nil
}

func printViews(when string, views []view) {
	of := func(get func(view) float64) []float64 {
		var all []float64
		for _, v := range views {
			all = append(all, get(v))
		}
		slices.Sort(all)
		return all
	}
	paint, table := of(func(v view) float64 { return v.Paint }), of(func(v view) float64 { return v.Table })
	fmt.Printf("first view of the dashboard %s: content after %.0f ms, the table of services after %.0f ms (medians of %d; the longest %.0f and %.0f)\n",
		when, median(paint), median(table), len(views), paint[len(paint)-1], table[len(table)-1])
}
