package submit

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/manual"
)

// TestHelp: each command has an example, and help that fits.
func TestHelp(t *testing.T) {
	for _, c := range manual.Commands(newCommand(&process{stdout: io.Discard, stderr: io.Discard})) {
		var help strings.Builder
		c.SetOut(&help)
		require.NoError(t, c.Help())
		assert.Contains(t, help.String(), "\nExamples:\n  ", c.CommandPath())
		for line := range strings.Lines(help.String()) {
			assert.LessOrEqual(t, len(strings.TrimSuffix(line, "\n")), 80, "%s: %s", c.CommandPath(), line)
		}
	}
}
