package host

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pluginDir returns a folder that only the user of the test can write.
func pluginDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

func writePlugin(t *testing.T, dir, name, text string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	require.NoError(t, os.Chmod(file, mode))
	return file
}

func openOwn(dir string) ([]Plugin, error) { return openPlugins(dir, keeper(os.Getuid())) }

func runPlugin(t *testing.T, text string, within time.Duration) (Output, error) {
	t.Helper()
	dir := pluginDir(t)
	writePlugin(t, dir, "rule.sh", text, 0o755)
	found, err := openOwn(dir)
	require.NoError(t, err)
	require.Len(t, found, 1)
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	return found[0].Run(ctx, []string{"IMGCHECK_ROOT=/tree"})
}

func TestPluginRuns(t *testing.T) {
	t.Setenv("SECRET", "x")
	out, err := runPlugin(t, "#!/bin/sh\n/usr/bin/env; pwd; cat; exit 4\n", 10*time.Second)
	require.NoError(t, err, "an exit code is data")
	assert.Equal(t, 4, out.ExitCode)
	text := string(out.Stdout)
	for _, want := range []string{pathVariable, "LC_ALL=C", "IMGCHECK_ROOT=/tree"} {
		assert.Contains(t, text, want+"\n")
	}
	assert.NotContains(t, text, "SECRET")
	assert.NotContains(t, text, "HOME=")
	assert.True(t, strings.HasSuffix(text, "\n/\n"), text)
}

func TestPluginGivesNoAnswer(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       error
	}{
		{"killed by a signal", "#!/bin/sh\nkill -SEGV $$\n", ErrKilled},
		{"hangs", "#!/bin/sh\nsleep 60\n", ErrTimeout},
		{"floods", "#!/bin/sh\nwhile :; do echo 0123456789012345678901234567890123456789; done\n", ErrFlood},
		{"floods its standard error", "#!/bin/sh\nwhile :; do echo 0123456789012345678901234567890123456789 >&2; done\n", ErrFlood},
		{"leaves a process that holds its output", "#!/bin/sh\necho fine\nsleep 60 &\n", ErrLeftBehind},
		{"no interpreter", "#!/no/such/interpreter\n", ErrNoInterpreter},
		{"no format", "echo fine\n", ErrNoFormat},
		{"empty", "", ErrNoFormat},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			within := 20 * time.Second
			if row.want == ErrTimeout { //nolint:errorlint // the row's own value
				within = 200 * time.Millisecond
			}
			out, err := runPlugin(t, row.text, within)
			require.ErrorIs(t, err, row.want)
			assert.LessOrEqual(t, len(out.Stdout), pluginBound)
		})
	}
}

// TestPluginGroupEnds: what a plugin has started does not outlive it, whether it heeds
// SIGTERM or not, and whether the plugin was ended or ended itself.
func TestPluginGroupEnds(t *testing.T) {
	for name, last := range map[string]string{"ended": "wait", "ends": "exit 0"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			noted := filepath.Join(t.TempDir(), "pid")
			script := "#!/bin/sh\nsh -c 'trap \"\" TERM; echo $$ >" + noted + ".new; mv " + noted + ".new " + noted +
				"; while :; do sleep 0.1; done' >/dev/null 2>&1 &\nwhile [ ! -e " + noted + " ]; do sleep 0.05; done\n" + last + "\n"
			_, err := runPlugin(t, script, 3*time.Second)
			if last == "wait" {
				require.ErrorIs(t, err, ErrTimeout)
			} else {
				require.NoError(t, err)
			}
			data, err := os.ReadFile(noted)
			require.NoError(t, err)
			pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
			require.NoError(t, err)
			assert.Eventually(t, func() bool { return hasEnded(pid) }, 5*time.Second, 20*time.Millisecond)
		})
	}
}

