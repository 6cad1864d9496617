package api

import (
	"container/list"
	"sync"

	"golang.org/x/sync/singleflight"
)

// picturesMost is how many bytes of pictures are kept.
const picturesMost = 32 << 20

// pictures keeps what was drawn, the least lately asked for last, up to so many bytes.
type pictures struct {
	drawing singleflight.Group
	most    int

	mu    sync.Mutex
	size  int
	order *list.List // of shot
	byTag map[string]*list.Element
}

type shot struct {
	tag   string
	bytes []byte
}

func newPictures(most int) *pictures {
	return &pictures{most: most, order: list.New(), byTag: map[string]*list.Element{}}
}

func (p *pictures) get(tag string, draw func() ([]byte, error)) ([]byte, error) {
	if kept := p.kept(tag); kept != nil {
		return kept, nil
	}
	drawn, err, _ := p.drawing.Do(tag, func() (any, error) {
		picture, err := draw()
		if err == nil {
			p.keep(tag, picture)
		}
		return picture, err
	})
	picture, _ := drawn.([]byte)
	return picture, err
}

func (p *pictures) kept(tag string) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.byTag[tag]
	if !ok {
		return nil
	}
	p.order.MoveToFront(at)
	return at.Value.(shot).bytes
}

func (p *pictures) keep(tag string, picture []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.byTag[tag]; ok || len(picture) > p.most {
		return
	}
	p.byTag[tag] = p.order.PushFront(shot{tag, picture})
	for p.size += len(picture); p.size > p.most; {
		last := p.order.Remove(p.order.Back()).(shot)
		delete(p.byTag, last.tag)
		p.size -= len(last.bytes)
	}
}
