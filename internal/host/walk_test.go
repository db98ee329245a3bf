package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func walked(t *testing.T, r *Root, dir string) ([]string, error) {
	t.Helper()
	var paths []string
	err := r.Walk(context.Background(), dir, func(e Entry) error {
		paths = append(paths, e.Path)
		return nil
	})
	return paths, err
}

func TestWalk(t *testing.T) {
	r, dir := tree(t)
	for _, name := range []string{"log/b/2", "log/b/1", "log/a.log", "log/c\nd", "log/\xff\xfe", "log/\x1b[31m"} {
		put(t, filepath.Join(dir, name), "x")
	}
	link(t, "/etc", filepath.Join(dir, "log/link"))
	link(t, "/log", filepath.Join(dir, "logs"))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "log/fifo"), 0o600))
	paths, err := walked(t, r, "/log")
	require.NoError(t, err)
	assert.Equal(t, []string{
		"/log/\x1b[31m", "/log/a.log", "/log/b", "/log/b/1", "/log/b/2", "/log/c\nd", "/log/fifo", "/log/link", "/log/\xff\xfe",
	}, paths)

	// A folder that is a link is walked under the name that was asked for.
	paths, err = walked(t, r, "/logs")
	require.NoError(t, err)
	assert.Contains(t, paths, "/logs/b/1")
	for _, name := range []string{"/absent", "/log/link/absent"} {
		_, err = walked(t, r, name)
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	_, err = walked(t, r, "/log/a.log")
	require.Error(t, err)
}

func TestWalkEnds(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "log/a/1"), "x")
	put(t, filepath.Join(dir, "log/b/2"), "x")
	var seen []string
	err := r.Walk(context.Background(), "/log", func(e Entry) error {
		seen = append(seen, e.Path)
		if e.Path == "/log/a" {
			return fs.SkipDir
		}
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"/log/a", "/log/b", "/log/b/2"}, seen)

	mine := errors.New("mine")
	require.ErrorIs(t, r.Walk(context.Background(), "/log", func(Entry) error { return mine }), mine)

	ctx, stop := context.WithCancel(context.Background())
	err = r.Walk(ctx, "/log", func(Entry) error { stop(); return nil })
	require.ErrorIs(t, err, context.Canceled)
}

// TestWalkUnreadable: the rest is walked, and the folder is named.
func TestWalkUnreadable(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "log/a/1"), "x")
	put(t, filepath.Join(dir, "log/b/2"), "x")
	require.NoError(t, os.Chmod(filepath.Join(dir, "log/a"), 0))
	t.Cleanup(func() { require.NoError(t, os.Chmod(filepath.Join(dir, "log/a"), 0o755)) })
	var paths []string
	var err error
	asNobody(t, dir, func() { paths, err = walked(t, r, "/log") })
	require.ErrorIs(t, err, fs.ErrPermission)
	require.ErrorContains(t, err, "/log/a")
	assert.Equal(t, []string{"/log/a", "/log/b", "/log/b/2"}, paths)
}

// TestWalkVanished: what is gone before it was looked at is not there.
func TestWalkVanished(t *testing.T) {
	r, dir := tree(t)
	for _, name := range []string{"log/a", "log/b/x", "log/c/x"} {
		put(t, filepath.Join(dir, name), "x")
	}
	var seen []string
	err := r.Walk(context.Background(), "/log", func(e Entry) error {
		seen = append(seen, e.Path)
		if e.Path == "/log/b" {
			return os.RemoveAll(filepath.Join(dir, "log/b"))
		}
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"/log/a", "/log/b", "/log/c", "/log/c/x"}, seen)
}

func TestGlob(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "etc/a.d/1.conf"), "x")
	put(t, filepath.Join(dir, "etc/b.d/2.conf"), "x")
	put(t, filepath.Join(dir, "etc/b.d/.hidden.conf"), "x")
	link(t, "/etc/a.d", filepath.Join(dir, "etc/c.d"))
	link(t, "../../outside", filepath.Join(dir, "etc/out.d"))
	link(t, "nowhere", filepath.Join(dir, "etc/b.d/dangling.conf"))
	for pattern, want := range map[string][]string{
		"/etc/*.d/*.conf": {"/etc/a.d/1.conf", "/etc/b.d/.hidden.conf", "/etc/b.d/2.conf", "/etc/b.d/dangling.conf", "/etc/c.d/1.conf"},
		"/etc/passwd":     {"/etc/passwd"},
		"/etc/passwd/*":   nil,
		"/absent/*":       nil,
		"/etc/*.d/file":   nil,
		"/*/passwd":       {"/etc/passwd"},
		"/e[t]c/pass?d":   {"/etc/passwd"},
		"../etc/passwd":   {"/etc/passwd"},
	} {
		got, err := r.Glob(pattern)
		require.NoError(t, err, pattern)
		assert.Equal(t, want, got, pattern)
	}
	_, err := r.Glob("/etc/[")
	require.Error(t, err)
}

func TestGlobUnreadable(t *testing.T) {
	r, dir := tree(t)
	require.NoError(t, os.Chmod(filepath.Join(dir, "etc"), 0))
	t.Cleanup(func() { require.NoError(t, os.Chmod(filepath.Join(dir, "etc"), 0o755)) })
	var err error
	asNobody(t, dir, func() { _, err = r.Glob("/etc/*") })
	require.ErrorIs(t, err, fs.ErrPermission)
	require.ErrorContains(t, err, "/etc")
}

// asNobody runs f without root's right to read everything.
func asNobody(t *testing.T, dir string, f func()) {
	t.Helper()
	// Above the folder of t.TempDir lies one that only its owner may pass.
	require.NoError(t, os.Chmod(filepath.Join(dir, "../.."), 0o755))
	if !Privileged() {
		f()
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	_, err := unix.SetfsuidRetUid(65534)
	require.NoError(t, err)
	f()
	_, err = unix.SetfsuidRetUid(0)
	require.NoError(t, err)
}
