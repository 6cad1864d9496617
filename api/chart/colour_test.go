package chart_test

import (
	"math"
	"strconv"
	"testing"

	"outcry/api/chart"
)

type rgb [3]float64 // linear, 0 to 1

func linear(hex string) (c rgb) {
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		panic(err)
	}
	for i := range c {
		v := float64(n>>(16-8*i)&0xff) / 255
		if c[i] = v / 12.92; v > 0.04045 {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return c
}

// contrast is the contrast ratio of WCAG 2.2.
func contrast(a, b string) float64 {
	light := func(hex string) float64 {
		c := linear(hex)
		return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] + 0.05
	}
	x, y := light(a), light(b)
	return max(x, y) / min(x, y)
}

// over is a colour on another, of which so much shows through.
func over(a, b string, share float64) string {
	mix := func(at int) string {
		x, _ := strconv.ParseUint(a[at:at+2], 16, 8)
		y, _ := strconv.ParseUint(b[at:at+2], 16, 8)
		return strconv.FormatUint(0x100+uint64(float64(x)*share+float64(y)*(1-share)+0.5), 16)[1:]
	}
	return "#" + mix(1) + mix(3) + mix(5)
}

// Texts have 4.5:1, also on the ground of an incident; what shows something 3:1.
func TestContrast(t *testing.T) {
	inks := chart.Inks()
	for theme, name := range []string{chart.Light, chart.Dark} {
		card, incident := inks["card"][theme], inks["incident"][theme]
		for _, c := range []struct {
			what, colour, ground string
			least                float64
		}{
			{"names", inks["strong"][theme], card, 4.5},
			{"labels", inks["muted"][theme], card, 4.5},
			{"incident", incident, over(incident, card, 0.12), 4.5},
			{"posts", inks["posts"][theme], card, 3},
			{"posts in an incident", inks["posts"][theme], over(incident, card, 0.12), 3},
			{"posts on their own area", inks["posts"][theme], over(inks["posts"][theme], card, 0.14), 3},
			{"people", inks["people"][theme], card, 3},
			{"people on the area of posts", inks["people"][theme], over(inks["posts"][theme], card, 0.14), 3},
			{"deaf", inks["deaf"][theme], card, 3},
			{"edge of usual", over(inks["usual"][theme], card, 0.7), card, 3},
		} {
			if got := contrast(c.colour, c.ground); got < c.least {
				t.Errorf("%s, %s: %.2f:1, want %.1f:1", name, c.what, got, c.least)
			}
		}
	}
}

// The two lines differ for those who are blind to red, green or blue (Machado,
// Oliveira, Fernandes 2009) as well.
func TestColourBlind(t *testing.T) {
	blind := map[string][3]rgb{
		"all colours":  {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
		"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
		"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	}
	inks := chart.Inks()
	for theme, name := range []string{chart.Light, chart.Dark} {
		for sight, m := range blind {
			a, b := lab(seen(m, linear(inks["posts"][theme]))), lab(seen(m, linear(inks["people"][theme])))
			if d := math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2])); d < 30 {
				t.Errorf("%s, %s: posts and people differ by %.0f", name, sight, d)
			}
		}
	}
}

func seen(m [3]rgb, c rgb) (s rgb) {
	for i := range s {
		s[i] = min(max(m[i][0]*c[0]+m[i][1]*c[1]+m[i][2]*c[2], 0), 1)
	}
	return s
}

// lab is CIE L*a*b* under D65.
func lab(c rgb) rgb {
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.95047)
	y := f(0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2])
	z := f((0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.08883)
	return rgb{116*y - 16, 500 * (x - y), 200 * (y - z)}
}
