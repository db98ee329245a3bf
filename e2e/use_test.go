//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a script that greps the old tool's output relies on.
func TestTextReport(t *testing.T) {
	own := debianTree(t)
	own.plant(`fill /root/.bash_history 300; fill /var/log/app.log 100`)
	c := enterCommand(own.root, "", programPath)
	out, err := c.Output()
	require.Error(t, err)
	assert.Equal(t, 1, c.ProcessState.ExitCode())
	text := string(out)
	assert.Regexp(t, `(?m)^\[PASS\] root-password`, text)
	assert.Regexp(t, `(?m)^\[FAIL\] shell-history`, text)
	assert.Regexp(t, `(?m)^\[WARN\] log-files`, text)
	assert.Regexp(t, `(?m)^[0-9]+ Tests PASSED$`, text)
	assert.Regexp(t, `(?m)^1 Tests FAILED$`, text)
	assert.Regexp(t, `(?m)^1 WARNINGS$`, text)
	assert.NotContains(t, text, "\x1b", "a pipe gets no colour")
	assert.NotContains(t, text, "a line of no interest", "contents are never shown")
}

func TestStrictOnlySkip(t *testing.T) {
	own := debianTree(t)
	own.plant(`fill /var/log/app.log 100`)
	layer, err := binary()
	require.NoError(t, err)
	for args, want := range map[[2]string]int{
		{"--no-refresh", "--strict=false"}:   0,
		{"--strict", "--no-refresh"}:         1,
		{"--strict", "--skip=log-files"}:     0,
		{"--strict", "--skip=logs/*"}:        0,
		{"--strict", "--only=log-files"}:     1,
		{"--only=no-such-check", "--strict"}: 2,
	} {
		c := exec.Command(filepath.Join(layer, programPath), "check", "--root", own.root, args[0], args[1])
		out, err := c.CombinedOutput()
		require.True(t, err == nil || c.ProcessState.Exited(), "%v: %v", args, err)
		assert.Equal(t, want, c.ProcessState.ExitCode(), "%v: %s", args, out)
	}
}

// The report file is whole, and nobody but its owner reads it.
func TestOutputFile(t *testing.T) {
	own := debianTree(t)
	file := filepath.Join(t.TempDir(), "report.json")
	own.checkRoot("--output", "json="+file)
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, json.Valid(data))
}

// Not root: nothing is looked at, and the exit code says that nothing was done.
func TestNotRoot(t *testing.T) {
	own := debianTree(t)
	c := enterCommand(own.root, "", "setpriv", "--reuid=65534", "--clear-groups", programPath, "check")
	out, err := c.CombinedOutput()
	require.Error(t, err)
	assert.Equal(t, 2, c.ProcessState.ExitCode(), string(out))
}
