package host

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func contents(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(data)
}

// TestChangesStopAtTheLink: of a link in the last place the link is changed or nothing;
// links on the way there stay inside the tree.
func TestChangesStopAtTheLink(t *testing.T) {
	r, dir := tree(t)
	outside := filepath.Join(t.TempDir(), "outside")
	put(t, outside, "alive")
	put(t, filepath.Join(dir, "etc/shadow"), "root:*")
	link(t, outside, filepath.Join(dir, "out"))
	link(t, "/etc/shadow", filepath.Join(dir, "history"))
	link(t, "/", filepath.Join(dir, "self"))

	for _, name := range []string{"/out", "/history"} {
		assert.ErrorIs(t, r.Truncate(At(name)), ErrNotRegular, name)
		assert.ErrorIs(t, r.Chmod(At(name), 0o777), ErrNotRegular, name)
		assert.ErrorIs(t, r.WriteFile(At(name), []byte("x"), 0o600), ErrNotRegular, name)
		require.NoError(t, r.Remove(At(name)), name)
		_, err := os.Lstat(filepath.Join(dir, name))
		assert.ErrorIs(t, err, os.ErrNotExist, name)
	}
	assert.Equal(t, "alive", contents(t, outside))
	assert.Equal(t, "root:*", contents(t, filepath.Join(dir, "etc/shadow")))
	require.NoError(t, r.Truncate(At("/self/self/etc/shadow")))
	assert.Empty(t, contents(t, filepath.Join(dir, "etc/shadow")))
}

func TestChangesThatAreRefused(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "one"), "shared")
	require.NoError(t, os.Link(filepath.Join(dir, "one"), filepath.Join(dir, "two")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	put(t, filepath.Join(dir, "full/file"), "x")

	assert.ErrorIs(t, r.Truncate(At("/one")), ErrLinked)
	assert.ErrorIs(t, r.Chmod(At("/two"), 0o777), ErrLinked)
	assert.ErrorIs(t, r.WriteFile(At("/two"), []byte("x"), 0o600), ErrLinked)
	assert.ErrorIs(t, r.Overwrite(context.Background(), At("/two")), ErrLinked)
	within(t, func() { assert.ErrorIs(t, r.Truncate(At("/fifo")), ErrNotRegular) })
	assert.ErrorIs(t, r.Truncate(At("/full")), ErrNotRegular)
	assert.ErrorIs(t, r.Remove(At("/gone")), os.ErrNotExist)
	assert.ErrorIs(t, r.Remove(At("/full")), ErrChanged)
	assert.ErrorIs(t, r.RemoveFolder(At("/full")), ErrNotEmpty)
	assert.ErrorIs(t, r.RemoveFolder(At("/full/file")), ErrChanged)
	assert.ErrorIs(t, r.Remove(At("/full/file/below")), ErrChanged)
	assert.Equal(t, "shared", contents(t, filepath.Join(dir, "two")))

	require.NoError(t, r.Remove(At("/one")), "it loses this name only")
	require.NoError(t, r.Remove(At("/fifo")))
	assert.Equal(t, "shared", contents(t, filepath.Join(dir, "two")))
	require.NoError(t, r.Remove(At("/full/file")))
	require.NoError(t, r.RemoveFolder(At("/full")))
	assert.NoDirExists(t, filepath.Join(dir, "full"))
}

// TestFifosAreNotOpened: who reads from one would see a writer come and go.
func TestFifosAreNotOpened(t *testing.T) {
	r, dir := tree(t)
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	reader, err := unix.Open(filepath.Join(dir, "fifo"), unix.O_RDONLY|unix.O_NONBLOCK, 0)
	require.NoError(t, err)
	defer shut(reader)
	require.ErrorIs(t, r.Truncate(At("/fifo")), ErrNotRegular)
	require.ErrorIs(t, r.WriteFile(At("/fifo"), []byte("x"), 0o600), ErrNotRegular)
	polled := []unix.PollFd{{Fd: int32(reader), Events: unix.POLLIN}}
	n, err := unix.Poll(polled, 0)
	require.NoError(t, err)
	assert.Zero(t, n)
}

// TestPlaces: what is no place below its top is refused before anything is looked at.
func TestPlaces(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "home/user/file"), "x")
	put(t, filepath.Join(dir, "home/user2/file"), "x")
	link(t, "../user2", filepath.Join(dir, "home/user/neighbour"))
	link(t, "/home/user", filepath.Join(dir, "home/link"))
	link(t, ".", filepath.Join(dir, "home/user/here"))
	for _, row := range []struct {
		top, path string
		want      error
	}{
		{"/home/user", "/home/user/file", nil},
		{"/home/user/", "/home//user/./file", nil},
		{"/", "/home/user/file", nil},
		{"/home/link", "/home/link/file", nil},
		{"/home/user/here", "/home/user/here/file", nil},
		{"/home", "/home/link/file", ErrChanged},
		{"/home/user", "/home/user/neighbour/file", ErrChanged},
		{"/home/user", "/home/user/here/file", ErrChanged},
		{"/home/user", "/home/user/file/file", ErrChanged},
		{"/home/user", "/home/user/absent/file", os.ErrNotExist},
		{"/home/absent", "/home/absent/file", os.ErrNotExist},
		{"/home/user", "/home/user2/file", ErrForbidden},
		{"/home/user", "/home/user", ErrForbidden},
		{"/home/user", "/home/user/", ErrForbidden},
		{"/home/user", "/home", ErrForbidden},
		{"/home/user", "/home/user/../user2/file", ErrForbidden},
		{"/home/user/..", "/home/user2/file", ErrForbidden},
		{"/home/user", "/home/user/..", ErrForbidden},
		{"/home/user", "/home/user/file\x00", ErrForbidden},
		{"/home/user\x00", "/home/user/file", ErrForbidden},
		{"home/user", "home/user/file", ErrForbidden},
		{"", "/home/user/file", ErrForbidden},
		{"/home/user", "", ErrForbidden},
		{"/", "/", ErrForbidden},
		{".", ".", ErrForbidden},
		{"/home/user", "/home/user/" + strings.Repeat("x", 256), syscall.ENAMETOOLONG},
		{"/home/user", "/home/user/" + strings.Repeat("x", 256) + "/y", syscall.ENAMETOOLONG},
	} {
		at := Place{Top: row.top, Path: row.path}
		_, err := lookAt(r, at)
		require.ErrorIs(t, err, row.want, "%q", at)
		for range 2 { // the second time, the folder may be at hand
			require.ErrorIs(t, r.Overwrite(context.Background(), at), row.want, "%q", at)
			require.ErrorIs(t, r.OverwriteAll(context.Background(), []Place{at})[0], row.want, "%q", at)
		}
		if row.want != nil {
			require.ErrorIs(t, r.Remove(at), row.want, "%q", at)
			require.ErrorIs(t, r.RemoveFolder(at), row.want, "%q", at)
			var named *os.PathError
			require.ErrorAs(t, r.Remove(at), &named)
			assert.Equal(t, row.path, named.Path, "the message names the path that was asked for")
		}
	}
	for _, name := range []string{"", "/", ".", "..", "/..", "/etc/../one", "../canary"} {
		assert.ErrorIs(t, r.Remove(At(name)), ErrForbidden, "%q", name)
	}
}

