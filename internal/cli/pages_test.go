package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBlocksOfPages: a block is run (sh; run and script of yaml) or is of a kind that shows
// what cannot be run here. One of another kind, or indented, would be passed over.
func TestBlocksOfPages(t *testing.T) {
	fence := regexp.MustCompile("(?m)^(.*)```(.*)$")
	kinds := map[string]bool{"sh": true, "yaml": true, "console": true, "text": true, "hcl": true}
	for name, text := range pages(t) {
		open := false
		for _, line := range fence.FindAllStringSubmatch(text, -1) {
			assert.Empty(t, line[1], "%s: %q", name, line[0])
			open = !open
			if open {
				assert.True(t, kinds[line[2]], "%s: a block of the kind %q", name, line[2])
			} else {
				assert.Empty(t, line[2], "%s: %q closes a block", name, line[0])
			}
		}
		assert.False(t, open, "%s: a block without an end", name)
	}
}

// TestDocumentedFlags: every flag of a page that stands behind "imgcheck", or begins a
// piece of code, is one. The test of mp-submit looks at that program's page.
func TestDocumentedFlags(t *testing.T) {
	known := map[string]bool{"--help": true, "--version": true}
	var learn func(c *cobra.Command)
	learn = func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) { known["--"+f.Name] = true })
		for _, sub := range c.Commands() {
			learn(sub)
		}
	}
	learn(newRoot(&process{world: newFake(t, clutter).world()}))
	call := regexp.MustCompile("imgcheck[^`|>;&)\n\",]*|`--[^`]+`")
	flag := regexp.MustCompile(`--[a-z][a-z-]*`)
	seen := 0
	for name, text := range pages(t) {
		if name == "submit.md" {
			continue
		}
		for _, code := range call.FindAllString(text, -1) {
			for _, f := range flag.FindAllString(code, -1) {
				seen++
				assert.True(t, known[f], "%s: %s in %q", name, f, code)
			}
		}
	}
	assert.Greater(t, seen, 100)
}

// TestLinksBetweenPages: the page that a link points to is there, and so is the heading.
func TestLinksBetweenPages(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)]*))?\)`)
	all := pages(t)
	seen := 0
	for name, text := range all {
		folder := "../.."
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			folder = "../../docs"
		}
		for _, target := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(target[1], ":") {
				continue
			}
			seen++
			page := name
			if target[1] != "" {
				page = filepath.Base(target[1])
				assert.FileExists(t, filepath.Join(folder, target[1]), "in "+name)
			}
			if target[2] != "" {
				assert.Contains(t, anchors(all[page]), target[2], "of %s, in %s", page, name)
			}
		}
	}
	assert.Greater(t, seen, 50)
}

// anchors returns what GitHub names the headings of a page by.
func anchors(text string) []string {
	heading := regexp.MustCompile("(?m)^#+ (.*)$")
	dropped := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	var names []string
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		names = append(names, strings.ReplaceAll(strings.ToLower(dropped.ReplaceAllString(h[1], "")), " ", "-"))
	}
	return names
}

// TestPagesAreInTheReadme: a page that no list names is not found.
func TestPagesAreInTheReadme(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	readme := pages(t)["README.md"]
	for _, file := range files {
		assert.Contains(t, readme, "](docs/"+filepath.Base(file)+")")
	}
}
