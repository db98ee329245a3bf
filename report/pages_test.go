package report

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/clean"
)

// TestPagesAreFresh: the pages in docs are what the catalogues say now. make docs
// writes them anew.
func TestPagesAreFresh(t *testing.T) {
	for file, page := range map[string]string{
		"../docs/checks.md": ChecksPage(check.Catalogue()),
		"../docs/steps.md":  StepsPage(clean.Catalogue(), check.Catalogue()),
	} {
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(page), 0o644))
		}
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, page, string(data), "%s is stale: run make docs", file)
	}
}

// TestPagesHoldEverything: nothing of the catalogue is left out, and every link leads
// somewhere.
func TestPagesHoldEverything(t *testing.T) {
	checks, steps := ChecksPage(check.Catalogue()), StepsPage(clean.Catalogue(), check.Catalogue())
	for _, c := range check.Catalogue() {
		assert.Contains(t, checks, "\n### "+c.ID+"\n")
		for _, id := range c.FixedBy {
			assert.Contains(t, steps, "\n## "+id+"\n")
		}
	}
	for _, s := range clean.Catalogue() {
		assert.Contains(t, steps, "\n## "+s.ID+"\n")
	}
	assert.Equal(t, len(check.Catalogue()), strings.Count(checks, "\n### "))
}
