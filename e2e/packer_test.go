//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// packerDo runs Packer in a folder, with a token that must not be seen.
func packerDo(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	token := markOf(t.Name(), "token")
	c := exec.CommandContext(t.Context(), "packer", args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "PACKER_NO_COLOR=1", "PACKER_CACHE_DIR="+t.TempDir(), "HOME="+t.TempDir(), "DIGITALOCEAN_API_TOKEN="+token)
	said, err := c.CombinedOutput()
	assert.NotContains(t, string(said), token)
	return string(said), err
}

// The template as it is shipped is one that Packer takes.
func TestPackerTemplate(t *testing.T) {
	program := "imgcheck=" + filepath.Join(t.TempDir(), "imgcheck")
	require.NoError(t, os.WriteFile(strings.TrimPrefix(program, "imgcheck="), nil, 0o755))
	said, err := packerDo(t, "..", "validate", "-var", program, "packer")
	require.NoError(t, err, said)
	said, err = packerDo(t, "..", "fmt", "-check", "-diff", "packer")
	require.NoError(t, err, said)

	said, err = packerDo(t, "..", "validate", "-var", program, "-var", "region=", "packer")
	require.Error(t, err, "it wants a region: %s", said)
}

// What the README shows of the template is what the template has.
func TestPackerInREADME(t *testing.T) {
	build, err := os.ReadFile("../packer/build.pkr.hcl")
	require.NoError(t, err)
	clean, err := os.ReadFile("../packer/scripts/090-clean.sh")
	require.NoError(t, err)
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(readme), "**From Packer**")
	require.True(t, found)
	section, _, found = strings.Cut(section, "**To submit the snapshot**")
	require.True(t, found)
	_, shown, found := strings.Cut(section, "```hcl\n")
	require.True(t, found)
	shown, _, _ = strings.Cut(shown, "```")
	assert.Contains(t, withoutIndent(string(build)), withoutIndent(shown))
	_, shown, found = strings.Cut(section, "```text\n")
	require.True(t, found)
	shown, _, _ = strings.Cut(shown, "```")
	assert.Contains(t, string(clean), shown)
}

func withoutIndent(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

// Every script of the template is one that a shell takes, and that shellcheck has
// nothing against.
func TestPackerScripts(t *testing.T) {
	var scripts []string
	for _, pattern := range []string{"scripts/*.sh", "files/etc/update-motd.d/*", "files/opt/one-click/*.sh", "files/var/lib/cloud/scripts/per-instance/*"} {
		found, err := filepath.Glob(filepath.Join("../packer", pattern))
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
		scripts = append(scripts, found...)
	}
	require.NoError(t, command(".", "shellcheck", scripts...))
	for _, script := range scripts {
		info, err := os.Stat(script)
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&0o111, "%s is executable", script)
	}
	require.NoError(t, command("..", "python3", "-c", "import ast; ast.parse(open('packer/fabric/fabfile.py').read())"))
	said, err := output("..", "fab", "-r", "packer/fabric", "--list")
	require.NoError(t, err)
	assert.Contains(t, said, "build")
}
