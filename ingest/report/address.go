package report

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// prefixes reads addresses and networks.
func prefixes(texts []string) (all []netip.Prefix, err error) {
	var errs []error
	for i, text := range texts {
		p, err := netip.ParsePrefix(text)
		if a, single := netip.ParseAddr(text); single == nil {
			p, err = netip.PrefixFrom(a.Unmap().WithZone(""), a.Unmap().BitLen()), nil
		}
		if err != nil || p.Addr().Is4In6() {
			errs = append(errs, fmt.Errorf("trust_proxies[%d]: %q must be an address such as 192.0.2.7 or a network such as 10.0.0.0/8", i, text))
			continue
		}
		all = append(all, p.Masked())
	}
	return all, errors.Join(errs...)
}

// address is where r comes from: the sender, or, when that is a proxy of ours,
// who it says sent it, and so on. What strangers write into X-Forwarded-For stands
// to the left of that and is never reached.
func (h *Handler) address(r *http.Request) netip.Addr {
	at, _ := parse(r.RemoteAddr) // none, such as a Unix socket's, is one visitor
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !h.trusted(at) {
			break
		}
		next, ok := parse(strings.TrimSpace(hop))
		if !ok {
			break
		}
		at = next
	}
	return at
}

func (h *Handler) trusted(a netip.Addr) bool {
	return slices.ContainsFunc(h.proxies, func(p netip.Prefix) bool { return p.Contains(a) })
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

// network is as much of an address as a household has: providers hand out IPv6 by
// 64 bits, and devices change the rest as they like.
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address
	}
	return p
}
