package host

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

const canary = "CANARY"

// tree is a root with a canary outside of it, in the folder ../outside.
func tree(t testing.TB) (*Root, string) {
	t.Helper()
	top := t.TempDir()
	dir := filepath.Join(top, "root")
	put(t, filepath.Join(top, "outside/file"), canary)
	put(t, filepath.Join(top, "outside/etc/passwd"), canary)
	put(t, filepath.Join(dir, "etc/passwd"), "inside")
	r, err := OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.close()) })
	return r, dir
}

func put(t testing.TB, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

func link(t testing.TB, target, name string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.Symlink(target, name))
}

func TestConfined(t *testing.T) {
	r, dir := tree(t)
	link(t, "/etc/passwd", filepath.Join(dir, "absolute"))
	link(t, "../../../../etc/passwd", filepath.Join(dir, "a/b/up"))
	link(t, "../../outside", filepath.Join(dir, "a/escape"))
	link(t, "/../../../outside/file", filepath.Join(dir, "escape"))
	link(t, filepath.Join(filepath.Dir(dir), "outside/file"), filepath.Join(dir, "named"))
	link(t, "/etc", filepath.Join(dir, "folder"))
	link(t, "nowhere", filepath.Join(dir, "dangling"))
	link(t, "self", filepath.Join(dir, "self"))
	link(t, "pong", filepath.Join(dir, "ping"))
	link(t, "ping", filepath.Join(dir, "pong"))

	for name, want := range map[string]string{
		"/etc/passwd": "inside", "etc/passwd": "inside", "//etc/./passwd": "inside",
		"/absolute": "inside", "/a/b/up": "inside", "/folder/passwd": "inside",
		"/../../../etc/passwd": "inside", "../etc/passwd": "inside",
	} {
		data, err := r.ReadFile(name, 100)
		require.NoError(t, err, name)
		assert.Equal(t, want, string(data), name)
	}
	for name, want := range map[string]error{
		"/a/escape/file": fs.ErrNotExist, "/escape": fs.ErrNotExist, "/named": fs.ErrNotExist,
		"/dangling": fs.ErrNotExist, "/absent": fs.ErrNotExist, "/etc/passwd/x": fs.ErrNotExist,
		"/self": syscall.ELOOP, "/ping": syscall.ELOOP, "/self/x": syscall.ELOOP,
		"/etc\x00": syscall.EINVAL, "/etc": ErrNotRegular, "/": ErrNotRegular,
		"/" + strings.Repeat("x", 300): syscall.ENAMETOOLONG,
	} {
		_, err := r.ReadFile(name, 100)
		require.ErrorIs(t, err, want, name)
		var named *fs.PathError
		require.ErrorAs(t, err, &named)
		assert.NotContains(t, err.Error(), dir, "the message names the path inside the tree")
	}
}

func TestLinks(t *testing.T) {
	r, dir := tree(t)
	link(t, "/etc/passwd", filepath.Join(dir, "link"))
	link(t, "/etc", filepath.Join(dir, "folder"))
	info, err := r.Lstat("/link")
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&fs.ModeSymlink)
	info, err = r.Stat("/link")
	require.NoError(t, err)
	assert.True(t, info.Mode().IsRegular())
	info, err = r.Lstat("/folder/passwd")
	require.NoError(t, err)
	assert.True(t, info.Mode().IsRegular())
	target, err := r.Readlink("/link")
	require.NoError(t, err)
	assert.Equal(t, "/etc/passwd", target)
	resolved, err := r.Resolve("/folder/new")
	require.NoError(t, err)
	assert.Equal(t, "/etc/new", resolved)
	info, err = r.Lstat("/")
	require.NoError(t, err)
	assert.True(t, info.IsDir())
	_, err = r.Readlink("/etc")
	require.Error(t, err)
}

// TestLoopBound counts as the kernel does: 40 links are followed, 41 are too many.
func TestLoopBound(t *testing.T) {
	r, dir := tree(t)
	link(t, "/etc/passwd", filepath.Join(dir, "l1"))
	for i := 2; i <= 41; i++ {
		link(t, "l"+strconv.Itoa(i-1), filepath.Join(dir, "l"+strconv.Itoa(i)))
	}
	_, err := r.ReadFile("/l40", 100)
	require.NoError(t, err)
	_, err = r.ReadFile("/l41", 100)
	require.ErrorIs(t, err, syscall.ELOOP)
}

// TestRace flips a folder and a link out of the tree while the folder is read.
func TestRace(t *testing.T) {
	r, dir := tree(t)
	link(t, filepath.Join(filepath.Dir(dir), "outside/etc"), filepath.Join(dir, "other"))
	stop := make(chan struct{})
	var flips sync.WaitGroup
	flips.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				err := unix.Renameat2(unix.AT_FDCWD, filepath.Join(dir, "etc"), unix.AT_FDCWD, filepath.Join(dir, "other"), unix.RENAME_EXCHANGE)
				assert.NoError(t, err)
			}
		}
	})
	read := 0
	for range 10_000 {
		data, err := r.ReadFile("/etc/passwd", 100)
		if err == nil {
			read++
			require.Equal(t, "inside", string(data))
		}
		entries, err := r.ReadDir("/etc")
		require.True(t, err != nil || len(entries) == 1, "%v %v", entries, err)
	}
	close(stop)
	flips.Wait()
	t.Logf("%d of 10000 reads met the folder", read)
	assert.Positive(t, read)
}

func TestSpecialFiles(t *testing.T) {
	r, dir := tree(t)
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	// A socket's path has at most 107 bytes.
	short, err := os.MkdirTemp("/tmp", "s")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(short)) })
	socket, err := net.Listen("unix", filepath.Join(short, "s"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, socket.Close()) })
	special, err := OpenRoot(short)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, special.close()) })

	within(t, func() {
		for _, open := range []func() error{
			func() error { _, err := r.ReadFile("/fifo", 10); return err },
			func() error { _, _, err := r.ReadHead("/fifo", 10); return err },
			func() error { _, err := r.Open("/fifo"); return err },
			func() error { _, err := special.ReadFile("/s", 10); return err },
		} {
			require.ErrorIs(t, open(), ErrNotRegular)
		}
		_, err := r.ReadDir("/fifo")
		require.ErrorIs(t, err, ErrNotFolder)
	})
	if syscall.Mknod(filepath.Join(dir, "null"), syscall.S_IFCHR|0o600, 1<<8|3) != nil {
		t.Log("devices not tried: they need root")
		return
	}
	_, err = r.ReadFile("/null", 10)
	require.ErrorIs(t, err, ErrNotRegular)
}

// within fails the test where f blocks.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("blocked")
	}
}

func TestReadBounds(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "ten"), "0123456789")
	data, err := r.ReadFile("/ten", 10)
	require.NoError(t, err)
	assert.Len(t, data, 10)
	_, err = r.ReadFile("/ten", 9)
	require.ErrorIs(t, err, ErrTooLarge)
	head, whole, err := r.ReadHead("/ten", 4)
	require.NoError(t, err)
	assert.Equal(t, "0123", string(head))
	assert.False(t, whole)
	head, whole, err = r.ReadHead("/ten", 11)
	require.NoError(t, err)
	assert.Len(t, head, 10)
	assert.True(t, whole)

	require.NoError(t, os.Truncate(filepath.Join(dir, "ten"), 2<<30)) // sparse
	start := time.Now()
	_, err = r.ReadFile("/ten", 1<<20)
	require.ErrorIs(t, err, ErrTooLarge)
	assert.Less(t, time.Since(start), 5*time.Second)
}
