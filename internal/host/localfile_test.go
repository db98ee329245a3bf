package host

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOpenLocal(t *testing.T) {
	name := filepath.Join(t.TempDir(), "report")
	require.NoError(t, os.WriteFile(name, []byte("ab"), 0o600))
	f, err := OpenLocal(name)
	require.NoError(t, err)
	data, err := io.ReadAll(f)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	assert.Equal(t, "ab", string(data))
	_, err = OpenLocal(t.TempDir())
	assert.ErrorIs(t, err, syscall.EISDIR)
	_, err = OpenLocal(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestAppendLocalAdds(t *testing.T) {
	name := filepath.Join(t.TempDir(), "summary")
	for _, text := range []string{"a", "b"} {
		f, err := AppendLocal(name)
		require.NoError(t, err)
		_, err = io.WriteString(f, text)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "ab", string(data))
	info, err := os.Stat(name)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// TestAppendLocalTakesRegularFilesOnly: a pipe that nobody reads would block for ever.
func TestAppendLocalTakesRegularFilesOnly(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	_, err := AppendLocal(fifo)
	assert.Error(t, err)
	_, err = AppendLocal("/dev/null")
	assert.ErrorIs(t, err, ErrNotRegular)
}