// TestHostileNames: names are bytes, and nothing in them is special.
func TestHostileNames(t *testing.T) {
	r, dir := tree(t)
	ctx := context.Background()
	for _, name := range []string{
		"a\nb", "\x1b[31m", "\xff\xfe", "x (deleted)", "(unreachable)", "*", "\\", " ", "-rf", ".imgcheck-", "\u202egol",
		strings.Repeat("n", 255), tempPrefix + strings.Repeat("n", 245),
	} {
		at := Place{Top: "/tmp", Path: "/tmp/" + name + "/" + name}
		put(t, filepath.Join(dir, at.Path), "secret")
		info, err := lookAt(r, at)
		require.NoError(t, err, "%q", name)
		assert.Equal(t, name, info.Info.Name())
		require.NoError(t, r.Overwrite(ctx, at), "%q", name)
		assert.Equal(t, strings.Repeat("\x00", 6), contents(t, filepath.Join(dir, at.Path)), "%q", name)
		require.NoError(t, r.WriteFile(at, []byte("new"), 0o600), "%q", name)
		assert.Equal(t, "new", contents(t, filepath.Join(dir, at.Path)), "%q", name)
		require.NoError(t, r.Truncate(at), "%q", name)
		require.NoError(t, r.Remove(at), "%q", name)
		require.NoError(t, r.RemoveFolder(Place{Top: "/tmp", Path: "/tmp/" + name}), "%q", name)
	}
	left, err := os.ReadDir(filepath.Join(dir, "tmp"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestLook tells of each thing what os.Lstat tells.
func TestLook(t *testing.T) {
	r, dir := tree(t)
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "etc/fifo"), 0o600))
	link(t, "passwd", filepath.Join(dir, "etc/link"))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "etc/folder"), 0o700))
	require.NoError(t, os.Chmod(filepath.Join(dir, "etc/folder"), 0o755|os.ModeSticky|os.ModeSetgid))
	require.NoError(t, os.Chmod(filepath.Join(dir, "etc/passwd"), 0o640|os.ModeSetuid))
	for _, name := range []string{"fifo", "link", "folder", "passwd"} {
		got, err := lookAt(r, At("/etc/"+name))
		require.NoError(t, err)
		want, err := os.Lstat(filepath.Join(dir, "etc", name))
		require.NoError(t, err)
		assert.Equal(t, name, got.Info.Name())
		assert.Equal(t, want.Mode(), got.Info.Mode(), name)
		assert.Equal(t, want.Size(), got.Info.Size(), name)
		assert.Equal(t, want.ModTime(), got.Info.ModTime(), name)
		assert.Equal(t, want.IsDir(), got.Info.IsDir(), name)
		assert.False(t, got.Mount)
		stat, ok := want.Sys().(*syscall.Stat_t)
		require.True(t, ok)
		before, err := lookBefore(r.top, "etc/"+name, unix.AT_SYMLINK_NOFOLLOW)
		require.NoError(t, err)
		for _, sys := range []any{got.Info.Sys(), before.Sys()} {
			have, ok := sys.(*syscall.Stat_t)
			require.True(t, ok)
			have.Atim = stat.Atim // a look may change it
			assert.Equal(t, stat, have, name)
		}
	}
}

// lookAt is Look at one place.
func lookAt(r *Root, at Place) (Entry, error) {
	seen, errs := r.Look([]Place{at})
	return seen[0], errs[0]
}
