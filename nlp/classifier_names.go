package nlp

import (
	"strings"

	"outcry/nlp/catalog"
	"outcry/nlp/text"
)

// nameRef is a service that a name may mean.
type nameRef struct {
	service int
	rule    *nameRule // nil when the name means nothing else
	accent  bool      // it is written with an accent: only then may the text be ("über" is no Uber)
}

// nameRule is a catalogue rule over numbered words.
type nameRule struct {
	catalog.Rule
	display         string // the service's name as it is written
	near, post, not map[uint32]bool
}

// nameTree finds names of services in a row of words.
type nameTree struct {
	next    map[uint64]int32 // (node, word) to node
	names   [][]nameRef      // by node
	starts  []bool           // words that begin a name
	handles map[string]int
	domains map[string]int
	affixes []string
}

func newNameTree(d *dictionary, cat *catalog.Catalog) *nameTree {
	t := &nameTree{next: map[uint64]int32{}, names: [][]nameRef{nil}, handles: map[string]int{}, domains: map[string]int{}, affixes: cat.Suffixes()}
	for i, s := range cat.Services() {
		for _, n := range s.Names {
			t.add(d.Word(n), nameRef{service: i, accent: hasAccent(n)})
		}
		for _, r := range s.Rules {
			rule := &nameRule{Rule: r, display: s.Name, near: wordSet(d, r.Near), post: wordSet(d, r.Post), not: wordSet(d, r.Not)}
			for _, n := range r.Names {
				t.add(d.Word(n), nameRef{service: i, rule: rule, accent: hasAccent(n)})
			}
		}
		for _, h := range s.Handles {
			t.handles[text.Fold(h)] = i
		}
		for _, dom := range s.Domains {
			t.domains[dom] = i
		}
	}
	return t
}

// wordSet keeps the single words of a list, and both parts of a compound.
func wordSet(d *dictionary, words []string) map[uint32]bool {
	set := map[uint32]bool{}
	for _, w := range words {
		for _, id := range d.Word(w) {
			set[id] = true
		}
	}
	return set
}

func hasAccent(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return r >= 0xC0 && r < 0x250 })
}

func (t *nameTree) add(words []uint32, ref nameRef) {
	node := int32(0)
	for _, w := range words {
		key := uint64(node)<<32 | uint64(w)
		child, ok := t.next[key]
		if !ok {
			child = int32(len(t.names))
			t.next[key] = child
			t.names = append(t.names, nil)
		}
		node = child
	}
	for _, have := range t.names[node] {
		if have == ref {
			return
		}
	}
	t.names[node] = append(t.names[node], ref)
}

func (t *nameTree) finish(d *dictionary) {
	t.starts = make([]bool, d.Len())
	for key := range t.next {
		if key>>32 == 0 {
			t.starts[uint32(key)] = true
		}
	}
}

// find returns the longest name that begins at words[i]: how many words, and
// what it may mean.
func (t *nameTree) find(words []wordAt, i int, joined func(int) bool) (n int, refs []nameRef) {
	node := int32(0)
	for j := i; j < len(words) && (j == i || joined(j)); j++ {
		child, ok := t.next[uint64(node)<<32|uint64(words[j].id)]
		if !ok || words[j].id == 0 {
			break
		}
		node = child
		if t.names[node] != nil {
			n, refs = j-i+1, t.names[node]
		}
	}
	return n, refs
}

// handle returns the service whose account it is, or -1: listed, or a brand's
// clear name with what support accounts add ("spotifycares", "vodafone_uk").
func (t *nameTree) handle(d *dictionary, name string) int {
	if s, ok := t.handles[name]; ok {
		return s
	}
	if s := t.certain(d, name); s >= 0 {
		return s
	}
	for _, a := range t.affixes {
		brand, ok := strings.CutSuffix(name, a)
		if !ok {
			continue
		}
		if s := t.certain(d, strings.TrimRight(brand, "_")); s >= 0 && len(brand) > 3 {
			return s
		}
	}
	return -1
}

// certain is the service that a single word means without a rule, or -1.
func (t *nameTree) certain(d *dictionary, word string) int {
	node, ok := t.next[uint64(d.ids[word])]
	if !ok || d.ids[word] == 0 {
		return -1
	}
	for _, ref := range t.names[node] {
		if ref.rule == nil {
			return ref.service
		}
	}
	return -1
}

// domain returns the service that owns a domain or a part of it, or -1.
func (t *nameTree) domain(name string) int {
	for {
		if s, ok := t.domains[name]; ok {
			return s
		}
		_, rest, ok := strings.Cut(name, ".")
		if !ok || !strings.Contains(rest, ".") {
			return -1
		}
		name = rest
	}
}