// hasEnded reports whether a process has ended; nobody may have reaped it yet.
func hasEnded(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestPluginIsBusyOrSwapped(t *testing.T) {
	dir := pluginDir(t)
	file := writePlugin(t, dir, "rule.sh", "#!/bin/sh\necho fine\n", 0o755)
	found, err := openOwn(dir)
	require.NoError(t, err)
	writer, err := os.OpenFile(file, os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = found[0].Run(t.Context(), nil)
	require.ErrorIs(t, err, ErrBusy)
	require.NoError(t, writer.Close())
	writePlugin(t, dir, "other", "#!/bin/sh\necho evil\n", 0o755)
	require.NoError(t, os.Rename(filepath.Join(dir, "other"), file))
	_, err = found[0].Run(t.Context(), nil)
	require.ErrorIs(t, err, ErrSwapped)
	require.NoError(t, os.Remove(file))
	_, err = found[0].Run(t.Context(), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}

// TestPluginsOfFolder: what is a plugin, what is passed over, and what is refused.
func TestPluginsOfFolder(t *testing.T) {
	const text = "#!/bin/sh\n"
	for _, row := range []struct {
		name string
		lay  func(t *testing.T, dir string)
		want []string
		err  string
	}{
		{"nothing", func(*testing.T, string) {}, nil, ""},
		{"sorted, with what is passed over", func(t *testing.T, dir string) {
			writePlugin(t, dir, "b", text, 0o755)
			writePlugin(t, dir, "a.sh", text, 0o700)
			writePlugin(t, dir, "README", text, 0o644)
			writePlugin(t, dir, "notes.md", text, 0o644)
			writePlugin(t, dir, ".a.sh.swp", text, 0o755)
			require.NoError(t, os.Mkdir(filepath.Join(dir, "lib"), 0o755))
		}, []string{"a.sh", "b"}, ""},
		{"not executable", func(t *testing.T, dir string) { writePlugin(t, dir, "a.sh", text, 0o644) }, nil, "is not executable"},
		{"a pipe", func(t *testing.T, dir string) { require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "a"), 0o755)) }, nil, "not a regular file"},
		{"the group can write it", func(t *testing.T, dir string) { writePlugin(t, dir, "a.sh", text, 0o775) }, nil, `a.sh" can be written by others`},
		{"all can write it", func(t *testing.T, dir string) { writePlugin(t, dir, "a.sh", text, 0o757) }, nil, `a.sh" can be written by others`},
		{"all can write it, sticky", func(t *testing.T, dir string) {
			writePlugin(t, dir, "a.sh", text, 0o757|os.ModeSticky)
		}, nil, `a.sh" can be written by others`},
		{"all can write the folder", func(t *testing.T, dir string) { require.NoError(t, os.Chmod(dir, 0o777)) }, nil, "can be written by others"},
		{"all can add to the folder", func(t *testing.T, dir string) {
			require.NoError(t, os.Chmod(dir, 0o777|os.ModeSticky))
		}, nil, "can be written by others"},
		{"a link", func(t *testing.T, dir string) {
			other := pluginDir(t)
			writePlugin(t, other, "target", text, 0o755)
			require.NoError(t, os.Symlink(other+"/../"+filepath.Base(other)+"/target", filepath.Join(dir, "a.sh")))
		}, []string{"a.sh"}, ""},
		{"a link to where all can write", func(t *testing.T, dir string) {
			other := pluginDir(t)
			writePlugin(t, other, "target", text, 0o755)
			require.NoError(t, os.Chmod(other, 0o777))
			require.NoError(t, os.Symlink(filepath.Join(other, "target"), filepath.Join(dir, "a.sh")))
		}, nil, "can be written by others"},
		{"a link to nothing", func(t *testing.T, dir string) {
			require.NoError(t, os.Symlink("gone", filepath.Join(dir, "a.sh")))
		}, nil, "no such file"},
		{"a link to itself", func(t *testing.T, dir string) {
			require.NoError(t, os.Symlink("a.sh", filepath.Join(dir, "a.sh")))
		}, nil, "too many levels"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := pluginDir(t)
			row.lay(t, dir)
			found, err := openOwn(dir)
			if row.err != "" {
				require.ErrorContains(t, err, row.err)
				return
			}
			require.NoError(t, err)
			var names []string
			for _, p := range found {
				names = append(names, p.Name)
			}
			assert.Equal(t, row.want, names)
		})
	}
}

// TestPluginsBehindOpenFolder: whoever can write a folder on the way decides where the
// path leads, also by a link in it.
func TestPluginsBehindOpenFolder(t *testing.T) {
	top := pluginDir(t)
	open, dir := filepath.Join(top, "open"), filepath.Join(top, "open", "checks.d")
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.Chmod(open, 0o777))
	_, err := openOwn(dir)
	require.ErrorAs(t, err, &Untrusted{})
	require.NoError(t, os.Symlink(pluginDir(t), filepath.Join(open, "link")))
	_, err = openOwn(filepath.Join(open, "link"))
	require.ErrorAs(t, err, &Untrusted{})
	_, err = openPlugins(dir, anyone)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(open, 0o777|os.ModeSticky))
	_, err = openOwn(dir)
	require.NoError(t, err, "in a sticky folder others can move nothing of ours")
}

// TestPluginsInTree: nothing of the tree is run, whatever it is called.
func TestPluginsInTree(t *testing.T) {
	tree := pluginDir(t)
	dir := filepath.Join(tree, "checks.d")
	require.NoError(t, os.Mkdir(dir, 0o755))
	writePlugin(t, dir, "a.sh", "#!/bin/sh\n", 0o755)
	link := filepath.Join(pluginDir(t), "image")
	require.NoError(t, os.Symlink(tree, link))
	for _, name := range []string{tree, link} {
		_, err := OpenPlugins(dir, name)
		require.ErrorContains(t, err, "lies in the tree", name)
	}
	for _, name := range []string{"", "/", t.TempDir()} {
		_, err := OpenPlugins(dir, name)
		require.NoError(t, err, name)
	}
}

// TestPluginsOfOthers needs root: only root can give a file away.
func TestPluginsOfOthers(t *testing.T) {
	if !Privileged() {
		t.Skip("only root can give a file away")
	}
	dir := pluginDir(t)
	file := writePlugin(t, dir, "a.sh", "#!/bin/sh\n", 0o755)
	require.NoError(t, os.Chown(file, 12345, 0))
	_, err := OpenPlugins(dir, "")
	require.ErrorContains(t, err, "belongs to the user with the id 12345")
	require.NoError(t, os.Chown(file, 0, 0))
	require.NoError(t, os.Chown(dir, 12345, 0))
	_, err = OpenPlugins(dir, "")
	require.ErrorContains(t, err, "belongs to the user with the id 12345")
	sticky := filepath.Join(pluginDir(t), "sticky")
	require.NoError(t, os.Mkdir(sticky, 0o755))
	require.NoError(t, os.Chmod(sticky, 0o777|os.ModeSticky))
	link := filepath.Join(sticky, "link")
	require.NoError(t, os.Symlink(pluginDir(t), link))
	require.NoError(t, os.Lchown(link, 12345, 0))
	_, err = OpenPlugins(link, "")
	require.ErrorContains(t, err, "belongs to the user with the id 12345")
}
