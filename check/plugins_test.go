package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/distro"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// askPlugin runs a plugin of one shell script over a tree.
func askPlugin(t *testing.T, script string, m *distro.Machine) Result {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rule.sh"), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	found, err := host.OpenPlugins(dir, "")
	require.NoError(t, err)
	checks, err := Plugins(found)
	require.NoError(t, err)
	require.Len(t, checks, 1)
	for r := range Run(t.Context(), m, checks, Limits{Timeout: time.Minute}) {
		return r
	}
	return Result{}
}

func pluginMachine(t *testing.T) *distro.Machine {
	t.Helper()
	h, err := host.OpenTree(fixtures.Dir("ubuntu-24.04"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, h.Close()) })
	return distro.Detect(h, distro.Settings{})
}

func TestPluginOutcomes(t *testing.T) {
	m := pluginMachine(t)
	for _, row := range []struct {
		name, script string
		want         Status
		summary      string
		findings     []string
		err          string
	}{
		{"pass", "echo fine", Pass, "fine", []string{"note  fine"}, ""},
		{"pass with notes", "echo fine; echo 'a note'", Pass, "fine", []string{"note  a note"}, ""},
		{"warn", "echo 'hm | 1'; exit 1", Warn, "hm", []string{"warn  hm"}, ""},
		{"fail", "echo bad; echo; echo \"$IMGCHECK_ROOT/a:3: is bad\"; echo /b: too; echo /c; exit 2", Fail, "bad",
			[]string{"fail  /c", "fail /a:3 is bad", "fail /b too"}, ""},
		{"cannot tell", "echo why; echo 'and why | not'; exit 3", Error, "", nil, "why\nand why | not"},
		{"cannot tell why", "exit 3", Error, "", nil, "did not say why"},
		{"another exit code", "echo fine; exit 4", Error, "", nil, "exit code 4, which means nothing"},
		{"not found", "no-such-program-here", Error, "", nil, "exit code 127"},
		{"killed", "echo fine; kill -9 $$", Error, "", nil, "program was killed: signal: killed"},
		{"silent", "exit 0", Error, "", nil, "exit code 0 and said nothing"},
		{"a crash of its own", "echo oops >&2; exit 1", Error, "", nil, "exit code 1 and said nothing"},
		{"silent, but sure", "exit 2", Fail, "it ended with exit code 2 and said nothing of why", []string{"fail  it ended with exit code 2 and said nothing of why"}, ""},
		{"figures only", "echo '| time=1'", Error, "", nil, "said nothing"},
		{"binary", `printf '\000\377\033x\n'`, Pass, "\x00\xff\x1bx", []string{"note  \x00\xff\x1bx"}, ""},
		{"environment", `echo "$IMGCHECK_LIVE $IMGCHECK_DISTRO $IMGCHECK_RELEASE"`, Pass, "0 ubuntu 24.04", []string{"note  0 ubuntu 24.04"}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := askPlugin(t, row.script, m)
			assert.Equal(t, row.want, got.Status, "%v %v", got.Findings, got.Err)
			assert.Equal(t, row.summary, got.Summary)
			assert.Equal(t, row.findings, described(got))
			if row.err == "" {
				require.NoError(t, got.Err)
				return
			}
			require.ErrorContains(t, got.Err, row.err)
		})
	}
}

// TestPluginHostileRelease: a tree decides what it says of itself, not what a script is given.
func TestPluginHostileRelease(t *testing.T) {
	m := pluginMachine(t)
	m.OS.ID, m.OS.Version = "$(id)", "1\n2"
	assert.Equal(t, "[][]", askPlugin(t, `echo "[$IMGCHECK_DISTRO][$IMGCHECK_RELEASE]"`, m).Summary)
}

func TestPluginLinesAreBounded(t *testing.T) {
	findings, err := judgePlugin(host.Output{Stdout: []byte("sum\n" + strings.Repeat("x\n", mostLines+5)), ExitCode: 2}, "/")
	require.NoError(t, err)
	require.Len(t, findings, mostLines+2)
	assert.Equal(t, "and 5 more lines", findings[mostLines+1].Message)
}

func TestPluginNames(t *testing.T) {
	for name, id := range map[string]string{
		"rule": "x-rule", "rule.sh": "x-rule", "2-rules.py": "x-2-rules", "rule.sh~": "", "Rule.sh": "", "a_b": "", "a--b": "", "-a": "",
		"a.b.sh": "", "a ": "", "x\n": "", "a.\x1b": "", "#a#": "",
	} {
		checks, err := Plugins([]host.Plugin{{Name: name}})
		if id == "" {
			assert.ErrorContains(t, err, "makes no id", name)
			continue
		}
		if assert.NoError(t, err, name) {
			assert.Equal(t, id, checks[0].ID)
			assert.False(t, checks[0].Upstream)
		}
	}
	_, err := Plugins([]host.Plugin{{Name: "a.py"}, {Name: "a.sh"}})
	require.ErrorContains(t, err, `"a.py" and "a.sh" have the same id, x-a`)
}

// FuzzPlugin: whatever a plugin says, it gets a status that its exit code allows.
func FuzzPlugin(f *testing.F) {
	f.Add([]byte("fine\n"), 0)
	f.Add([]byte("bad|x\n/a:1: b\n"), 2)
	f.Add([]byte("\x00\xff"), 1)
	f.Add([]byte(""), 255)
	f.Fuzz(func(t *testing.T, output []byte, code int) {
		findings, err := judgePlugin(host.Output{Stdout: output, ExitCode: code}, "/tree")
		want := map[int]Status{0: Pass, 1: Warn, 2: Fail}[code]
		got := derive(findings, err)
		assert.True(t, got == want || got == Error && code != 2, "exit code %d: %s", code, got)
	})
}

// TestExamplePlugins runs the examples of the documentation over trees.
func TestExamplePlugins(t *testing.T) {
	for _, row := range []struct{ file, overlay, want string }{
		{"default-password.sh", "-- etc/myapp/app.conf --\nname = x\nadmin_password = changeme\n", "fail"},
		{"default-password.sh", "-- etc/myapp/app.conf --\nadmin_password = other\n", "pass"},
		{"default-password.sh", "-- etc/other --\n\n", "error"},
		{"unit-enabled.sh", "-- etc/systemd/system/x --\n\n", "warn"},
		{"unit-enabled.sh", "-- etc/other --\n\n", "error"},
	} {
		script, err := os.ReadFile(filepath.Join("..", "docs", "plugins", row.file))
		require.NoError(t, err)
		root := t.TempDir()
		fixtures.Lay(t, root, row.overlay)
		h, err := host.OpenTree(root)
		require.NoError(t, err)
		got := askPlugin(t, string(script), distro.Detect(h, distro.Settings{}))
		assert.Equal(t, row.want, got.Status.String(), "%s %v %v", row.file, got.Findings, got.Err)
		require.NoError(t, h.Close())
	}
	root := t.TempDir()
	wants := filepath.Join(root, "etc/systemd/system/multi-user.target.wants")
	require.NoError(t, os.MkdirAll(wants, 0o755))
	require.NoError(t, os.Symlink("/etc/systemd/system/myapp.service", filepath.Join(wants, "myapp.service")))
	h, err := host.OpenTree(root)
	require.NoError(t, err)
	script, err := os.ReadFile("../docs/plugins/unit-enabled.sh")
	require.NoError(t, err)
	assert.Equal(t, Pass, askPlugin(t, string(script), distro.Detect(h, distro.Settings{})).Status)
	require.NoError(t, h.Close())
}
