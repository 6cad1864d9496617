package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

const (
	answersFresh = time.Minute // in case an insert that failed was stored after all, later
	answersRows  = 100_000     // kept in all
)

// answers keeps what was read until something is written into what it was read from,
// so that it is the same as if it was read anew. That can be known only where this
// process alone writes: nil keeps nothing.
type answers struct {
	mu      sync.Mutex
	kept    map[answerKey]*answer
	reading map[*answer]bool
	rows    int // in kept
}

type answerKey [sha256.Size]byte

// answer is the rows of minutes in [from, to) of a table.
type answer struct {
	table    string
	from, to time.Time
	at       time.Time // when it was asked for
	rows     any       // a slice
	n        int
}

func newAnswers() *answers {
	return &answers{kept: map[answerKey]*answer{}, reading: map[*answer]bool{}}
}

// everyTime is the range of what is of no time, or of all.
func everyTime() (from, to time.Time) { return time.Time{}, time.Unix(1<<33, 0) }

// begin returns what is kept under key, or else notes that next is being read.
func (a *answers) begin(key answerKey, next *answer) *answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	if k := a.kept[key]; k != nil && next.at.Sub(k.at) < answersFresh {
		return k
	}
	a.reading[next] = true
	return nil
}

// end keeps what was read, if it was, and nothing was written meanwhile.
func (a *answers) end(key answerKey, read *answer, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	current := a.reading[read]
	delete(a.reading, read)
	if !ok || !current || read.n > answersRows/4 {
		return
	}
	a.drop(key)
	if a.rows+read.n > answersRows || len(a.kept) >= answersRows/1000 {
		clear(a.kept)
		a.rows = 0
	}
	a.kept[key] = read
	a.rows += read.n
}

func (a *answers) drop(key answerKey) {
	if k := a.kept[key]; k != nil {
		a.rows -= k.n
		delete(a.kept, key)
	}
}

// written forgets what tables held in minutes of [first, last].
func (a *answers) written(first, last time.Time, tables ...string) {
	if a == nil {
		return
	}
	touched := func(k *answer) bool {
		return slices.Contains(tables, k.table) && k.to.After(first.Truncate(time.Minute)) && !k.from.After(last)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for key, k := range a.kept {
		if touched(k) {
			a.drop(key)
		}
	}
	for k := range a.reading {
		if touched(k) {
			delete(a.reading, k)
		}
	}
}

// writing forgets what tables held of the times of rows, now and, as somebody may read
// meanwhile, when what it returns is called.
func writing[T any](a *answers, rows []T, at func(T) time.Time, tables ...string) (done func()) {
	if a == nil || len(rows) == 0 {
		return func() {}
	}
	first, last := at(rows[0]), at(rows[0])
	for _, r := range rows[1:] {
		if t := at(r); t.Before(first) {
			first = t
		} else if t.After(last) {
			last = t
		}
	}
	a.written(first, last, tables...)
	return func() { a.written(first, last, tables...) }
}

// read is scan into a slice, which may be kept, so that nobody may change it. From is
// what the rows are of.
func read[T any](ctx context.Context, s *Store, of answer, sql string, args []any, row func(driver.Rows, *T) error) ([]T, error) {
	var key answerKey
	if s.answers != nil {
		key, of.at = sha256.Sum256(fmt.Appendf(nil, "%s %#v", sql, args)), time.Now()
		if k := s.answers.begin(key, &of); k != nil {
			return k.rows.([]T), nil
		}
	}
	var all []T
	err := s.scan(ctx, sql, args, func(rows driver.Rows) error {
		all = append(all, *new(T))
		return row(rows, &all[len(all)-1])
	})
	if s.answers != nil {
		of.rows, of.n = all, len(all)
		s.answers.end(key, &of, err == nil)
	}
	return all, err
}
