package api

import (
	"slices"
	"strings"

	"outcry/nlp"
	"outcry/nlp/lexicon"
)

// filter is the part of a query that curves and posts have in common.
type filter struct {
	service, kind, symptom, lang, source string
}

func kinds() []string {
	return []string{string(nlp.Complaint), string(nlp.News), string(nlp.Resolved), string(nlp.Other)}
}

func (q *query) filter() filter {
	f := filter{
		service: q.text("service"),
		kind:    q.oneOf("kind", string(nlp.Complaint), kinds()),
		symptom: q.oneOf("symptom", "", lexicon.Symptoms()),
		lang:    q.formed("lang", "an ISO 639-1 code of two lower-case letters, such as fr", isLang),
		source:  q.formed("source", "1 to 64 letters, digits, dots, hyphens or underscores", isSource),
	}
	if f.service == "" {
		q.fail("service", "service is required: a slug of /v1/services, such as whatsapp")
	}
	return f
}

// maxServices is how many curves of services one answer compares.
const maxServices = 20

// services splits what filter read: several slugs have commas between them.
func (q *query) services(f filter) []string {
	slugs := strings.Split(f.service, ",")
	if len(slugs) > maxServices {
		q.fail("service", "service has %d slugs, the limit is %d; ask twice", len(slugs), maxServices)
		return nil
	}
	for i, slug := range slugs {
		switch {
		case slug == "" && f.service != "":
			q.fail("service", "service has an empty slug between its commas; take a comma away")
		case slices.Contains(slugs[:i], slug):
			q.fail("service", "service names %s twice; name it once", clip(slug))
		default:
			continue
		}
		break
	}
	return slugs
}

func isLang(s string) bool {
	return len(s) == 2 && isLower(s[0]) && isLower(s[1])
}

func isSource(s string) bool {
	if len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !isLower(c|0x20) && (c < '0' || c > '9') && !strings.ContainsRune("._-", rune(c)) {
			return false
		}
	}
	return s != ""
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

// known refuses a service that the catalogue does not have, with the slugs
// that may have been meant.
func (s *Server) known(slug string) error {
	if _, ok := s.cfg.Catalog.Lookup(slug); ok || slug == nlp.UnknownService {
		return nil
	}
	near := suggest(slug, s.cfg.Catalog.Services())
	p := unknownService().with(noService(slug, near))
	p.Suggestions = near
	return p
}
