package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/report"
)

// putPlugin writes a shell plugin into the folder and returns the folder.
func putPlugin(t *testing.T, dir, name, script string) string {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755))
	return dir
}

// pluginFolder returns a folder that only we can write, whatever the umask is.
func pluginFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "checks.d")
	require.NoError(t, os.Mkdir(dir, 0o755))
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	return dir
}

// TestCleanAsksPluginsOnce: they gate the seal, are asked after the steps, and not where
// nothing is validated.
func TestCleanAsksPluginsOnce(t *testing.T) {
	for _, row := range []struct {
		name, script string
		args         []string
		code         int
		asked        string
		stdout       string
	}{
		{"passes", "echo fine", []string{"clean", "--yes"}, 0, "asked\n", `(?s)\[PASS\] x-rule: fine.*\[DONE\] seal`},
		{"gates the seal", "echo bad; exit 2", []string{"clean", "--yes"}, 1, "asked\n", `\[FAIL\] x-rule: bad\n +fix: .*\n(?s:.*)not run: seal \(a check fails\)`},
		{"cannot tell", "exit 3", []string{"clean", "--yes"}, 3, "asked\n", `not run: seal`},
		{"a dry run", "echo bad; exit 2", []string{"clean", "--dry-run"}, 0, "", `\[PLAN\]`},
		{"not validated", "echo bad; exit 2", []string{"clean", "--yes", "--no-check"}, 0, "", `Not validated`},
		{"fix", "echo fine", []string{"check", "--fix", "--yes", "--skip", "identity"}, 0, "asked\n", `x-rule: fine`},
		{"nothing to fix", "echo bad; exit 2", []string{"check", "--fix", "--yes", "--only", "x-rule"}, 1, "asked\n", `x-rule: bad`},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := newFake(t, clutter)
			asked := filepath.Join(t.TempDir(), "asked")
			dir := putPlugin(t, pluginFolder(t), "rule.sh", "echo asked >>'"+asked+"'\n"+row.script+"\n")
			got := f.run(t, t.Context(), append(row.args, "--plugins", dir)...)
			assert.Equal(t, row.code, got.code, got.stdout+got.stderr)
			assert.Regexp(t, row.stdout, got.stdout)
			times, err := os.ReadFile(asked)
			assert.Equal(t, row.asked, string(times), err)
		})
	}
}

// TestPluginInEveryFormat: no format fails on what a plugin says, or shows it raw.
func TestPluginInEveryFormat(t *testing.T) {
	dir := putPlugin(t, pluginFolder(t), "rule.sh",
		`printf 'a \033[31mred\377 <b>rule</b> | time=1\n/etc/app.conf:7: is |open|\n'; exit 2`+"\n")
	for _, format := range report.Formats() {
		t.Run(format, func(t *testing.T) {
			got := newFake(t, clutter).run(t, t.Context(), "check", "--plugins", dir, "--only", "x-rule", "--format", format)
			assert.Equal(t, 1, got.code, got.stderr)
			assert.Contains(t, got.stdout, "x-rule")
			assert.Contains(t, got.stdout, "app.conf")
			assert.NotContains(t, got.stdout, "time=1")
			assert.NotContains(t, got.stdout, "\x1b")
			assert.NotContains(t, got.stdout, "\xff")
		})
	}
}
