package api_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The reading page names every operation, parameter and schema of the document;
// every address on it leads somewhere, and it runs no script.
func TestReadingPage(t *testing.T) {
	r := newGuardRig(t)
	res := r.get("/docs")
	page := body(t, res)
	csp := res.Header.Get("Content-Security-Policy")
	if res.StatusCode != 200 || strings.Contains(csp, "script") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
		t.Fatalf("%d %s", res.StatusCode, csp)
	}
	var doc struct {
		Servers    []struct{ URL string }
		Security   []map[string][]string
		Paths      map[string]map[string]struct{ Parameters []struct{ Name, In string } }
		Components struct {
			Schemas         map[string]any
			SecuritySchemes map[string]any
		}
	}
	if err := json.Unmarshal([]byte(body(t, r.get("/openapi.json"))), &doc); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(slices.Collect(maps.Keys(doc.Components.SecuritySchemes)), "key") {
		t.Error("the document does not say what a key is")
	}
	if len(doc.Security) != 2 || len(doc.Security[0]) != 0 || doc.Security[1]["key"] == nil {
		t.Errorf("a key may be given to any operation, and none is needed: %v", doc.Security)
	}
	if len(doc.Servers) != 1 || doc.Servers[0].URL != "." {
		t.Errorf("the operations are not beside the document: %v", doc.Servers)
	}
	for path, operations := range doc.Paths {
		if !strings.Contains(page, "<code>"+path+"</code>") {
			t.Errorf("%s is not on the page", path)
		}
		for _, o := range operations {
			for _, p := range o.Parameters {
				if field := ` name="` + p.Name + `"`; !strings.Contains(page, "<code>"+p.Name+"</code>") || p.In == "query" && !strings.Contains(path, "{") && !strings.Contains(page, field) {
					t.Errorf("%s: there is no %s", path, p.Name)
				}
			}
		}
	}
	for name := range doc.Components.Schemas {
		if !strings.Contains(page, `id="schema-`+name+`"`) {
			t.Errorf("the schema %s is not on the page", name)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "style=") || strings.Contains(page, "http://") || strings.Contains(page, "https://") {
		t.Error("the page has a script, a style of its own or another host")
	}
	for _, to := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if strings.Count(page, `id="`+to[1]+`"`) != 1 {
			t.Errorf("#%s leads to %d places", to[1], strings.Count(page, `id="`+to[1]+`"`))
		}
	}
	balanced(t, page)
	if res := r.get("/docs.css"); res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/css") {
		t.Errorf("docs.css: %d", res.StatusCode)
	}
}

// balanced reads HTML as loosely as it may be written, and no more so.
func balanced(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, []string{"meta", "link", "input"}, xml.HTMLEntity
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	if depth != 0 {
		t.Errorf("%d elements are open at the end", depth)
	}
}
