package host

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	assert.Equal(t, "root", contents(t, filepath.Join(dir, "etc/shadow")))
}

func TestChangesThatAreRefused(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "one"), "shared")
	require.NoError(t, os.Link(filepath.Join(dir, "one"), filepath.Join(dir, "two")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	put(t, filepath.Join(dir, "full/file"), "x")

	for _, name := range []string{"", "/", ".", "..", "/..", "/full/../one", "../canary"} {
		assert.ErrorIs(t, r.Remove(At(name)), ErrForbidden, "%q", name)
		assert.ErrorIs(t, r.Truncate(At(name)), ErrForbidden, "%q", name)
	}
	assert.ErrorIs(t, r.Truncate(At("/one")), ErrLinked)
	assert.ErrorIs(t, r.Chmod(At("/two"), 0o777), ErrLinked)
	assert.ErrorIs(t, r.Truncate(At("/fifo")), ErrNotRegular)
	assert.ErrorIs(t, r.Truncate(At("/full")), ErrNotRegular)
	assert.ErrorIs(t, r.Remove(At("/gone")), os.ErrNotExist)
	assert.ErrorIs(t, r.Remove(At("/full")), syscall.ENOTEMPTY)
	assert.Equal(t, "shared", contents(t, filepath.Join(dir, "two")))

	require.NoError(t, r.Remove(At("/one")), "it loses this name only")
	require.NoError(t, r.Remove(At("/fifo")))
	assert.Equal(t, "shared", contents(t, filepath.Join(dir, "two")))
}

// TestMountIsNotCrossed: /proc is another file system on every Linux machine.
func TestMountIsNotCrossed(t *testing.T) {
	r, err := OpenRoot("/")
	require.NoError(t, err)
	defer func() { require.NoError(t, r.close()) }()
	assert.ErrorIs(t, r.Remove(At("/proc")), ErrMount)
}

func TestWriteFileReplacesAtOnce(t *testing.T) {
	r, dir := tree(t)
	file := filepath.Join(dir, "etc/conf")
	put(t, file, "old")
	require.NoError(t, os.Chmod(file, 0o640))
	before, err := os.Open(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, before.Close()) }()

	require.NoError(t, r.WriteFile(At("/etc/conf"), []byte("new"), 0o600))
	assert.Equal(t, "new", contents(t, file))
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode().Perm(), "an existing file keeps its permissions")
	old := make([]byte, 8)
	n, err := before.Read(old)
	require.NoError(t, err)
	assert.Equal(t, "old", string(old[:n]), "who has it open still reads the old contents")

	require.NoError(t, r.WriteFile(At("/etc/made"), []byte("made"), 0o604))
	info, err = os.Stat(filepath.Join(dir, "etc/made"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o604), info.Mode().Perm())
	require.NoError(t, r.Chmod(At("/etc/made"), 0o600))

	require.ErrorIs(t, r.WriteFile(At("/no/such/folder"), nil, 0o600), os.ErrNotExist)
	entries, err := os.ReadDir(filepath.Join(dir, "etc"))
	require.NoError(t, err)
	assert.Len(t, entries, 3, "nothing half-written is left")
}
