package host

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestOverwriteHeld: of many files some stay open, never more than half of what the
// process may open, and each of the others is cut by its path.
func TestOverwriteHeld(t *testing.T) {
	r, dir := tree(t)
	places := many(t, dir, 3*perFolder)
	const text = "what the file held"
	for _, at := range places {
		require.NoError(t, os.WriteFile(filepath.Join(dir, at.Path), []byte(text), 0o600))
	}
	var before unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &before))
	few := before
	few.Cur = 200 // fewer than all workers together would hold
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &few))
	defer func() { require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &before)) }()

	open := descriptors(t)
	held, errs := r.OverwriteHeld(context.Background(), places)
	assert.LessOrEqual(t, descriptors(t), open+100)
	for i, at := range places {
		require.NoError(t, errs[i], at.Path)
		require.Equal(t, i < 100, held[i].Held(), at.Path)
		require.Equal(t, make([]byte, len(text)), []byte(contents(t, filepath.Join(dir, at.Path))))
	}
	for i, at := range places {
		if held[i].Held() {
			require.NoError(t, held[i].Truncate())
			require.Empty(t, contents(t, filepath.Join(dir, at.Path)))
		}
		assert.False(t, held[i].Held())
		require.NoError(t, held[i].Close(), "nothing to let go of")
	}
	assert.Equal(t, open, descriptors(t))
}

// descriptors returns how many files this process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(fds)
}
