package report

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// elements returns the names of the elements of a page, and makes sure that each is
// closed and that none carries a handler, a style or an address outside of the page.
func elements(t *testing.T, document string) []string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(document))
	d.Strict = false
	d.AutoClose = []string{"meta"}
	d.Entity = xml.HTMLEntity
	var names []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		require.NoError(t, err)
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		names = append(names, element.Name.Local)
		for _, a := range element.Attr {
			assert.NotRegexp(t, "^(on.*|style|src|srcset|data)$", a.Name.Local)
			if a.Name.Local == "href" {
				assert.Regexp(t, "^#", a.Value)
			}
		}
	}
}

func TestPageIsSelfContainedAndInert(t *testing.T) {
	out := written(t, loud(t), "html", Style{})
	// The reader of XML knows nothing of scripts and styles.
	plain := strings.NewReplacer(pageStyle, "", pageScript, "").Replace(out)
	counts := map[string]int{}
	for _, name := range elements(t, plain) {
		counts[name]++
	}
	assert.Equal(t, 1, counts["script"])
	assert.Equal(t, 1, counts["style"])
	assert.Equal(t, 10, counts["article"])
	for _, none := range []string{"img", "link", "iframe", "object", "base", "form", "a:href"} {
		assert.Zero(t, counts[none], none)
	}
	for _, text := range []string{pageStyle, pageScript} {
		assert.NotRegexp(t, `url\(|@import|https?:|fetch|XMLHttp|innerHTML|eval`, text)
	}
	assert.Contains(t, out, "&lt;script&gt;alert(1)&lt;/script&gt;")
}

// TestPolicyNamesWhatIsThere: a page whose policy does not name its own style is bare.
func TestPolicyNamesWhatIsThere(t *testing.T) {
	out := written(t, loud(t), "html", Style{})
	for _, tag := range []string{"style", "script"} {
		_, rest, _ := strings.Cut(out, "<"+tag+">")
		text, _, found := strings.Cut(rest, "</"+tag+">")
		require.True(t, found)
		assert.Contains(t, policy(), tag+"-src "+source(text))
	}
	assert.Contains(t, out, "default-src &#39;none&#39;")
}

func TestPageOrder(t *testing.T) {
	out := written(t, loud(t), "html", Style{})
	last := -1
	for _, part := range []string{"<h1>Not publishable</h1>", "<svg", `id="fail"`, `id="error"`, `id="warn"`, `id="skip"`, `id="pass"`, "<footer>"} {
		at := strings.Index(out, part)
		assert.Greater(t, at, last, part)
		last = at
	}
	assert.Contains(t, out, "<details>\n<summary>12 findings", "many are folded")
	assert.Contains(t, out, "<details open>\n<summary>1 finding, 1 note<", "few that decide are not")
}

func TestPageNamesTheStepsThatMend(t *testing.T) {
	r := loud(t)
	r.Results[3].FixedBy = []string{"ssh-keys", "history"}
	assert.Contains(t, written(t, r, "html", Style{}), "imgcheck clean <span>--only</span> <span>ssh-keys,history</span>")
}
