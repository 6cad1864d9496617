package nlp

import (
	"slices"
	"strings"

	"outcry/nlp/catalog"
	"outcry/nlp/lang"
	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// nameRef is a service that a name may mean.
type nameRef struct {
	service  int
	rule     *nameRule // nil when the name means nothing else
	everyday lang.Mask // languages in which the name is an everyday word
	accent   bool      // it is written with an accent: only then may the text be ("über" is no Uber)
}

// nameRule is a catalogue rule over numbered words.
type nameRule struct {
	catalog.Rule
	display         string    // the service's name as it is written
	langs           lang.Mask // in whose posts it holds
	caps, subject   tongues   // see catalog.Rule
	near, post, not wordSets
}

// nameTree finds names of services in a row of words.
type nameTree struct {
	edges     map[uint64]int32 // (node, word) to node, while building
	next      *table           // edges, but for those from the root, which the dictionary has
	names     [][]nameRef      // by node
	handles   map[string]int
	domains   map[string]int
	affixes   []string
	langs     *lang.Data
	groups    map[string]*wordSet
	countries map[string]bool      // codes of those that the catalogue names
	ordinary  map[string]lang.Mask // languages by ordinary word that looks like a name
	begins    map[string]lang.Mask // the same by beginning of a word
}

func newNameTree(d *dictionary, cat *catalog.Catalog, langs *lang.Data) *nameTree {
	t := &nameTree{langs: langs, groups: map[string]*wordSet{}, edges: map[uint64]int32{}, names: [][]nameRef{nil}, handles: map[string]int{}, domains: map[string]int{}, affixes: cat.Suffixes(), countries: map[string]bool{}, ordinary: map[string]lang.Mask{}, begins: map[string]lang.Mask{}}
	for i, s := range cat.Services() {
		for _, code := range s.Countries {
			t.countries[code] = true
		}
		for _, n := range s.Names {
			t.add(d, d.Word(n), nameRef{service: i, accent: hasAccent(n)})
			t.addJoined(d, n, nameRef{service: i, accent: hasAccent(n)})
		}
		for _, r := range s.Rules {
			rule := &nameRule{Rule: r, display: s.Name, langs: t.ruled(r.Langs), caps: t.tongues(r.Caps), subject: t.tongues(r.Subject), near: t.newWordSets(d, cat, r.Near), post: t.newWordSets(d, cat, r.Post), not: t.newWordSets(d, cat, r.Not)}
			for _, n := range r.Names {
				t.add(d, d.Word(n), nameRef{service: i, rule: rule, everyday: t.masks(cat.Everyday(n)), accent: hasAccent(n)})
			}
		}
		for _, h := range s.Handles {
			t.handles[text.Fold(h)] = i
		}
		for _, dom := range s.Domains {
			t.domains[dom] = i
		}
	}
	t.siteHandles()
	for code, words := range cat.Ordinary() {
		mask := langs.Mask(code)
		if code == "xx" {
			mask = anyLang
		}
		for _, w := range words {
			if begin, ok := strings.CutSuffix(w, "*"); ok {
				t.begins[text.Fold(begin)] |= mask
			} else {
				t.ordinary[text.Fold(w)] |= mask
			}
		}
	}
	return t
}

// isOrdinary reports whether a word, folded, is an ordinary one in some languages.
func (t *nameTree) isOrdinary(word []byte, langs lang.Mask) bool {
	if t.ordinary[string(word)]&langs != 0 {
		return true
	}
	for n := shortest; n <= len(word); n++ {
		if t.begins[string(word[:n])]&langs != 0 {
			return true
		}
	}
	return false
}

// masks are the bits of languages.
func (t *nameTree) masks(codes []string) (mask lang.Mask) {
	for _, code := range codes {
		mask |= t.langs.Mask(code)
	}
	return mask
}

// ruled are the languages that a rule holds in: without any, all.
func (t *nameTree) ruled(codes []string) lang.Mask {
	if len(codes) == 0 {
		return anyLang
	}
	return t.masks(codes)
}

func (t *nameTree) tongues(codes []string) tongues {
	if slices.Contains(codes, "all") {
		return everyTongue
	}
	return tongues(t.masks(codes))
}

// siteHandles adds the accounts that are called as a site: foxpost, poda_cz,
// podacz.
func (t *nameTree) siteHandles() {
	owners := map[string][]int{}
	for dom, i := range t.domains {
		label, rest, _ := strings.Cut(dom, ".")
		if strings.Contains(rest, ".") || len(label) < shortestBrand-1 {
			continue
		}
		for _, h := range []string{label + rest, label + "_" + rest} {
			owners[h] = append(owners[h], i)
		}
		if len(label) >= shortestBrand {
			owners[label] = append(owners[label], i)
		}
	}
	for h, list := range owners {
		if _, listed := t.handles[h]; !listed && slices.Max(list) == slices.Min(list) {
			t.handles[h] = list[0]
		}
	}
}

// wordSet holds words, and of those that are several words (sans fil, 网络) the
// first two, each with the languages in which it counts.
type wordSet struct {
	words map[uint32]lang.Mask
	pairs map[uint64]lang.Mask
}

const anyLang = ^lang.Mask(0)

// wordSets are the groups that a rule names, shared by all rules, and its own
// words.
type wordSets []*wordSet

func (t *nameTree) newWordSets(d *dictionary, cat *catalog.Catalog, list []string) (sets wordSets) {
	var own []catalog.Word
	for _, w := range list {
		name, ok := strings.CutPrefix(w, "$")
		if !ok {
			own = append(own, catalog.Word{Text: w})
			continue
		}
		if t.groups[name] == nil {
			t.groups[name] = t.newWordSet(d, cat.Group(name))
		}
		sets = append(sets, t.groups[name])
	}
	if len(own) > 0 {
		sets = append(sets, t.newWordSet(d, own))
	}
	return sets
}

func (t *nameTree) newWordSet(d *dictionary, list []catalog.Word) *wordSet {
	set := &wordSet{words: map[uint32]lang.Mask{}, pairs: map[uint64]lang.Mask{}}
	for _, w := range list {
		mask := anyLang
		if w.Lang != "" {
			mask = t.langs.Mask(w.Lang)
		}
		if ids := d.Word(w.Text); len(ids) > 1 {
			set.pairs[pair(ids[0], ids[1])] |= mask
		} else if len(ids) == 1 {
			set.words[ids[0]] |= mask
		}
	}
	return set
}

func pair(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

// at reports whether a word of the sets begins at unit u, in a post of one of
// some languages.
func (sets wordSets) at(units []lexicon.Unit, u int, langs lang.Mask) bool {
	for _, s := range sets {
		if s.words[units[u].Word]&langs != 0 ||
			len(s.pairs) > 0 && u+1 < len(units) && s.pairs[pair(units[u].Word, units[u+1].Word)]&langs != 0 {
			return true
		}
	}
	return false
}

func hasAccent(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return r >= 0xC0 && r < 0x250 })
}

