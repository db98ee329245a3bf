package submit

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocumentedFlags: every flag that stands behind "mp-submit" in a page is one.
func TestDocumentedFlags(t *testing.T) {
	var help strings.Builder
	require.Zero(t, Run(t.Context(), []string{"--help"}, nil, &help, &help))
	command := regexp.MustCompile("mp-submit(?:[^`\n\\\\]|\\\\\n)*")
	alone := regexp.MustCompile("`--[^`]+`")
	flag := regexp.MustCompile(`--[a-z][a-z-]*`)
	seen := 0
	for _, name := range []string{"README.md", "docs/submit.md", "docs/exit-codes.md"} {
		text, err := os.ReadFile("../../" + name)
		require.NoError(t, err)
		calls := command.FindAllString(string(text), -1)
		if name == "docs/submit.md" { // where no other program is meant
			calls = append(calls, alone.FindAllString(string(text), -1)...)
		}
		for _, call := range calls {
			for _, f := range flag.FindAllString(call, -1) {
				seen++
				assert.Contains(t, help.String(), f+" ", "%s: %q", name, call)
			}
		}
	}
	assert.Greater(t, seen, 20)
}
