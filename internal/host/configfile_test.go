package host

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ownFolder is a folder that only we can write, whatever the umask is.
func ownFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "own")
	require.NoError(t, os.Mkdir(dir, 0o755))
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	return dir
}

func TestReadOwned(t *testing.T) {
	dir := ownFolder(t)
	me := os.Getuid()
	write := func(name string, mode fs.FileMode) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte("12345678"), 0o600))
		require.NoError(t, os.Chmod(file, mode))
		return file
	}
	good := write("good", 0o644)
	require.NoError(t, os.Symlink("good", filepath.Join(dir, "link")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "open"), 0o700))
	require.NoError(t, os.Chmod(filepath.Join(dir, "open"), 0o777))
	for _, row := range []struct {
		name, file string
		bound      int64
		privileged bool
		want       string // of the error
	}{
		{"a file", good, 8, true, ""},
		{"a file of a user's", good, 8, false, ""},
		{"a link", filepath.Join(dir, "link"), 8, true, ""},
		{"readable by its owner only", write("mine", 0o600), 8, true, ""},
		{"too large", good, 7, true, "file too large, at most"},
		{"written by a group", write("group", 0o664), 8, false, "can be written by others than its owner"},
		{"written by all", write("all", 0o646), 8, true, "can be written by others than its owner"},
		{"in a folder that all can write", write("open/file", 0o644), 8, true, `open" can be written by others than its owner`},
		{"there, of a user's", write("open/file", 0o644), 8, false, ""},
		{"a fifo", filepath.Join(dir, "fifo"), 8, true, "not a regular file"},
		{"a fifo of a user's", filepath.Join(dir, "fifo"), 8, false, "not a regular file"},
		{"a folder", dir, 8, true, "not a regular file"},
		{"a device", "/dev/null", 8, false, "not a regular file"},
		{"nothing", filepath.Join(dir, "nothing"), 8, true, "no such file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			data, err := readOwned(row.file, row.bound, me, row.privileged)
			if row.want != "" {
				assert.ErrorContains(t, err, row.want)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "12345678", string(data))
		})
	}
}

// TestReadOwnedByTheCallerOfSudo: what somebody else owns is refused, what whoever called
// sudo owns is not.
func TestReadOwnedByTheCallerOfSudo(t *testing.T) {
	if !Privileged() {
		t.Skip("only root can give files away")
	}
	dir := ownFolder(t)
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.NoError(t, os.Chown(file, 4711, 4711))
	for caller, fine := range map[int]bool{0: false, 4711: true, 4712: false} {
		_, err := ReadOwned(file, 8, caller)
		if fine {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, "belongs to the user with the id 4711")
	}
}

func TestWriteNew(t *testing.T) {
	dir := ownFolder(t)
	file := filepath.Join(dir, "new")
	defer syscall.Umask(syscall.Umask(0))
	require.NoError(t, WriteNew(file, []byte("a")))
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o644), info.Mode())
	assert.ErrorIs(t, WriteNew(file, []byte("b")), fs.ErrExist)
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink("nowhere", link))
	assert.ErrorIs(t, WriteNew(link, []byte("b")), fs.ErrExist)
	assert.NoFileExists(t, filepath.Join(dir, "nowhere"))
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "a", string(data))
}
