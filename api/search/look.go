package search

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"
)

// look is a hunt in one day.
type look struct {
	*hunt
	view *view
	all  []candidates
	done []*roaring.Bitmap // candidates that were looked into, by shard
	hits []*roaring.Bitmap // those that were found to be hits
}

func (l *look) phrases() bool { return len(l.all) > 0 && len(l.all[0].phrases) > 0 }

// newest finds the newest hits, from the newest candidate on, until there are as
// many as wanted.
func (l *look) newest(ctx context.Context, top *first) error {
	from := int64(-1)
	if l.q.After != nil {
		from = l.q.After.Time
	}
	walk, err := l.view.walk(l.all, from)
	if err != nil {
		return err
	}
	for size := uint64(firstLook); ; size *= lookFactor {
		some, err := walk.next(size)
		if err != nil {
			return err
		}
		for i, c := range l.all {
			hits, err := l.into(i, some[i])
			if err != nil {
				return err
			}
			if err := top.addAll(c.shard, hits); err != nil {
				return err
			}
		}
		switch {
		case top.full() || walk.over():
			return ctx.Err()
		case ctx.Err() != nil:
			return ctx.Err()
		case l.late(pagePatience):
			l.leave(walk.least)
			return nil
		}
	}
}

// into looks into candidates of a shard that were not looked into before.
func (l *look) into(i int, some *roaring.Bitmap) (hits *roaring.Bitmap, err error) {
	if !l.phrases() {
		return some, nil // rest counts them
	}
	l.ready()
	if hits, err = l.all[i].sure(some); err != nil {
		return nil, err
	}
	l.done[i].Or(some)
	l.hits[i].Or(hits)
	return hits, nil
}

func (l *look) ready() {
	for len(l.hits) < len(l.all) {
		l.done, l.hits = append(l.done, roaring.New()), append(l.hits, roaring.New())
	}
}

// rest finds the hits among all that was not looked into yet, as long as there
// is patience, in whatever order.
func (l *look) rest(ctx context.Context) error {
	if !l.phrases() {
		for _, c := range l.all {
			l.hits = append(l.hits, c.all)
		}
		return nil
	}
	l.ready()
	for i, c := range l.all {
		buffer := make([]uint32, countAtOnce)
		for left := roaring.AndNot(c.all, l.done[i]).ManyIterator(); ; {
			n := left.NextMany(buffer)
			if n == 0 {
				break
			}
			if l.rank == nil && l.late(1) {
				l.leave(0)
				return nil
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if _, err := l.into(i, roaring.BitmapOf(buffer[:n]...)); err != nil {
				return err
			}
		}
	}
	return nil
}
