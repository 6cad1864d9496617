package folder

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
)

// state tells one state of a file from another without reading it.
type state struct {
	Size int64 `json:"size"`
	Mod  int64 `json:"mod"` // when it was changed, Unix time in nanoseconds
}

func stateOf(info fs.FileInfo) state { return state{info.Size(), info.ModTime().UnixNano()} }

// mark is how far a file is read, in the state that it had then.
type mark struct {
	state
	Done bool `json:"done,omitempty"` // to the end of that state

	At string `json:"at,omitempty"` // a settled file: the cursor of its reader

	Offset int64  `json:"offset,omitempty"` // a followed file: bytes that are read
	Lines  int64  `json:"lines,omitempty"`  // which have so many line ends
	Print  uint64 `json:"print,omitempty"`  // and look so: see fingerprint
}

// cursor is the mark of every file by its name, as it is saved.
type cursor struct {
	Version int             `json:"version"`
	Files   map[string]mark `json:"files"`
}

const version = 1

// maxMarks bounds a cursor. Of more files those changed last are remembered; the
// others are read again after a restart, which changes no count.
const maxMarks = 20_000

// parseCursor reads what String wrote; anything else is no cursor, and all files
// are read anew.
func parseCursor(saved string) map[string]mark {
	var c cursor
	if err := json.Unmarshal([]byte(saved), &c); err != nil || c.Version != version {
		return nil
	}
	maps.DeleteFunc(c.Files, func(_ string, m mark) bool { return m.Offset < 0 || m.Lines < 0 })
	return c.Files
}

func (c cursor) String() string {
	if len(c.Files) > maxMarks {
		names := slices.SortedFunc(maps.Keys(c.Files), func(a, b string) int {
			return cmp.Or(cmp.Compare(c.Files[a].Mod, c.Files[b].Mod), cmp.Compare(a, b))
		})
		for _, name := range names[:len(names)-maxMarks] {
			delete(c.Files, name)
		}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "" // it has nothing that JSON has not
	}
	return string(text)
}
