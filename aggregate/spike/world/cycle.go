package world

import "math"

// habit is when people complain about one kind of service, in their own time.
// Only the form counts: a profile has the mean 1.
type habit struct {
	hours [24]float64
	days  [7]float64 // Sunday first
	match float64    // by how much an evening of football multiplies it, at most
}

// Kinds of service. The shares of the weekend of shops and of work are those of
// the mentions of AMZN and CRM in nab-tweets; the rest is assumed.
const (
	chat = iota
	bank
	work
	shop
	stream
	game
	phone
)

func habits() []habit {
	return []habit{
		chat: {
			hours: [24]float64{.75, .48, .3, .22, .2, .24, .42, .8, 1.1, 1.2, 1.25, 1.3, 1.35, 1.3, 1.25, 1.25, 1.3, 1.4, 1.55, 1.7, 1.8, 1.75, 1.5, 1.1},
			days:  [7]float64{.9, 1.05, 1.03, 1.03, 1.02, 1.03, .94}},
		bank: {
			hours: [24]float64{.3, .18, .1, .08, .08, .15, .5, 1.1, 1.7, 2, 2, 1.9, 1.8, 1.7, 1.7, 1.7, 1.7, 1.6, 1.4, 1.2, 1, .8, .6, .4},
			days:  [7]float64{.5, 1.25, 1.15, 1.1, 1.15, 1.2, .65}},
		work: {
			hours: [24]float64{.2, .13, .1, .1, .1, .15, .4, 1, 1.9, 2.4, 2.4, 2.2, 1.9, 2.1, 2.2, 2.1, 1.8, 1.3, .9, .7, .6, .5, .4, .3},
			days:  [7]float64{.48, 1.25, 1.27, 1.27, 1.25, .98, .5}},
		shop: {
			hours: [24]float64{.5, .3, .2, .15, .14, .18, .35, .7, 1.1, 1.3, 1.4, 1.4, 1.45, 1.4, 1.3, 1.3, 1.3, 1.35, 1.45, 1.6, 1.7, 1.6, 1.2, .8},
			days:  [7]float64{.83, 1.08, 1.1, 1.05, 1.02, 1, .92}},
		stream: {
			hours: [24]float64{1.1, .7, .4, .25, .18, .15, .2, .35, .5, .6, .7, .8, .95, 1, 1, 1.05, 1.2, 1.4, 1.8, 2.3, 2.6, 2.5, 2.1, 1.6},
			days:  [7]float64{1.25, .9, .88, .9, .9, 1, 1.17}, match: 2.5},
		game: {
			hours: [24]float64{1.2, .8, .5, .3, .2, .18, .2, .35, .5, .6, .75, .9, 1, 1.1, 1.25, 1.5, 1.7, 1.8, 1.9, 2.1, 2.2, 2.1, 1.9, 1.6},
			days:  [7]float64{1.3, .88, .87, .88, .88, .95, 1.24}},
		phone: {
			hours: [24]float64{.5, .3, .2, .17, .2, .35, .7, 1.1, 1.35, 1.4, 1.4, 1.35, 1.35, 1.3, 1.3, 1.3, 1.35, 1.45, 1.5, 1.5, 1.4, 1.25, 1, .7},
			days:  [7]float64{.75, 1.15, 1.08, 1.06, 1.06, 1.05, .85}, match: 1.6},
	}
}

// profiles spreads the habits over the blocks of a week, hours joined by lines.
func profiles() [][]float64 {
	var out [][]float64
	for _, h := range habits() {
		week, sum := make([]float64, aWeek), 0.0
		for i := range week {
			at := float64(i%aDay) / 4
			hour, part := int(at), at-math.Floor(at)
			week[i] = h.days[i/aDay] * ((1-part)*h.hours[hour] + part*h.hours[(hour+1)%24])
			sum += week[i]
		}
		for i := range week {
			week[i] *= aWeek / sum
		}
		out = append(out, week)
	}
	return out
}

// heat is how much people answer each other at an hour, against the mean: in the
// evening one complaint begets more of them. The dispersion of mentions within
// an hour varies by a factor of two over the day (nab-tweets, FB and CRM).
func heat(hour int) float64 {
	return 1 + .4*math.Cos(2*math.Pi*float64(hour-21)/24)
}
