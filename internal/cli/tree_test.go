package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
	"imgcheck/report"
)

// runReal runs the real catalogues within this process.
func runReal(t *testing.T, args ...string) said {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &process{
		env: map[string]string{}, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr,
		world: world{open: open, recovery: (*host.Host).Recovery, checks: check.Catalogue, steps: clean.Catalogue},
	}
	return said{code: p.run(t.Context(), args), stdout: stdout.String(), stderr: stderr.String()}
}

// TestOnlyWhatWasPlanned: whatever differs in the tree afterwards, a dry run has said.
func TestOnlyWhatWasPlanned(t *testing.T) {
	root := fixtures.Copy(t, "ubuntu-24.04-dirty", `
-- home/deploy/.zsh_history link=/etc/passwd --
-- root/.psql_history --
select
`)
	before := lines(fixtures.Tree(t, root))
	dry := parsed(t, runReal(t, "clean", "--root", root, "--dry-run", "--format", "json").stdout)
	require.Equal(t, before, lines(fixtures.Tree(t, root)))
	require.NotEmpty(t, dry.Actions)
	assert.True(t, dry.DryRun)

	ran := parsed(t, runReal(t, "clean", "--root", root, "--format", "json").stdout)
	after := lines(fixtures.Tree(t, root))
	planned := map[string]report.Action{}
	for _, a := range dry.Actions {
		planned[a.Path] = a
	}
	for _, line := range slices.Concat(before, after) {
		name, _, _ := strings.Cut(line, " ")
		if slices.Contains(before, line) && slices.Contains(after, line) {
			continue
		}
		a, found := planned["/"+name]
		assert.True(t, found && a.Op != "leave", "%s was changed without a plan", line)
	}
	for _, a := range ran.Actions {
		assert.NotEqual(t, "failed", a.Status, a.Path)
	}
}

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }
