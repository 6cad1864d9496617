package chart

import "strings"

const families = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

// ink is a colour in both themes: those of the dashboard. Lines differ in width,
// areas in pattern and edge, so that nothing is told by the hue alone. Colours
// stand in attributes, which programs for editing pictures understand; the style
// of Auto has precedence over them where the viewer prefers the dark.
type ink struct{ class, light, dark string }

func (i ink) in(theme string) string {
	if theme == Dark {
		return i.dark
	}
	return i.light
}

var (
	card     = ink{"c", "#ffffff", "#171e26"}
	grid     = ink{"g", "#e4e8ec", "#2b3642"}
	strong   = ink{"t", "#16202c", "#e6ebf0"}
	muted    = ink{"m", "#566372", "#9dabba"}
	posts    = ink{"p", "#b93815", "#ff8a5c"}
	people   = ink{"a", "#33658a", "#7fb5dc"}
	incident = ink{"i", "#a3241f", "#ff9a94"}
	deaf     = ink{"d", "#87919c", "#6b7884"}
	usual    = ink{"u", "#566372", "#9dabba"}
)

func inks() []ink { return []ink{card, grid, strong, muted, posts, people, incident, deaf, usual} }

// Style is the style sheet in pictures of the theme Auto, for policies that name
// it by its hash.
func Style() string {
	var css strings.Builder
	css.WriteString("@media (prefers-color-scheme:dark){")
	for _, i := range inks() {
		css.WriteString(".f" + i.class + "{fill:" + i.dark + "}.s" + i.class + "{stroke:" + i.dark + "}")
	}
	css.WriteString("}")
	return css.String()
}
