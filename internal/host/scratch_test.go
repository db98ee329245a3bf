package host

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestScratch(t *testing.T) {
	dir, remove, err := Scratch()
	require.NoError(t, err)
	info, err := os.Stat(dir)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o700), info.Mode().Perm())
	put(t, filepath.Join(dir, "log"), "x")
	require.NoError(t, remove())
	_, err = os.Stat(dir)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestCopyOut(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	r, dir := tree(t)
	put(t, filepath.Join(dir, "db/Packages"), "0123456789")
	put(t, filepath.Join(dir, "db/log"), "01234")
	link(t, "/db", filepath.Join(dir, "linked"))
	link(t, "../../outside/file", filepath.Join(dir, "db/escape"))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "db/fifo"), 0o600))

	copied, remove, err := r.CopyOut(context.Background(), []string{"/linked/Packages", "/db/log"}, 15)
	require.NoError(t, err)
	data, err := os.ReadFile(filepath.Join(copied, "Packages"))
	require.NoError(t, err)
	assert.Equal(t, "0123456789", string(data))
	require.NoError(t, os.WriteFile(filepath.Join(copied, "Packages"), nil, 0o600))
	require.NoError(t, remove())
	data, err = r.ReadFile("/db/Packages", 100)
	require.NoError(t, err)
	assert.Len(t, data, 10, "the tree has kept its own")

	ended, stop := context.WithCancel(context.Background())
	stop()
	for _, tt := range []struct {
		ctx   context.Context
		names []string
		limit int64
		want  error
	}{
		{context.Background(), []string{"/db/Packages", "/db/log"}, 14, ErrTooLarge},
		{context.Background(), []string{"/db/Packages", "/db/absent"}, 100, fs.ErrNotExist},
		{context.Background(), []string{"/db/escape"}, 100, fs.ErrNotExist},
		{context.Background(), []string{"/db/fifo"}, 100, ErrNotRegular},
		{context.Background(), []string{"/db"}, 100, ErrNotRegular},
		{ended, []string{"/db/Packages"}, 100, context.Canceled},
	} {
		_, _, err := r.CopyOut(tt.ctx, tt.names, tt.limit)
		require.ErrorIs(t, err, tt.want, tt.names)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left, "a copy that did not succeed is left behind")
}