func (t *nameTree) add(d *dictionary, words []uint32, ref nameRef) {
	node := int32(0)
	for _, w := range words {
		d.info[w].named = len(d.forms[w]) >= 4 && d.info[w].langs == 0
		key := edge(node, w)
		child, ok := t.edges[key]
		if !ok {
			child = int32(len(t.names))
			t.edges[key] = child
			t.names = append(t.names, nil)
		}
		node = child
	}
	if len(words) == 1 && ref.rule == nil {
		d.info[words[0]].brand = d.info[words[0]].named
	}
	for _, have := range t.names[node] {
		if have == ref {
			return
		}
	}
	t.names[node] = append(t.names[node], ref)
}

// shortestJoined is the least length in bytes of a name of several words that
// people also write as one: googlemaps, دراپباکس.
const shortestJoined = 8

func (t *nameTree) addJoined(d *dictionary, name string, ref nameRef) {
	joined := strings.ReplaceAll(name, " ", "")
	if joined == name || len(joined) < shortestJoined {
		return
	}
	if words := d.Word(joined); len(words) == 1 && d.info[words[0]].langs == 0 {
		t.add(d, words, ref)
	}
}

// edge is the key of what leads from a node on by a word; each has its own, well
// spread.
func edge(node int32, word uint32) uint64 {
	return (uint64(node)<<32 | uint64(word)) * 0x9E3779B97F4A7C15
}

