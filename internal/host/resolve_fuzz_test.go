package host

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// FuzzResolve builds a farm of folders and links, and holds what resolution says
// of a path against the kernel's own (openat2, RESOLVE_IN_ROOT).
func FuzzResolve(f *testing.F) {
	f.Add([]byte("a\x00../b\x01/c"), "a/b")
	f.Add([]byte("/..\x00../../outside\x00/outside/file"), "a/../b/../../outside/file")
	f.Add([]byte("b\x00c\x00a"), "a/file")
	f.Fuzz(func(t *testing.T, farm []byte, name string) {
		r, dir := tree(t)
		plant(t, dir, farm)
		got, err := r.Resolve(name)
		if err != nil {
			return
		}
		requireNoLinks(t, dir, got)
		if data, err := r.ReadFile(name, 100); err == nil && strings.Contains(string(data), canary) {
			t.Fatalf("%q leads outside", name)
		}
		if want, ok := kernelResolve(t, dir, filepath.Clean("/"+name)); ok && want != got {
			t.Fatalf("%q: the kernel says %q, we say %q", name, want, got)
		}
	})
}

// plant makes the links a to h, in / and in folders, to what the bytes say.
func plant(t *testing.T, dir string, farm []byte) {
	t.Helper()
	const letters = "abcdefgh"
	for i, target := range strings.Split(string(farm), "\x00") {
		if i == len(letters) || target == "" || len(target) > 100 {
			return
		}
		name := letters[i : i+1]
		if i%3 == 2 { // some deeper
			name = "deep/" + name
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "deep"), 0o755))
		}
		require.NoError(t, os.Symlink(target, filepath.Join(dir, name)))
	}
}

func requireNoLinks(t *testing.T, dir, resolved string) {
	t.Helper()
	full := dir
	for part := range strings.SplitSeq(strings.Trim(resolved, "/"), "/") {
		if part == ".." {
			t.Fatalf("%q holds ..", resolved)
		}
		full = filepath.Join(full, part)
		if info, err := os.Lstat(full); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			t.Fatalf("%q still holds a link", resolved)
		}
	}
}

func kernelResolve(t *testing.T, dir, name string) (string, bool) {
	t.Helper()
	root, err := unix.Open(dir, unix.O_PATH|unix.O_CLOEXEC, 0)
	require.NoError(t, err)
	defer func() { require.NoError(t, unix.Close(root)) }()
	fd, err := unix.Openat2(root, name, &unix.OpenHow{Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_IN_ROOT})
	if err != nil {
		return "", false
	}
	defer func() { require.NoError(t, unix.Close(fd)) }()
	full, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
	require.NoError(t, err)
	rel, err := filepath.Rel(dir, full)
	require.NoError(t, err)
	return filepath.Join("/", rel), true
}
