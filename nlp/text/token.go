// Package text cuts a post into folded words that remember where in the
// original bytes they stood. It accepts any bytes, never fails and, reused,
// does not allocate.
package text

// Kind says what a token is.
type Kind uint8

// The kinds of token.
const (
	Word    Kind = iota // letters, digits
	Number              // digits alone
	Handle              // @name, without the @
	Hashtag             // one part (between underscores) of #tag, without the #
	Domain              // example.com, typed out; a link with a scheme is dropped
	Mark                // one of ? % $ € £
)

// Case says how a word was capitalised.
type Case uint8

// The capitalisations.
const (
	Lower Case = iota
	Title      // first letter only
	Upper      // every letter, two or more
	Mixed      // anything else: WhatsApp, iCloud
)

// Break is the punctuation before a token.
type Break uint8

// The breaks, weakest first.
const (
	None Break = iota
	Soft       // comma, dash, ellipsis
	Hard       // end of a sentence or line
)

// Script is a writing system, as far as it helps to tell languages apart.
type Script uint8

// The scripts.
const (
	Latin Script = iota
	Cyrillic
	Greek
	Arabic
	Hebrew
	Devanagari
	Bengali
	Tamil
	Thai
	Hangul
	Kana
	Han
	OtherScript
	ScriptCount // how many there are
)

// Token is one word of a post.
type Token struct {
	Start, End int    // bytes of the original text
	Word       []byte // folded; valid until the next Analyze
	Hash       uint64 // of Word
	Kind       Kind
	Case       Case
	Break      Break // before the token
	Long       bool  // a letter stood three times or more; Word keeps two
	Accent     bool  // it had a Latin letter with an accent
}

// Hashes are FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/. The hash of a
// word's beginning is a step of the hash of the word, so that one pass over a word
// finds all its beginnings.
const (
	HashOffset = 14695981039346656037 // the hash of nothing
	HashPrime  = 1099511628211
)

// Hash goes on from the hash of what stands before word.
func Hash(h uint64, word []byte) uint64 {
	for _, b := range word {
		h = (h ^ uint64(b)) * HashPrime
	}
	return h
}

// Text is an analysed post. The zero value is ready; reuse it to save memory.
type Text struct {
	Tokens  []Token
	Scripts [ScriptCount]int // letters seen of each script
	Letters []rune           // the first letters outside ASCII, lower case, for telling languages apart
	folded  []byte
}
