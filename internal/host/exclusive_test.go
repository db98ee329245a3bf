package host

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func rootAt(t *testing.T, dir string) *Root {
	t.Helper()
	root, err := OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, root.close()) })
	return root
}

// TestExclusive: of two runs over one root the second is refused and learns who is at
// work, by whatever path it came; other roots are free.
func TestExclusive(t *testing.T) {
	dir := t.TempDir()
	first := rootAt(t, dir)
	release, err := first.Exclusive()
	require.NoError(t, err)

	by := dir + ".link"
	require.NoError(t, os.Symlink(dir, by))
	second := rootAt(t, by)
	_, err = second.Exclusive()
	var busy BusyError
	require.ErrorAs(t, err, &busy)
	assert.Equal(t, os.Getpid(), busy.PID)
	assert.Contains(t, err.Error(), "another run is at work on "+dir+": process ")

	other, err := rootAt(t, t.TempDir()).Exclusive()
	require.NoError(t, err)
	require.NoError(t, other())

	require.NoError(t, release())
	release, err = second.Exclusive()
	require.NoError(t, err)
	require.NoError(t, release())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left, "a lock leaves nothing")
}

func TestParseFlockHolder(t *testing.T) {
	locks := strings.Join([]string{
		"1: POSIX  ADVISORY  WRITE 11 fe:01:5 0 EOF",
		"2: FLOCK  ADVISORY  WRITE 12 fe:01:6 0 EOF",
		"3: FLOCK  ADVISORY  WRITE 0 fe:01:7 0 EOF",
		"4: FLOCK  ADVISORY  WRITE 13 fe:01:5 0 EOF",
		"4: -> FLOCK  ADVISORY  WRITE 14 fe:01:5 0 EOF",
		"5: FLOCK",
	}, "\n")
	for file, want := range map[string]int{"fe:01:5": 13, "fe:01:6": 12, "fe:01:7": 0, "fe:01:8": 0, "": 0} {
		assert.Equal(t, want, parseFlockHolder(locks, file), file)
	}
}

func FuzzParseFlockHolder(f *testing.F) {
	f.Add("1: FLOCK  ADVISORY  WRITE 12 fe:01:6 0 EOF", "fe:01:6")
	f.Fuzz(func(t *testing.T, locks, file string) {
		assert.GreaterOrEqual(t, parseFlockHolder(locks, file), 0)
	})
}

func TestStatfs(t *testing.T) {
	root := rootAt(t, t.TempDir())
	readOnly, err := root.ReadOnly()
	require.NoError(t, err)
	assert.False(t, readOnly)
	free, err := root.Free()
	require.NoError(t, err)
	assert.Positive(t, free)
}

// TestRecoveryOfATree: a tree's debts are not those of the running machine, nor of
// TestRecoveryOfATree: nothing runs in a tree that could be held up.
func TestRecoveryOfATree(t *testing.T) {
	h, err := OpenTree(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	r, err := h.Recovery()
	require.NoError(t, err)
	assert.Empty(t, r.file)
}
