//go:build e2e

package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cleanLive runs "clean" in the tree as on a machine; before is shell text that runs
// first. It is never asked, and the lab is no droplet.
func (own *tree) cleanLive(before string, args ...string) (code int, stdout, stderr string) {
	own.t.Helper()
	argv := append([]string{"/bin/sh", "-c", before + "\n" + `exec "$@"`, "clean", programPath, "clean"}, args...)
	return run(own.t, enterCommand(own.root, "", argv...))
}

func run(t testing.TB, c *exec.Cmd) (code int, stdout, stderr string) {
	t.Helper()
	var out, err strings.Builder
	c.Stdout, c.Stderr = &out, &err
	if failure := c.Run(); failure != nil {
		require.NotNil(t, c.ProcessState, "%v", failure)
	}
	return c.ProcessState.ExitCode(), out.String(), err.String()
}

// A real file system is changed where the plan says, and nowhere else.
func TestCleanLive(t *testing.T) {
	own := debianTree(t)
	own.plant(`fill /root/.bash_history 300; fill /root/.ssh/known_hosts 100; ln -s /etc/passwd /root/.mysql_history`)
	before := own.changes()
	code, stdout, stderr := own.cleanLive("", "--yes", "--force", "--no-refresh", "--only", "ssh-keys,history")
	assert.Equal(t, 0, code, stdout+stderr)
	assert.Contains(t, stdout, "[DONE] history: 1 file removed, 1 name removed")
	assert.Contains(t, stdout, "[PASS] shell-history")
	assert.Contains(t, stdout, "Power off now and take the snapshot")
	after := own.changes()
	for _, name := range names(after) {
		planned := strings.HasPrefix(name, "/root") || name == "/" || mayRefresh(name)
		assert.True(t, planned || before[name] == after[name], "%s was changed", name)
	}
	assert.NoFileExists(t, filepath.Join(own.root, "run/imgcheck"))
	assert.FileExists(t, filepath.Join(own.root, "etc/passwd"), "what a link leads to")

	code, stdout, _ = own.cleanLive("", "--yes", "--force", "--no-refresh", "--only", "ssh-keys,history")
	assert.Equal(t, 0, code)
	assert.Contains(t, stdout, "[DONE] nothing to do: ssh-keys, history")
}

// What is refused changes nothing.
func TestCleanRefuses(t *testing.T) {
	own := debianTree(t)
	own.plant(`fill /root/.bash_history 300; mkdir -p /run/mount`) // which mount(8) makes
	before := own.changes()
	for name, row := range map[string]struct {
		before string
		args   []string
		says   string
	}{
		"no droplet":  {"", []string{"--yes"}, "this is no DigitalOcean droplet"},
		"no terminal": {"", []string{"--force"}, "there is no terminal to confirm on"},
		"read-only":   {"mount -o remount,bind,ro /", []string{"--yes", "--force"}, "the root file system is read-only"},
		"not root":    {`set -- setpriv --reuid=65534 --clear-groups "$@"`, []string{"--yes", "--force"}, "only root can read"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := own.cleanLive(row.before, row.args...)
			assert.Equal(t, 2, code, stdout+stderr)
			assert.Empty(t, stdout)
			assert.Contains(t, stderr, row.says)
			assert.Equal(t, before, own.changes())
		})
	}
	code, stdout, _ := own.cleanLive("mount -o remount,bind,ro /", "--dry-run", "--only", "history")
	assert.Equal(t, 0, code)
	assert.Contains(t, stdout, "remove /root/.bash_history")
	assert.Contains(t, stdout, "A real run would be refused: the root file system is read-only")
}

// Plugins lie in the way of a clean and are still needed behind it.
func TestCleanSparesPlugins(t *testing.T) {
	own := debianTree(t)
	own.plant(`
mkdir -p /tmp/checks.d && chmod 0755 /tmp/checks.d && echo old >/tmp/other
printf '#!/bin/sh\necho looked\n' >/tmp/checks.d/mine.sh && chmod 0755 /tmp/checks.d/mine.sh
`)
	code, stdout, stderr := own.cleanLive("", "--yes", "--force", "--no-refresh", "--only", "temp", "--plugins", "/tmp/checks.d")
	assert.Contains(t, []int{0, 1}, code, stdout+stderr) // other checks may fail: this is no droplet
	assert.Contains(t, stdout, "[PASS] x-mine: looked")
	assert.FileExists(t, filepath.Join(own.root, "tmp/checks.d/mine.sh"))
	assert.NoFileExists(t, filepath.Join(own.root, "tmp/other"))
}
