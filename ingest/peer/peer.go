// Package peer tells who sent a request: the sender itself, or, through proxies
// of ours, who they say it was. What strangers claim is not believed.
package peer

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are those whose word is believed. The zero value believes nobody.
type Proxies struct{ networks []netip.Prefix }

// NewProxies reads addresses (192.0.2.7) and networks (10.0.0.0/8).
func NewProxies(texts []string) (*Proxies, error) {
	p := &Proxies{}
	var errs []error
	for _, text := range texts {
		network, err := netip.ParsePrefix(text)
		if a, single := netip.ParseAddr(text); single == nil {
			network, err = netip.PrefixFrom(a.Unmap().WithZone(""), a.Unmap().BitLen()), nil
		}
		if err != nil || network.Addr().Is4In6() {
			errs = append(errs, fmt.Errorf("%q must be an address such as 192.0.2.7 or a network such as 10.0.0.0/8", text))
			continue
		}
		p.networks = append(p.networks, network.Masked())
	}
	return p, errors.Join(errs...)
}

// Address is where r comes from. Proxies are followed from the nearest on, as
// long as each is one of ours; beyond is how many others are believed as well.
// Where X-Forwarded-For and Forwarded both came and disagree, a stranger wrote one
// of them, and neither is believed. It is not valid where the sender has no
// address, as on a Unix socket.
func (p *Proxies) Address(r *http.Request, beyond int) netip.Addr {
	at, _ := parse(r.RemoteAddr)
	said, standard := r.Header.Values("X-Forwarded-For"), r.Header.Values("Forwarded")
	switch {
	case len(standard) == 0:
		return p.follow(at, split(said), beyond)
	case len(said) == 0:
		return p.follow(at, forwarded(standard), beyond)
	}
	one, other := p.follow(at, split(said), beyond), p.follow(at, forwarded(standard), beyond)
	if one != other {
		return at
	}
	return one
}

// Sent says whether r came straight from one of them.
func (p *Proxies) Sent(r *http.Request) bool {
	at, ok := parse(r.RemoteAddr)
	return ok && p.believed(at)
}

func (p *Proxies) follow(at netip.Addr, hops []string, beyond int) netip.Addr {
	for _, hop := range slices.Backward(hops) {
		if !p.believed(at) {
			if beyond == 0 {
				break
			}
			beyond--
		}
		next, ok := parse(hop)
		if !ok {
			break
		}
		at = next
	}
	return at
}

func (p *Proxies) believed(a netip.Addr) bool {
	return slices.ContainsFunc(p.networks, func(n netip.Prefix) bool { return n.Contains(a) })
}

func split(lines []string) []string {
	hops := strings.Split(strings.Join(lines, ","), ",")
	for i, hop := range hops {
		hops[i] = strings.TrimSpace(hop)
	}
	return hops
}

// forwarded are the addresses of Forwarded (RFC 7239): for= of each hop, empty
// where it has none.
func forwarded(lines []string) []string {
	hops := split(lines)
	for i, hop := range hops {
		hops[i] = ""
		for pair := range strings.SplitSeq(hop, ";") {
			if name, value, _ := strings.Cut(strings.TrimSpace(pair), "="); strings.EqualFold(name, "for") {
				hops[i] = strings.Trim(value, `"`)
			}
		}
	}
	return hops
}

// parse reads an address, with or without a port or brackets.
func parse(text string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		var with netip.AddrPort
		with, err = netip.ParseAddrPort(text)
		a = with.Addr()
	}
	return a.Unmap().WithZone(""), err == nil
}

// Network is as much of an address as a household has: providers hand out IPv6 by
// 64 bits, and devices change the rest as they like.
func Network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	n, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address
	}
	return n
}
