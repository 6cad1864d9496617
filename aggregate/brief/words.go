package brief

import "strings"

// words is the form of one YAML file. A text holds placeholders, {so}, which
// rules lists.
type words struct {
	Lang          string            `yaml:"lang"`
	Numbers       string            `yaml:"numbers"`    // BCP 47 tag: whose digits, separators and percent sign
	GroupFrom     int               `yaml:"group_from"` // smallest number whose thousands are set apart
	Isolate       bool              `yaml:"isolate"`    // written from right to left: names keep their own direction
	SentenceSpace *string           `yaml:"sentence_space"`
	List          listWords         `yaml:"list"`
	Times         timeWords         `yaml:"times"`
	Spelling      [][2]string       `yaml:"spelling"` // corrections where words meet: [wrong, right]
	Durations     durationWords     `yaml:"durations"`
	Since         openings          `yaml:"since"` // it lasts
	Was           openings          `yaml:"was"`   // it has ended
	Reports       reportWords       `yaml:"reports"`
	Symptoms      map[string]string `yaml:"symptoms"`
	People        peopleWords       `yaml:"people"`
	Compare       compareWords      `yaml:"compare"`
	Peak          struct {
		At string `yaml:"at"`
		On string `yaml:"on"` // when the incident was on several days
	} `yaml:"peak"`
	Part partWords `yaml:"part"`
}

// listWords join names: comma between them, and before the last, others after
// the last when not all are told. What may be missing: Indonesian has a comma
// before the last of three, Spanish says "e" for "y" before an I.
type listWords struct {
	Comma      string `yaml:"comma"`
	And        string `yaml:"and"`
	AndLast    string `yaml:"and_last"` // for and, of three names or more
	AndBeforeI string `yaml:"and_before_i"`
	Others     string `yaml:"others"`
}

// timeWords tell a time: of today, on another day, and from one to another
// today, on another day, over several days.
type timeWords struct {
	Clock      string         `yaml:"clock"`
	ClockOn    string         `yaml:"clock_on"` // on a day that is told
	Parts      map[int]string `yaml:"parts"`    // of the day, by the hour when they begin; for a clock of 12 hours
	GMT        string         `yaml:"gmt"`
	GMTOn      string         `yaml:"gmt_on"` // when it is another day in GMT
	Both       string         `yaml:"both"`
	Date       string         `yaml:"date"`
	DateYear   string         `yaml:"date_year"`
	FirstDay   string         `yaml:"first_day"`   // how the first day of a month is written, if not as a number
	YearOffset int            `yaml:"year_offset"` // of the calendar's years
	Months     []string       `yaml:"months"`      // in the case that follows a day
	Since      string         `yaml:"since"`
	SinceOn    string         `yaml:"since_on"`
	Span       string         `yaml:"span"`
	SpanOn     string         `yaml:"span_on"`
	SpanOver   string         `yaml:"span_over"`
}

// forms is a text by plural form: zero, one, two, few, many, other.
type forms map[string]string

type durationWords struct {
	Minutes forms  `yaml:"minutes"`
	Hours   forms  `yaml:"hours"`
	Days    forms  `yaml:"days"`
	Join    string `yaml:"join"`
}

// openings are the first sentence for one service, for several, and for
// several of one owner.
type openings struct {
	One   string `yaml:"one"`
	Many  string `yaml:"many"`
	Owner string `yaml:"owner"`
}

// reportWords tell which part of the reports names a symptom. {of} says
// "of the reports" in the first clause, and perhaps less in the second.
type reportWords struct {
	Of struct {
		First  string `yaml:"first"`
		Second string `yaml:"second"`
	} `yaml:"of"`
	All           string `yaml:"all"`
	AlmostAll     string `yaml:"almost_all"`
	ThreeQuarters string `yaml:"three_quarters"`
	TwoThirds     string `yaml:"two_thirds"`
	Half          string `yaml:"half"`
	Third         string `yaml:"third"`
	Quarter       string `yaml:"quarter"`
	Most          string `yaml:"most"`
	Percent       string `yaml:"percent"`
	One           string `yaml:"one"`
	Two           string `yaml:"two"`
}

type peopleWords struct {
	SoFar forms `yaml:"so_far"`
	Total forms `yaml:"total"`
}

type compareWords struct {
	Times  forms  `yaml:"times"`
	More   string `yaml:"more"`   // not twice as many
	Hardly string `yaml:"hardly"` // there are usually hardly any
}

// partWords tell of an incident that only a part of the reports is about.
type partWords struct {
	Mainly    string            `yaml:"mainly"`    // "the reports{mainly} say that": above all those in a language
	Where     string            `yaml:"where"`     // "so many people complained{where}": in a language, or
	This      string            `yaml:"this"`      // of a symptom that was just told
	More      string            `yaml:"more"`      // the sentence that tells it
	Languages map[string]string `yaml:"languages"` // "in Japanese"
}

// fill puts values into a text's placeholders: pairs of name and value. All
// are put in at once, so that a value is never taken for a placeholder.
func fill(text string, pairs ...string) string {
	braced := make([]string, len(pairs))
	for i, s := range pairs {
		if i%2 == 0 {
			s = "{" + s + "}"
		}
		braced[i] = s
	}
	return strings.NewReplacer(braced...).Replace(text)
}
