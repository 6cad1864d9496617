package brief

import (
	"slices"
	"time"
)

// clockTime is the time of day that t shows, "9:17".
func (v *voice) clockTime(t time.Time) string {
	h := t.Hour()
	return fill(v.Times.Clock,
		"h", v.plain(h, 1), "hh", v.plain(h, 2),
		"h12", v.plain((h+11)%12+1, 1), "h11", v.plain(h%12, 1),
		"m", v.plain(t.Minute(), 1), "mm", v.plain(t.Minute(), 2),
		"part", v.partOfDay(h))
}

// partOfDay is the name of the part that began last before the hour; the
// hours before the first belong to the last.
func (v *voice) partOfDay(hour int) string {
	begin, last := -1, -1
	for from := range v.Times.Parts {
		last = max(last, from)
		if from <= hour {
			begin = max(begin, from)
		}
	}
	if begin < 0 {
		begin = last
	}
	return v.Times.Parts[begin]
}

// date tells a day, and its year when it is not now's.
func (w *writer) date(t time.Time) string {
	text := w.Times.Date
	if t.Year() != w.facts.Now.In(w.zone).Year() {
		text = w.Times.DateYear
	}
	return fill(text, "d", w.day(t.Day()), "month", w.month(int(t.Month())), "year", w.year(t.Year()))
}

// time tells the time in the zone, and in GMT where that is another; the day
// too if dated.
func (w *writer) time(t time.Time, dated bool) string {
	local, gmt := t.In(w.zone), t.UTC()
	inGMT := fill(w.Times.GMT, "clock", w.clockTime(gmt))
	_, offset := local.Zone()
	clock := w.clockTime(local)
	if offset == 0 {
		clock = inGMT
	}
	if dated {
		clock = fill(w.Times.ClockOn, "clock", clock, "date", w.date(local))
	}
	if offset == 0 {
		return clock
	}
	if !sameDay(local, gmt) {
		inGMT = fill(w.Times.GMTOn, "clock", w.clockTime(gmt), "date", w.date(gmt))
	}
	return fill(w.Times.Both, "clock", clock, "gmt", inGMT)
}

// when tells since when it lasts, or from when to when it did.
func (w *writer) when() string {
	onset, end := w.facts.Onset.In(w.zone), w.facts.End.In(w.zone)
	today := sameDay(onset, w.facts.Now.In(w.zone))
	text, dated := w.Times.SpanOn, false
	switch ended := w.ended(); {
	case !ended && today:
		text = w.Times.Since
	case !ended:
		text, dated = w.Times.SinceOn, true
	case !sameDay(onset, end):
		text, dated = w.Times.SpanOver, true
	case today:
		text = w.Times.Span
	}
	return fill(text,
		"from", w.time(onset, dated), "to", w.time(end, dated), "date", w.date(onset))
}

// duration tells how long it was: in minutes, in hours and minutes, or in
// days and hours, whole ones that have gone by.
func (w *writer) duration() string {
	minutes := int(w.facts.End.Sub(w.facts.Onset) / time.Minute)
	hours, days := minutes/60, minutes/60/24
	var parts []string
	add := func(f forms, n int) {
		if n > 0 {
			parts = append(parts, w.counted(f, n))
		}
	}
	if days > 0 {
		add(w.Durations.Days, days)
		add(w.Durations.Hours, hours%24)
	} else {
		add(w.Durations.Hours, hours)
		add(w.Durations.Minutes, minutes%60)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return fill(w.Durations.Join, "big", parts[0], "small", parts[1])
}

// peak tells of the minute when most people complained, once it is over; the
// day when it could be one of several.
func (w *writer) peak() string {
	f := w.facts
	if f.PeakPeople < 2 || f.PeakPeople > f.People || f.Peak.Before(f.Onset) || f.Peak.After(f.End) {
		return ""
	}
	peak := f.Peak.In(w.zone)
	text := w.words.Peak.At
	days := []time.Time{f.Onset.In(w.zone), f.End.In(w.zone)}
	if slices.ContainsFunc(days, func(t time.Time) bool { return !sameDay(t, peak) }) {
		text = w.words.Peak.On
	}
	return fill(text, "people", w.number(f.PeakPeople), "clock", w.clockTime(peak), "date", w.date(peak))
}

func sameDay(a, b time.Time) bool {
	return a.YearDay() == b.YearDay() && a.Year() == b.Year()
}
