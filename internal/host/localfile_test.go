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
