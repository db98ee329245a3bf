package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/fixtures"
	"imgcheck/report"
)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// documented returns the shell blocks of a document, in order, over a fixture in the
// place of /mnt/image.
func documented(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + name)
	require.NoError(t, err)
	var commands strings.Builder
	for _, block := range shellBlock.FindAllSubmatch(text, -1) {
		commands.Write(block[1])
	}
	return strings.ReplaceAll(commands.String(), "/mnt/image", fixtures.Dir("ubuntu-24.04-dirty"))
}

// TestDocumentedCommands runs the shell blocks of docs/formats.md, in order, over a
// fixture in the place of /mnt/image.
func TestDocumentedCommands(t *testing.T) {
	commands := documented(t, "formats.md")
	require.Contains(t, commands, "imgcheck convert")
	script := "exec sh -eu commands.sh\nstdout -count=2 'exit code 1'\nstdout '^Not publishable'\n" +
		"grep '<testsuites' report.xml\ngrep '^### imgcheck' report.md\ngrep '<!doctype html>' report.html\ngrep '^TAP version 13' report.13.tap\n" +
		"-- commands.sh --\n" + commands
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "formats.txtar"), []byte(script), 0o600))
	testscript.Run(t, testscript.Params{Dir: dir})
}

func TestDocumentsTellOfEveryFormat(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats.md")
	require.NoError(t, err)
	for _, format := range report.Formats() {
		assert.Contains(t, string(text), "| `"+format+"` |")
	}
}
