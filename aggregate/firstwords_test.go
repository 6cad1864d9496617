package aggregate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"outcry/aggregate"
)

var wordsBegin = time.Date(2022, 10, 25, 7, 0, 0, 0, time.UTC)

// says makes n posts of each text, all by others.
func says(lang string, n int, texts ...string) (all []aggregate.Said) {
	for i := range n {
		for j, text := range texts {
			all = append(all, aggregate.Said{Text: text, Lang: lang, Author: uint64(i*1000 + j + len(text)*1_000_000), At: wordsBegin.Add(time.Duration(i) * time.Minute)})
		}
	}
	return all
}

func found(t *testing.T, now, before []aggregate.Said, own ...string) []aggregate.FirstWord {
	t.Helper()
	return aggregate.NewLexis([]string{"Telegram"}).FirstWords(now, aggregate.Earlier{Before: before}, own, 20)
}

func list(words []aggregate.FirstWord) string {
	var names []string
	for _, w := range words {
		names = append(names, w.Word)
	}
	return strings.Join(names, " ")
}

func TestFirstWords(t *testing.T) {
	before := says("en", 50, "WhatsApp messages are slow again", "can't reach anyone, so slow")
	for _, c := range []struct {
		name, lang, text, want string
	}{
		{"english", "en", "@friend WhatsApp hourglass on https://example.org/hourglasses, messages slow, telegram works 12345", "hourglass works"},
		{"german", "de", "Whatsapp: Störung überall", "störung überall"},
		{"russian", "ru", "WhatsApp часики крутятся", "крутятся часики"},
		{"arabic", "ar", "واتساب انقطاع كامل", "انقطاع كامل"},
		{"japanese", "ja", "WhatsAppのメッセージが未送信になる", "メッセージ 未送信になる"},
		{"chinese", "zh", "WhatsApp 一直转圈圈", "一直转圈圈"},
		{"thai", "th", "WhatsApp ล่มทั้งประเทศ", "ล่มทั้งประเทศ"},
	} {
		t.Run(c.name, func(t *testing.T) {
			words := found(t, append(says(c.lang, 10, c.text), says("en", 10, "WhatsApp messages are slow again")...), append(before, says(c.lang, 40, "WhatsApp 2022")...), "WhatsApp", "واتساب")
			for want := range strings.FieldsSeq(c.want) {
				if !strings.Contains(" "+list(words)+" ", " "+want+" ") {
					t.Errorf("%q is not in %q", want, list(words))
				}
			}
			for _, w := range words {
				if w.Posts != 10 || w.Before != 0 || w.Lang != c.lang || !w.First.Equal(wordsBegin) {
					t.Errorf("got %+v", w)
				}
				for _, never := range []string{"whatsapp", "telegram", "friend", "http", "example", "slow", "messages", "واتساب", "12345", "\u3000"} {
					if w.Word == never {
						t.Errorf("%q is told", w.Word)
					}
				}
			}
		})
	}
}

// Where people of another country begin to complain, all their words are new: they are
// no news. What is said of other services tells what anybody says.
func TestFirstWordsOfALanguage(t *testing.T) {
	now, before := says("fr", 20, "encore en panne, sablier"), says("en", 100, "slow again")
	if words := found(t, now, before); len(words) != 0 {
		t.Errorf("got %+v", words)
	}
	past := aggregate.Earlier{Before: append(before, says("fr", 1, "sablier")...), Beside: says("fr", 60, "encore une panne de réseau")}
	words := aggregate.NewLexis(nil).FirstWords(now, past, nil, 20)
	if len(words) != 1 || words[0] != (aggregate.FirstWord{Word: "sablier", Lang: "fr", Posts: 20, Before: 1, First: wordsBegin}) {
		t.Errorf("got %+v", words)
	}
}

// In scripts without spaces pieces become words by what is said around them.
func TestFirstWordsOfPieces(t *testing.T) {
	now := says("ja", 4, "ラインの既読がつかない", "既読つかないんだけど", "既読が全然つかないよ", "朝から既読つかない")
	before := says("ja", 30, "ラインが重いんだけど", "朝から全然だめ")
	words := list(found(t, now, before, "LINE", "ライン"))
	if !strings.Contains(words, "既読") || !strings.Contains(words, "つかない") || strings.Contains(words, "ライン") || strings.Contains(words, "朝から") {
		t.Errorf("got %q", words)
	}
}

func TestFirstWordsNeedPeople(t *testing.T) {
	before := says("en", 50, "slow again")
	flood := says("en", 30, "buyhere")
	for i := range flood {
		flood[i].Author = uint64(i % 2)
	}
	now := append(flood, says("en", 30, "slow again")...)
	if words := found(t, now, before); len(words) != 0 {
		t.Errorf("two people flood: %+v", words)
	}
	now[0].Author = 2
	if words := list(found(t, now, before)); words != "buyhere" {
		t.Errorf("three people: %q", words)
	}
	if words := found(t, now, nil); len(words) != 0 {
		t.Errorf("with nothing before: %+v", words)
	}
	if words := found(t, nil, before); words == nil || len(words) != 0 {
		t.Errorf("of nothing: %+v", words)
	}
}

func TestFirstWordsAreSafe(t *testing.T) {
	nasty := []string{
		"\u202eevilword\u202c <script>alert(1)</script> \u2066turned\u2069",
		"zero\u200bwidth jo\u200din\u200cer soft\u00adhyphen",
		"z" + strings.Repeat("\u0301\u0335\u0336", 50) + "algo",
		"=cmd|' /C calc'!A0 +formula @handle",
		"\xff\xfebroken\xc3 nul\x00byte " + strings.Repeat("long", 5000),
		strings.Repeat("障", 5000) + strings.Repeat("ล่", 500),
		"เ" + strings.Repeat("\u0e49", 60) + "กกกกก",
	}
	for _, w := range found(t, says("en", 5, nasty...), says("en", 50, "slow again")) {
		marks := 0
		for _, r := range w.Word {
			if r >= 0x300 && r < 0x370 || r == 0x0e49 {
				marks++
			}
			if r < ' ' || strings.ContainsRune("<>=|!()\u202e\u202c\u2066\u2069\u200b\u200d\u200c\u00ad", r) {
				t.Errorf("%q is not safe", w.Word)
			}
		}
		if marks > 3 || utf8.RuneCountInString(w.Word) > 40 || !utf8.ValidString(w.Word) {
			t.Errorf("%q is not fit to show", w.Word)
		}
	}
}

func BenchmarkFirstWords(b *testing.B) {
	var now, before []aggregate.Said
	for i := range 3000 {
		now = append(now, says("en", 1, fmt.Sprint("whatsapp is down again and I cannot send anything to my family since word", i%500))...)
		before = append(before, says("ja", 1, "ラインの既読がつかないんだけど誰か同じ人いる？朝から全然だめ")...)
	}
	lexis := aggregate.NewLexis(nil)
	for b.Loop() {
		lexis.FirstWords(now, aggregate.Earlier{Before: before}, []string{"WhatsApp"}, 20)
	}
}
