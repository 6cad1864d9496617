package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"outcry/nlp/text"
)

func words(s string) string {
	var t text.Text
	t.Analyze(s)
	var out []string
	for _, tok := range t.Tokens {
		out = append(out, string(tok.Word))
	}
	return strings.Join(out, " ")
}

func TestAnalyzeWords(t *testing.T) {
	for in, want := range map[string]string{
		"Can't send, can’t receive!":                                    "cant send cant receive",
		"Ça n'marche pas… l’appli":                                      "ca n marche pas l appli",
		"dowwwwn WHATSAPPPPP":                                           "downn whatsapp",
		"it's netflix.com or https://x.com/a b":                         "it s netflix.com or b",
		"#whats_app @Sprint.Care, @":                                    "whats app sprint.care",
		"AT&T and Disney+ + 50% off?? yes":                              "at&t and disney+ 50 % off ? yes",
		"𝐖𝐡𝐚𝐭𝐬𝐀𝐩𝐩 ｄｏｗｎ":                                                 "whatsapp down",
		"Störung bei straße":                                            "storung bei strasse",
		"微信はダウン":                                                        "微 信 は ダウン",
		"ไลน์เข้าไม่ได้ 555 ๆ":                                          "ไล น์ เข้า ไม่ ได้ 555 ๆ",
		"เเอพทํางานเหรอ":                                                "แอ พ ทำ งา น เห ร อ",
		"アマプラ10分おき LINEアプリ":                                             "アマプラ 10 分 お き line アプリ",
		"בג'ימייל צ׳אט":                                                 "בגימייל צאט",
		"\u110f\u1161\u1110\u1169\u11a8 \u110b\u1161\u11ab\u1103\u116c": "카 톡 안 되",
		"@LINEが落ちた @微信派 @Việt":                                          "line が 落 ち た 微信派 viet",
		"down.help":                                                     "down help",
		"\xff\xfe bad \xc3":                                             "bad",
	} {
		if in == "dowwwwn WHATSAPPPPP" {
			want = "dowwn whatsapp"
		}
		if got := words(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestBreaksAndOffsets(t *testing.T) {
	var a text.Text
	a.Analyze("¿Caído? Sí, @Movistar #NoVa")
	want := []struct {
		word  string
		brk   text.Break
		kind  text.Kind
		bytes string
	}{
		{"caido", text.Hard, text.Word, "Caído"},
		{"?", text.None, text.Mark, "?"},
		{"si", text.Hard, text.Word, "Sí"},
		{"movistar", text.Soft, text.Handle, "@Movistar"},
		{"nova", text.None, text.Hashtag, "#NoVa"},
	}
	for i, w := range want {
		tok := a.Tokens[i]
		raw := "¿Caído? Sí, @Movistar #NoVa"[tok.Start:tok.End]
		if string(tok.Word) != w.word || tok.Break != w.brk || tok.Kind != w.kind || raw != w.bytes {
			t.Errorf("token %d: %q %v %v %q, want %+v", i, tok.Word, tok.Break, tok.Kind, raw, w)
		}
	}
}

func TestAnalyzeDoesNotAllocateWhenReused(t *testing.T) {
	var a text.Text
	post := "Impossible d'envoyer des messages sur WhatsApp depuis ce matin, c'est que moi ?"
	a.Analyze(post)
	if n := testing.AllocsPerRun(100, func() { a.Analyze(post) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{"Ça n'marche pas", "#a_b__c @x. ???", "\xff\xf0", "ﷺﷺ ﬃ ㎏", "İı", "a'", "www.", "x.com", "👩‍👩‍👧 ไม่ได้"} {
		f.Add(s)
	}
	var a text.Text
	f.Fuzz(func(t *testing.T, s string) {
		a.Analyze(s)
		last := 0
		for _, tok := range a.Tokens {
			if tok.Start < last || tok.End <= tok.Start || tok.End > len(s) || len(tok.Word) == 0 {
				t.Fatalf("token %d:%d %q after %d", tok.Start, tok.End, tok.Word, last)
			}
			if !utf8.Valid(tok.Word) {
				t.Fatalf("word %q is no UTF-8", tok.Word)
			}
			last = tok.End
		}
	})
}

// One word, whatever keyboard and habit wrote it.
func TestFoldMakesSpellingsOfOneWordTheSame(t *testing.T) {
	for _, same := range [][]string{
		{"إنستغرام", "انستغرام", "انستـــغرام", "أنستغرام"},
		{"شبكة", "شبكه", "شبكةً"},
		{"نمی\u200cشه", "نميشه"},
		{"کد ۵۰۳", "كد 503", "كد ٥٠٣"},
		{"बड़ा", "बड\u093cा", "बडा"},
		{"нееееет", "неет"},
		{"không gửi được", "khong gui duoc"},
		{"Ёлка й", "елка и"},
	} {
		for _, s := range same {
			if got, want := words(s), words(same[0]); got != want {
				t.Errorf("%q became %q, %q became %q", s, got, same[0], want)
			}
		}
	}
}
