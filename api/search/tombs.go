package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"outcry/ingest"
	"outcry/nlp"
)

// tombs remembers deletions for a day or two, because a post may arrive after
// its own: the two are in different parts of the queue.
type tombs struct{ db *bolt.DB }

// openTombs begins anew where the file is damaged: it is small and of a day.
func openTombs(path string, log *slog.Logger) (*tombs, error) {
	options := &bolt.Options{Timeout: 5 * time.Second}
	db, err := bolt.Open(path, 0o600, options)
	if errors.Is(err, bolterrors.ErrInvalid) || errors.Is(err, bolterrors.ErrChecksum) || errors.Is(err, bolterrors.ErrVersionMismatch) {
		log.Error("the list of late deletions is damaged and begins anew", "file", path, "err", err)
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("late deletions: %w", err)
		}
		db, err = bolt.Open(path, 0o600, options)
	}
	if err != nil {
		return nil, fmt.Errorf("late deletions: %w", err)
	}
	return &tombs{db}, nil
}

func (t *tombs) close() error { return t.db.Close() }

// bury notes deletions, in a list by the day on which they came.
func (t *tombs) bury(deleted []nlp.Signal, now time.Time) error {
	if len(deleted) == 0 {
		return nil
	}
	err := t.db.Update(func(tx *bolt.Tx) error {
		list, err := tx.CreateBucketIfNotExists([]byte(now.UTC().Format(dayLayout)))
		if err != nil {
			return err
		}
		stamp := binary.BigEndian.AppendUint64(nil, uint64(now.UnixMilli()))
		for _, s := range deleted {
			if err := list.Put(tombKey(s), stamp); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note deletions: %w", err)
	}
	return nil
}

func tombKey(s nlp.Signal) []byte {
	if s.PostID == "" {
		return authorKey(s.Author)
	}
	return binary.BigEndian.AppendUint64([]byte{'p'}, ingest.PostHash(s.Source, s.PostID))
}

func authorKey(author string) []byte { return append([]byte{'a'}, author...) }

// alive leaves out posts that were deleted before they came. Who comes back
// after their account was deleted is heard again.
func (t *tombs) alive(posts []nlp.Signal) (kept []nlp.Signal, err error) {
	err = t.db.View(func(tx *bolt.Tx) error {
		var lists []*bolt.Bucket
		if err := tx.ForEach(func(_ []byte, list *bolt.Bucket) error { lists = append(lists, list); return nil }); err != nil {
			return err
		}
		for _, s := range posts {
			if !buried(lists, s) {
				kept = append(kept, s)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for deletions: %w", err)
	}
	return kept, nil
}

func buried(lists []*bolt.Bucket, s nlp.Signal) bool {
	for _, list := range lists {
		if list.Get(tombKey(s)) != nil {
			return true
		}
		if s.Author == "" {
			continue
		}
		if at := list.Get(authorKey(s.Author)); len(at) == 8 && s.CreatedAt.UnixMilli() <= int64(binary.BigEndian.Uint64(at)) {
			return true
		}
	}
	return false
}

// forget drops the lists of the days before yesterday.
func (t *tombs) forget(now time.Time) error {
	oldest := now.UTC().AddDate(0, 0, -1).Format(dayLayout)
	err := t.db.Update(func(tx *bolt.Tx) error {
		var old [][]byte
		if err := tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
			if string(name) < oldest {
				old = append(old, append([]byte{}, name...))
			}
			return nil
		}); err != nil {
			return err
		}
		for _, name := range old {
			if err := tx.DeleteBucket(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("drop old deletions: %w", err)
	}
	return nil
}
