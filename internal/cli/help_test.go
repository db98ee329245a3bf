package cli

import (
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/internal/manual"
)

func tree() *cobra.Command {
	return newRoot(&process{stdout: io.Discard, stderr: io.Discard, world: world{checks: check.Catalogue, steps: clean.Catalogue}})
}

// TestHelp: each command has an example that it takes, and help that fits.
func TestHelp(t *testing.T) {
	for _, c := range manual.Commands(tree()) {
		var help strings.Builder
		c.SetOut(&help)
		require.NoError(t, c.Help())
		assert.Contains(t, help.String(), "\nExamples:\n  ", c.CommandPath())
		for line := range strings.Lines(help.String()) {
			assert.LessOrEqual(t, len(strings.TrimSuffix(line, "\n")), 80, "%s: %s", c.CommandPath(), line)
			assert.NotContains(t, line, "\t", c.CommandPath())
		}
	}
}

var ours = regexp.MustCompile(`(?:^|\| |sudo )\s*imgcheck( [^|>]*)?`)

// TestExamplesAreTaken: the commands and flags in them exist.
func TestExamplesAreTaken(t *testing.T) {
	for _, c := range manual.Commands(tree()) {
		for line := range strings.SplitSeq(c.Example, "\n") {
			call := ours.FindStringSubmatch(line)
			if !assert.NotNil(t, call, "%s: %q", c.CommandPath(), line) {
				continue
			}
			root := tree()
			called, args, err := root.Find(strings.Fields(strings.ReplaceAll(call[1], "'", "")))
			require.NoError(t, err, line)
			require.NoError(t, called.ParseFlags(args), line)
			if called.Args != nil {
				assert.NoError(t, called.Args(called, called.Flags().Args()), line)
			}
		}
	}
}
