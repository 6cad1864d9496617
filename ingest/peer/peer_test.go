package peer_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"outcry/ingest/peer"
)

func TestAddress(t *testing.T) {
	proxies, err := peer.NewProxies([]string{"10.0.0.0/8", "2001:db8:ffff::/48", "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	const said, standard = "X-Forwarded-For", "Forwarded"
	for _, c := range []struct {
		name, remote string
		header       []string
		beyond       int
		want         string
	}{
		{"direct", "192.0.2.7:1234", nil, 0, "192.0.2.7"},
		{"direct, IPv6", "[2001:db8::1%eth0]:1", nil, 0, "2001:db8::1"},
		{"a stranger's word", "192.0.2.7:1", []string{said, "198.51.100.1", standard, "for=198.51.100.1"}, 0, "192.0.2.7"},
		{"our proxy's word", "10.0.0.1:1", []string{said, "198.51.100.1"}, 0, "198.51.100.1"},
		{"a stranger's before our proxy's", "10.0.0.1:1", []string{said, "203.0.113.9, 198.51.100.1"}, 0, "198.51.100.1"},
		{"two of ours, two lines", "10.0.0.1:1", []string{said, "203.0.113.9,198.51.100.1:443", said, "10.9.9.9"}, 0, "198.51.100.1"},
		{"nonsense", "10.0.0.1:1", []string{said, "198.51.100.1, <script>"}, 0, "10.0.0.1"},
		{"mapped", "[::ffff:10.0.0.1]:1", []string{said, "::ffff:198.51.100.1"}, 0, "198.51.100.1"},
		{"standard", "10.0.0.1:1", []string{standard, `for=203.0.113.9, For="[2001:db8::5]:4711";proto=https;by=10.0.0.1`}, 0, "2001:db8::5"},
		{"standard, hidden", "10.0.0.1:1", []string{standard, "for=_hidden"}, 0, "10.0.0.1"},
		{"both agree", "10.0.0.1:1", []string{said, "198.51.100.1", standard, "for=198.51.100.1"}, 0, "198.51.100.1"},
		{"one was smuggled in", "10.0.0.1:1", []string{said, "198.51.100.1", standard, "for=203.0.113.9"}, 0, "10.0.0.1"},
		{"one beyond", "192.0.2.7:1", []string{said, "203.0.113.9, 198.51.100.1"}, 1, "198.51.100.1"},
		{"one beyond, behind ours", "10.0.0.1:1", []string{said, "203.0.113.9, 192.0.2.7"}, 1, "203.0.113.9"},
		{"no address", "@", nil, 0, "invalid IP"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		for i := 0; i < len(c.header); i += 2 {
			r.Header.Add(c.header[i], c.header[i+1])
		}
		if got := proxies.Address(r, c.beyond).String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestSent(t *testing.T) {
	proxies, err := peer.NewProxies([]string{"10.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	for remote, want := range map[string]bool{"10.1.2.3:1": true, "[::ffff:10.1.2.3]:1": true, "192.0.2.7:1": false, "@": false, "": false} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-For", "10.0.0.1")
		if got := proxies.Sent(r); got != want {
			t.Errorf("%s: %t", remote, got)
		}
	}
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{"192.0.2.7": "192.0.2.7/32", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64"} {
		if got := peer.Network(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s is of %s, want %s", address, got, want)
		}
	}
	if n := peer.Network(netip.Addr{}); n.IsValid() {
		t.Error(n)
	}
}

func TestNewProxiesNamesWhatIsWrong(t *testing.T) {
	_, err := peer.NewProxies([]string{"10.0.0.0/8", "proxy.example", "10.0.0.0/99", "::ffff:10.0.0.0/104"})
	for _, want := range []string{`"proxy.example"`, `"10.0.0.0/99"`, `"::ffff:10.0.0.0/104"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}
