package text

import "unicode"

// alone reports whether r is a word of its own: scripts written without spaces,
// and Hangul, whose particles hang on the word.
func alone(r rune) bool {
	if r < 0x0E00 {
		return false
	}
	switch scriptOf(r) {
	case Han, Hangul, Thai:
		return true
	case Kana:
		return unicode.Is(unicode.Hiragana, r)
	}
	return false
}

// scriptOf is the script of r by its block: cheaper than the tables, and near
// enough for counting.
func scriptOf(r rune) Script {
	switch {
	case r < 0x0370 || r >= 0x1E00 && r < 0x1F00 || r >= 0xFF00 && r < 0xFF66 || r >= 0x1D400 && r < 0x1D800:
		return Latin
	case r < 0x0400 || r >= 0x1F00 && r < 0x2000:
		return Greek
	case r < 0x0530:
		return Cyrillic
	case r >= 0x0590 && r < 0x0600:
		return Hebrew
	case r >= 0x0600 && r < 0x0780 || r >= 0xFB50 && r < 0xFE00 || r >= 0xFE70 && r < 0xFEFF:
		return Arabic
	}
	return southAndEast(r)
}

func southAndEast(r rune) Script {
	switch {
	case r >= 0x0900 && r < 0x0980:
		return Devanagari
	case r >= 0x0980 && r < 0x0A00:
		return Bengali
	case r >= 0x0B80 && r < 0x0C00:
		return Tamil
	case r >= 0x0E00 && r < 0x0E80:
		return Thai
	case r >= 0x1100 && r < 0x1200 || r >= 0xAC00 && r < 0xD7B0:
		return Hangul
	case r >= 0x3040 && r < 0x3100 || r >= 0xFF66 && r < 0xFFA0:
		return Kana
	case r >= 0x3400 && r < 0xA000 || r >= 0xF900 && r < 0xFB00 || r >= 0x20000 && r < 0x32000:
		return Han
	}
	return OtherScript
}
