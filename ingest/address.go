package ingest

import (
	"fmt"
	"net/url"
	"strings"
)

// PublicAddress is an address as it may be shown and stored: without the name and
// password of a user, and with a hash in place of a query, which may hold a token.
func PublicAddress(address string) string {
	shown, query, queried := strings.Cut(address, "?")
	scheme, rest, found := strings.Cut(shown, "://")
	if !found {
		scheme, rest = "", shown
	}
	host, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndex(host, "@"); at >= 0 {
		host = host[at+1:]
	}
	shown = host
	if strings.Contains(rest, "/") {
		shown += "/" + path
	}
	if found {
		shown = scheme + "://" + shown
	}
	if queried {
		shown += fmt.Sprintf("?%08x", uint32(PostHash(query, "")))
	}
	return shown
}

// PublicError is the cause of a failed request, without the address that net/http
// puts before it.
func PublicError(err error) error {
	if failed, ok := err.(*url.Error); ok {
		return failed.Err
	}
	return err
}
