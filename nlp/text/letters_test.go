package text

import "testing"

func TestShortWaysToWhatIsKnownOfACharacterAgreeWithUnicode(t *testing.T) {
	for r := rune(0x3100); r < 0x20000; r++ {
		if got, want := about(r), lookUp(r); got != want {
			t.Fatalf("%U: %05b, by the tables of Unicode %05b", r, got, want)
		}
	}
}
