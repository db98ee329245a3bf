//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// browsed loads a page in Chromium and returns its elements as its scripts left them,
// and what the browser complained of.
func browsed(t *testing.T, address string, args ...string) (dom, log string) {
	t.Helper()
	const longest = 90 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	args = append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--user-data-dir=" + t.TempDir(), "--dump-dom",
	}, args...)
	c := exec.CommandContext(ctx, "chromium", append(args, address)...)
	var out, complaints bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaints
	c.WaitDelay = 5 * time.Second
	require.NoError(t, c.Run(), "%s", tail(complaints.String()))
	return out.String(), complaints.String()
}

var sections = regexp.MustCompile(`<section data-status="([a-z]+)"( hidden="")?>`)

// shownSections returns the statuses that the page shows.
func shownSections(dom string) []string {
	var shown []string
	for _, m := range sections.FindAllStringSubmatch(dom, -1) {
		if m[2] == "" {
			shown = append(shown, m[1])
		}
	}
	return shown
}

// The page works in a browser under its own policy, which lets nothing else run.
func TestPageInABrowser(t *testing.T) {
	dir, _ := samples[1].reports(t)
	page := "file://" + filepath.Join(dir, "page.html")
	require.NoError(t, os.Rename(filepath.Join(dir, "html"), filepath.Join(dir, "page.html")))
	for hash, want := range map[string][]string{
		"":         {"fail", "warn", "skip", "pass"},
		"#warn":    {"warn"},
		"#nothing": {"fail", "warn", "skip", "pass"},
	} {
		dom, log := browsed(t, page+hash)
		assert.Equal(t, want, shownSections(dom), hash)
		assert.NotContains(t, log, "Content Security Policy")
		assert.NotContains(t, log, "CONSOLE")
		if hash == "#warn" {
			assert.Regexp(t, `href="#warn" aria-current="true"`, dom)
			assert.NotRegexp(t, `href="#all" aria-current`, dom)
		}
	}
}

func TestHostilePageInABrowser(t *testing.T) {
	dir, _ := samples[3].reports(t)
	text := readFile(t, dir, "html")
	page := filepath.Join(dir, "page.html")
	require.NoError(t, os.WriteFile(page, []byte(text), 0o600))
	dom, log := browsed(t, "file://"+page)
	assert.Equal(t, 1, strings.Count(dom, "<script>"))
	assert.Contains(t, dom, "&lt;script&gt;alert(2)")
	assert.NotContains(t, log, "CONSOLE")
	// What would get past the escaping is held by the policy.
	smuggled := strings.Replace(text, "<main", "<script>document.title = 'run'</script><main", 1)
	require.NoError(t, os.WriteFile(page, []byte(smuggled), 0o600))
	dom, log = browsed(t, "file://"+page)
	assert.NotContains(t, dom, "<title>run</title>")
	assert.Contains(t, log, "Content Security Policy")
}

// narrow shows a page in a frame as wide as a phone, all folds open, and says in its
// own title how wide the page is.
const narrow = `<!doctype html><title>none</title><iframe width="360" height="800" frameborder="0" srcdoc="%s"></iframe><script>
document.querySelector("iframe").addEventListener("load", (event) => {
  const page = event.target.contentDocument;
  for (const folded of page.querySelectorAll("details")) folded.open = true;
  document.title = page.documentElement.clientWidth + " of " + page.documentElement.scrollWidth;
});
</script>`

// On a phone nothing has to be scrolled sideways, whatever names there are.
func TestPageFitsAPhone(t *testing.T) {
	for _, s := range samples {
		dir, _ := s.reports(t)
		text := regexp.MustCompile(`<meta http-equiv[^>]*>`).ReplaceAllString(readFile(t, dir, "html"), "")
		page := filepath.Join(dir, "page.html")
		require.NoError(t, os.WriteFile(page, fmt.Appendf(nil, narrow, html.EscapeString(text)), 0o600))
		dom, _ := browsed(t, "file://"+page)
		m := regexp.MustCompile(`<title>([0-9]+) of ([0-9]+)</title>`).FindStringSubmatch(dom)
		require.NotNil(t, m, s.name)
		assert.Equal(t, m[1], m[2], s.name)
	}
}