// finish ends the building.
func (t *nameTree) finish(d *dictionary) {
	for id := range d.info {
		key := edge(0, uint32(id))
		d.info[id].name = t.edges[key]
		delete(t.edges, key)
	}
	t.next = newTable(len(t.edges))
	for key, node := range t.edges {
		t.next.add(key).word = uint32(node)
	}
	t.edges = nil
}

// child is the node that a word leads to from another than the root, or 0.
func (t *nameTree) child(node int32, word uint32) int32 {
	return int32(t.next.get(edge(node, word)).word)
}

// find returns the longest name that begins at words[i], the first of which leads
// to node: how many words, and what it may mean.
func (t *nameTree) find(node int32, words []wordAt, i int, joined func(int) bool) (n int, refs []nameRef) {
	for j := i; node > 0; node = t.child(node, words[j].id) {
		j++
		if t.names[node] != nil {
			n, refs = j-i, t.names[node]
		}
		if j == len(words) || !joined(j) {
			break
		}
	}
	return n, refs
}

// handle returns the service whose account it is, or -1: listed, called as the
// service or its site, or a brand's name with what support accounts add
// ("spotifycares", "vodafone_uk").
func (t *nameTree) handle(d *dictionary, name string) int {
	if site := strings.TrimSuffix(name, ".bsky.social"); site != name { // an account of Bluesky
		name = site
	} else if strings.Contains(name, ".") {
		return t.domain(name)
	}
	if s, ok := t.handles[name]; ok {
		return s
	}
	if s := t.brand(d, name); s >= 0 {
		return s
	}
	for _, a := range t.affixes {
		if brand, ok := strings.CutSuffix(name, a); ok {
			if s := t.brand(d, strings.TrimRight(brand, "_")); s >= 0 && len(brand) > 3 {
				return s
			}
		}
	}
	for _, a := range t.affixes { // "askpaypal", "soyclaro"
		if brand, ok := strings.CutPrefix(name, a); ok && len(brand) >= longBrand {
			if s := t.brand(d, strings.TrimLeft(brand, "_")); s >= 0 {
				return s
			}
		}
	}
	return t.national(d, name)
}

// longBrand is the length in bytes from which on a brand's name stands for it after
// what support accounts put before it.
const longBrand = 6

// national is the service of an account that ends in a country: spotifykr,
// vodafone_cz.
func (t *nameTree) national(d *dictionary, name string) int {
	n := len(name) - 2
	if n < 4 || !t.countries[name[n:]] {
		return -1
	}
	return t.brand(d, strings.TrimRight(name[:n], "_"))
}

// shortestBrand is the length in bytes from which on a name that is a word too is
// the brand's if an account is called so.
const shortestBrand = 4

// brand is the service that all of a handle is a name of, words in it joined by
// underscores, or -1.
func (t *nameTree) brand(d *dictionary, name string) int {
	node := int32(0)
	for i, id := range d.parts(name) {
		if i == 0 {
			node = d.info[id].name
		} else {
			node = t.child(node, id)
		}
		if node == 0 || id == 0 {
			return -1
		}
	}
	for _, ref := range t.names[node] {
		if ref.rule == nil || len(name) >= shortestBrand {
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
