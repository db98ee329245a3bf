package host

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// FuzzPlace builds a farm of folders and links, and holds where a change would be made
// against the kernel's own resolution: chroot-style to the top (RESOLVE_IN_ROOT), from
// there without a link (RESOLVE_NO_SYMLINKS). Then changes are made.
func FuzzPlace(f *testing.F) {
	f.Add([]byte("etc\x00../b\x01/c"), "/a", "/a/passwd")
	f.Add([]byte("/..\x00../../outside\x00/outside/file"), "/", "/a/b/file")
	f.Add([]byte("b\x00etc"), "/a", "/a/a/passwd")
	f.Add([]byte("/etc/passwd"), "/", "/a")
	f.Fuzz(func(t *testing.T, farm []byte, top, name string) {
		r, dir := tree(t)
		plant(t, dir, farm)
		put(t, filepath.Join(dir, "file"), "x")
		at := Place{Top: top, Path: name}
		e, err := lookAt(r, at)
		if _, wrong := at.below(); wrong != nil {
			require.ErrorIs(t, err, ErrForbidden)
		} else if want, ok := kernelPlace(t, dir, at); ok != (err == nil) {
			t.Fatalf("%q: the kernel finds it: %v, we say %v", at, ok, err)
		} else if ok {
			stat, isStat := e.Info.Sys().(*syscall.Stat_t)
			require.True(t, isStat)
			require.Equal(t, want, stat.Ino, "%q", at)
		}
		for _, err := range []error{
			r.Overwrite(context.Background(), at), r.WriteFile(at, []byte("new"), 0o600), r.Truncate(at), r.Remove(at), r.RemoveFolder(at),
		} {
			var named *os.PathError
			require.True(t, err == nil || errors.As(err, &named))
		}
		requireCanaries(t, dir)
	})
}

func requireCanaries(t *testing.T, dir string) {
	t.Helper()
	outside := filepath.Join(filepath.Dir(dir), "outside")
	require.Equal(t, canary, contents(t, filepath.Join(outside, "file")))
	require.Equal(t, canary, contents(t, filepath.Join(outside, "etc/passwd")))
	for folder, count := range map[string]int{outside: 2, filepath.Join(outside, "etc"): 1} {
		entries, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Len(t, entries, count)
	}
}

// kernelPlace returns the inode that the kernel finds at a place.
func kernelPlace(t *testing.T, dir string, at Place) (uint64, bool) {
	t.Helper()
	root, err := unix.Open(dir, unix.O_PATH|unix.O_CLOEXEC, 0)
	require.NoError(t, err)
	defer shut(root)
	top, err := unix.Openat2(root, path.Clean(at.Top), &unix.OpenHow{
		Flags: unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC, Resolve: unix.RESOLVE_IN_ROOT,
	})
	if err != nil {
		return 0, false
	}
	defer shut(top)
	below, err := at.below()
	require.NoError(t, err)
	fd, err := unix.Openat2(top, strings.Join(below, "/"), &unix.OpenHow{
		Flags: unix.O_PATH | unix.O_NOFOLLOW | unix.O_CLOEXEC, Resolve: unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_BENEATH,
	})
	if err != nil {
		return 0, false
	}
	defer shut(fd)
	var stat unix.Stat_t
	require.NoError(t, unix.Fstat(fd, &stat))
	return stat.Ino, true
}

// TestDescend: the two ways down agree.
func TestDescend(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "a/b/c/file"), "x")
	link(t, "b", filepath.Join(dir, "a/link"))
	for _, name := range []string{"a", "a/b", "a/b/c", "a/link", "a/link/c", "a/b/c/file", "a/b/c/file/x", "a/absent", "a/absent/b"} {
		names := strings.Split(name, "/")
		var inodes []uint64
		var errs []error
		for _, open := range []func(int, []string) (int, error){openAtOnce, openOneByOne} {
			fd, err := open(r.top, names)
			errs = append(errs, err)
			if err == nil {
				found, err := look(fd, "")
				require.NoError(t, err)
				inodes = append(inodes, found.stat.Ino)
				shut(fd)
			}
		}
		require.Equal(t, errs[0], errs[1], name)
		require.True(t, len(inodes) == 0 || inodes[0] == inodes[1], name)
	}
	long := strings.Split(strings.Repeat("x/", 3000)+"x", "/")
	require.Equal(t, 2048, fitting(long))
	require.Equal(t, 1, fitting([]string{strings.Repeat("x", 5000), "y"}))
}
