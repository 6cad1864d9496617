package main

import (
	"fmt"
	"strings"
)

// text is a part of the address space that holds code, or constants, of a file.
type text struct{ from, to uintptr }

// texts lists those in /proc/PID/smaps of which no page differs from the file.
func texts(smaps string) []text {
	var all []text
	var at text
	for line := range strings.Lines(smaps) {
		fields := strings.Fields(line)
		switch {
		case len(fields) >= 5 && strings.Contains(fields[0], "-"): // a new part
			at = text{}
			if len(fields) >= 6 && (fields[1] == "r-xp" || fields[1] == "r--p") && strings.HasPrefix(fields[5], "/") {
				fmt.Sscanf(fields[0], "%x-%x", &at.from, &at.to)
			}
		case len(fields) == 3 && fields[0] == "Anonymous:" && fields[1] == "0" && at.to > at.from:
			all = append(all, at)
		}
	}
	return all
}
