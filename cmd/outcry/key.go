package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"outcry/ingest"
	"outcry/ingest/push/keys"
)

// keyCmd makes a key for a client; that of authors is made by itself.
type keyCmd struct{}

// Run prints a new secret, which is kept nowhere, and the hash that stands for it.
func (c *keyCmd) Run(e *env) error {
	secret, hash := keys.New()
	_, err := fmt.Fprintf(e.streams.Out, "secret: %s\nhash:   %s\n", secret, hash)
	return err
}

// An earlier key is of use for 40 days: text stays in the store for 30, and may
// have waited for 2 as a post and for 7 as a signal before it came there. After
// that nothing of it can vanish any more, as only counts are left.
type rotateKeyCmd struct {
	dataFlags
	authorFlags
	Keep int `help:"Days for which earlier keys are kept, so that the posts of accounts that are deleted are found." default:"40" placeholder:"DAYS"`
}

// Validate is called by kong.
func (c *rotateKeyCmd) Validate() error {
	if c.Keep < 0 {
		return fmt.Errorf("--keep %d: must be 0 or more", c.Keep)
	}
	return nil
}

// Run puts a new author key before the one in use. Others find it there when
// they start.
func (c *rotateKeyCmd) Run(e *env) error {
	if c.AuthorKey != "" {
		return errors.New("the key in use is that of --author-key, not that of the data folder: put a new one before it there, separated by a comma: NEW,OLD")
	}
	path := filepath.Join(c.Data, "author.key")
	done, err := ingest.RotateAuthorKey(path, time.Now(), c.Keep)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.streams.Out, `%s has a new key. Earlier keys: %d kept, %d dropped that were retired more than %d days ago.
Running processes take it at their next start: start all of this folder anew. From then on authors are counted anew.
`, path, done.Kept, done.Dropped, c.Keep)
	return nil
}
