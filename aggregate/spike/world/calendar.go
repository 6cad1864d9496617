package world

import (
	"time"
)

// country is where people are. weight is how many services have their home there,
// lang the place in Languages.
type country struct {
	zone   string
	weight float64
	lang   uint8
}

func countries() []country {
	return []country{
		{"America/New_York", 3, 0}, {"America/Los_Angeles", 1.5, 0}, {"America/Sao_Paulo", 2, 1}, {"America/Mexico_City", 1, 2},
		{"Europe/London", 1.5, 0}, {"Europe/Paris", 2, 3}, {"Europe/Berlin", 1.5, 4}, {"Europe/Madrid", 1, 2}, {"Europe/Warsaw", .7, 5},
		{"Europe/Istanbul", .7, 6}, {"Asia/Kolkata", 1, 0}, {"Asia/Jakarta", .8, 7}, {"Asia/Tokyo", 1.5, 8}, {"Australia/Sydney", .5, 0},
	}
}

// calendar is the time of one country by the block: its place in the local week,
// summer time and holidays heeded, and the hush of its quietest days.
type calendar struct {
	slot    []uint16
	hush    []float32
	matches []match
}

// match is an evening of football: when it is on, and how much of a crowd it draws.
type match struct {
	from, to int
	draw     float64
}

// feast is a holiday: as a Sunday, or so quiet that all is multiplied by hush.
type feast struct {
	day  int // of the country: year and day of the year
	hush float64
}

func (w *World) drawCalendars() {
	for c, land := range countries() {
		d := w.dice(ofCalendar, c)
		zone, err := time.LoadLocation(land.zone)
		if err != nil {
			panic("world: " + err.Error()) // the zones are part of the program
		}
		w.lands = append(w.lands, w.calendar(zone, w.drawFeasts(d, zone)))
		w.drawMatches(d, c, zone)
	}
}

// drawFeasts draws one or two holidays a country in two months, as of most
// countries of Europe and America in a year's mean.
func (w *World) drawFeasts(d dice, zone *time.Location) []feast {
	var out []feast
	n := max(1, int(float64(w.cfg.Days)/60*(1+d.Float64())+.5))
	for range n {
		at := w.Time(d.IntN(w.minutes)).In(zone)
		if wd := at.Weekday(); wd == time.Saturday || wd == time.Sunday {
			at = at.AddDate(0, 0, -3) // nobody would notice it
		}
		f := feast{day: dayOf(at), hush: 1}
		if d.Float64() < .4 {
			f.hush = d.between(.5, .75)
		}
		out = append(out, f)
		start := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone)
		w.decoys = append(w.decoys, Decoy{Service: AllServices, Source: AllServices, Kind: Holiday, Where: zone.String(),
			Start: start.UTC(), End: start.AddDate(0, 0, 1).UTC()})
	}
	return out
}

func (w *World) calendar(zone *time.Location, feasts []feast) calendar {
	c := calendar{slot: make([]uint16, w.blocks), hush: make([]float32, w.blocks)}
	for b := range c.slot {
		at := w.Time(b * block).In(zone)
		weekday := int(at.Weekday())
		c.hush[b] = 1
		for _, f := range feasts {
			if f.day == dayOf(at) {
				weekday, c.hush[b] = 0, float32(f.hush)
			}
		}
		c.slot[b] = uint16(weekday*aDay + (at.Hour()*60+at.Minute())/block)
	}
	return c
}

// drawMatches puts matches in the evenings of Wednesdays and Saturdays, two of
// three of them.
func (w *World) drawMatches(d dice, c int, zone *time.Location) {
	for n := range w.cfg.Days {
		date := w.Time(n * day).In(zone)
		if wd := date.Weekday(); wd != time.Wednesday && wd != time.Saturday || d.Float64() < .33 {
			continue
		}
		on := time.Date(date.Year(), date.Month(), date.Day(), 20, 45, 0, 0, zone).UTC()
		from := int(on.Sub(w.cfg.Start) / time.Minute)
		m := match{from, from + 115, d.Float64()}
		if m.from < 0 || m.to >= w.minutes {
			continue
		}
		w.lands[c].matches = append(w.lands[c].matches, m)
		w.decoys = append(w.decoys, Decoy{Service: AllServices, Source: AllServices, Kind: Match, Where: zone.String(), Start: on, End: w.Time(m.to)})
	}
}

func dayOf(t time.Time) int { return t.Year()*1000 + t.YearDay() }
