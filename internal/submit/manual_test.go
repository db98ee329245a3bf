package submit

import (
	"flag"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/manual"
)

var writeAnew = flag.Bool("update", false, "write the manual page anew")

// TestManualIsFresh: the page in docs/man is what the command says now. make docs
// writes it anew.
func TestManualIsFresh(t *testing.T) {
	const file = "../../docs/man/mp-submit.1"
	pages := manual.Pages(newCommand(&process{stdout: io.Discard, stderr: io.Discard}), manual.Extras{
		OnePage: true,
		Files: []manual.Entry{
			{Name: "manifest.json", Text: "what Packer's manifest post-processor has written"},
			{Name: "report.json", Text: "what imgcheck --output json=FILE has written in the build"},
		},
		SeeAlso: []string{"imgcheck(1)", "packer(1)", "https://docs.digitalocean.com/products/marketplace/"},
	})
	text := pages["mp-submit.1"]
	if *writeAnew {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	data, err := os.ReadFile(file)
	require.NoError(t, err, "run make docs")
	assert.Equal(t, text, string(data), "%s is stale: run make docs", file)
	for _, section := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"} {
		assert.Contains(t, text, `.SH "`+section+`"`)
	}
}
