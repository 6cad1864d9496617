package world

// Said is a complaint of somebody who had not complained within the hour: when, in
// which source, and of which part of the service it tells.
type Said struct {
	Minute  int32
	Source  uint8
	Lang    uint8 // place in Languages
	Symptom uint8 // place in Symptoms
}

// Languages are those of the countries.
func Languages() []string {
	return []string{"en", "pt", "es", "fr", "de", "pl", "tr", "id", "ja"}
}

// Symptoms are what people complain of, the most frequent first.
func Symptoms() []string {
	return []string{"down", "slow", "login", "messages", "payments", "video"}
}

// about is of which part of a service somebody complains.
type about struct{ lang, symptom uint8 }

// tongues draws what complaints are about, apart from when they come.
type tongues struct{ dice }

const (
	faithful = .9 // of those who join in, how many speak the same language of the same thing
	mainly   = .6 // of the complaints of an outage, how many are of one symptom
)

// speak draws who speaks in a minute: people of the countries of the service, by
// their numbers, of whatever symptom.
func (t *tally) speak(minute int) about {
	var weights [5]float64
	b := minute / block
	for i, c := range t.s.lands {
		land := &t.w.lands[c]
		weights[i] = t.s.weight[i]*t.w.profiles[t.s.kind][land.slot[b]]*float64(land.hush[b]) + 1e-9
	}
	land := t.s.lands[t.tongues.pick(weights[:len(t.s.lands)])]
	return about{countries()[land].lang, t.symptom()}
}

func (t *tally) symptom() uint8 { return uint8(t.tongues.pick([]float64{6, 4, 3, 2, 1, 1})) }

// join draws what one says who joins in.
func (t *tally) join(a about, minute int) about {
	if t.tongues.Float64() < faithful {
		return a
	}
	return t.speak(minute)
}

// answer draws what one says of an extra whose people speak mainly so.
func (t *tally) answer(e *extra, a about, minute int) about {
	other := t.speak(minute)
	if e.local {
		return about{a.lang, other.symptom}
	}
	if t.tongues.Float64() < mainly {
		other.symptom = a.symptom
	}
	return other
}
