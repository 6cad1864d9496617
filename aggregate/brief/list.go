package brief

import "strings"

// mostNames is how many services are named; a longer list is not read.
const mostNames = 5

// list joins names as the language does.
func (v *voice) list(names []string) string {
	told := names[:min(len(names), mostNames)]
	var b strings.Builder
	for i, name := range told {
		switch last := i == len(names)-1; {
		case i == 0:
		case last && v.List.AndBeforeI != "" && soundsLikeI(name):
			b.WriteString(v.List.AndBeforeI)
		case last && i > 1 && v.List.AndLast != "":
			b.WriteString(v.List.AndLast)
		case last:
			b.WriteString(v.List.And)
		default:
			b.WriteString(v.List.Comma)
		}
		b.WriteString(v.isolated(name))
	}
	if len(told) < len(names) {
		b.WriteString(v.List.Others)
	}
	return b.String()
}

// isolated keeps a name's letters, and what stands around it, each in their
// own direction: Unicode's first strong isolate, UAX #9.
func (v *voice) isolated(name string) string {
	if !v.Isolate {
		return name
	}
	return "\u2068" + name + "\u2069"
}

// soundsLikeI tells names as "Instagram" and "Hilton" from "iCloud" (said
// "ai") and "Hiedra" (said "ye").
func soundsLikeI(name string) bool {
	rest, ok := strings.CutPrefix(name, "Hi")
	if ok {
		return !strings.HasPrefix(rest, "a") && !strings.HasPrefix(rest, "e")
	}
	return strings.HasPrefix(name, "I") || strings.HasPrefix(name, "Í")
}
