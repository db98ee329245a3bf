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

func TestNewFile(t *testing.T) {
	target := filepath.Join(t.TempDir(), "report")
	put(t, target, "old")
	f, err := CreateFile(target)
	require.NoError(t, err)
	_, err = f.WriteString("new")
	require.NoError(t, err)
	require.NoError(t, f.Commit())
	require.NoError(t, f.Discard(), "what is committed stays")
	data, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Equal(t, "new", string(data))
}

// TestNewFileReplacesFilesOnly: renamed over /dev/null or /dev/stdout, a report would
// take it from the whole machine.
func TestNewFileReplacesFilesOnly(t *testing.T) {
	dir := t.TempDir()
	fifo, linked := filepath.Join(dir, "fifo"), filepath.Join(dir, "link")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	link(t, "/dev/null", linked)
	for _, target := range []string{fifo, linked, dir} {
		_, err := CreateFile(target)
		require.ErrorIs(t, err, ErrNotRegular, target)
	}
	info, err := os.Lstat(fifo)
	require.NoError(t, err)
	assert.Equal(t, fs.ModeNamedPipe, info.Mode().Type())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 2)
}
