package cli

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/manual"
)

var update = flag.Bool("update", false, "write the manual pages anew")

// extras are what the manual says beside the help.
func extras() manual.Extras {
	return manual.Extras{
		Exits: []manual.Entry{{Name: "0", Text: "written"}, {Name: "2", Text: "wrong usage, or not written"}},
		Environment: []manual.Entry{
			{Name: "NO_COLOR", Text: "where it is set and not empty, text has no colours; --color overrides it"},
			{Name: "CLICOLOR_FORCE", Text: "where it is set and not 0, text has colours even where there is no terminal"},
			{Name: "TERM", Text: "dumb, or none, is a terminal without colours"},
			{Name: "GITHUB_STEP_SUMMARY", Text: "with --format github, the file to which the report is added as Markdown"},
			{Name: "GOMEMLIMIT", Text: "how much memory the program tries to stay below, 48MiB by default"},
		},
		Files: []manual.Entry{
			{Name: "imgcheck.yaml", Text: "by custom the file that --config takes; none is read unless it is given"},
			{Name: "/run/imgcheck", Text: "what a run has stopped, until it runs again; a run that was killed is put right by the next one"},
		},
		SeeAlso: []string{"mp-submit(1)", "sshd_config(5)", "https://docs.digitalocean.com/products/marketplace/"},
	}
}

// TestManualIsFresh: the pages in docs/man are what the commands say now. make docs
// writes them anew.
func TestManualIsFresh(t *testing.T) {
	pages := manual.Pages(tree(), extras())
	if *update {
		for name, text := range pages {
			require.NoError(t, os.WriteFile(filepath.Join("../../docs/man", name), []byte(text), 0o644))
		}
	}
	files, err := filepath.Glob("../../docs/man/imgcheck*.1")
	require.NoError(t, err)
	for _, file := range files {
		assert.Contains(t, pages, filepath.Base(file), "%s is of no command: delete it", file)
	}
	for name, text := range pages {
		data, err := os.ReadFile(filepath.Join("../../docs/man", name))
		require.NoError(t, err, "run make docs")
		assert.Equal(t, text, string(data), "%s is stale: run make docs", name)
		for _, section := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"} {
			assert.Contains(t, text, `.SH "`+section+`"`, name)
		}
	}
}
