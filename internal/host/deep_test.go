package host

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// dig makes folders in each other below /tmp of a tree, and a file in the last. Their
// path is longer than the kernel takes in one piece.
func dig(t *testing.T, dir string, depth, width int) (bottom string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "tmp"), 0o755))
	fd, err := unix.Open(filepath.Join(dir, "tmp"), unix.O_PATH, 0)
	require.NoError(t, err)
	var below strings.Builder
	for i := range depth {
		name := fmt.Sprintf("%0*d", width, i)
		require.NoError(t, unix.Mkdirat(fd, name, 0o755))
		next, err := openFolder(fd, name, unix.O_PATH)
		require.NoError(t, err)
		shut(fd)
		fd = next
		below.WriteString("/" + name)
	}
	file, err := unix.Openat(fd, "file", unix.O_CREAT|unix.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = unix.Write(file, []byte("secret"))
	require.NoError(t, err)
	require.NoError(t, unix.Close(file))
	shut(fd)
	return "/tmp" + below.String() + "/file"
}

// limitFiles lets the test have that many files open.
func limitFiles(t *testing.T, most uint64) {
	t.Helper()
	var before unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &before))
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: most, Max: before.Max}))
	t.Cleanup(func() { require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &before)) })
}

// TestDeepTree: two thousand folders in each other are walked, and their contents
// changed and removed, with few files open.
func TestDeepTree(t *testing.T) {
	const depth = 2000
	r, dir := tree(t)
	limitFiles(t, 200)
	bottom := dig(t, dir, depth, 10)
	require.Greater(t, len(bottom), 4*unix.PathMax)

	var met []string
	visit := func(e Entry) error { met = append(met, e.Path); return nil }
	require.NoError(t, r.WalkMount(context.Background(), "/tmp", visit))
	require.Len(t, met, depth+1)
	require.Equal(t, bottom, met[depth])

	at := Place{Top: "/tmp", Path: bottom}
	require.NoError(t, r.OverwriteAll(context.Background(), []Place{at})[0])
	require.NoError(t, r.Flush([]Place{at}))
	require.NoError(t, r.WriteFile(at, []byte("new"), 0o600))
	require.NoError(t, r.Truncate(at))
	begin := time.Now()
	require.NoError(t, r.Remove(at))
	for folder := path.Dir(bottom); folder != "/tmp"; folder = path.Dir(folder) {
		require.NoError(t, r.RemoveFolder(Place{Top: "/tmp", Path: folder}))
	}
	t.Logf("removed in %v", time.Since(begin))
	_, err := lookAt(r, at)
	require.ErrorIs(t, err, os.ErrNotExist)
	assertNames(t, filepath.Join(dir, "tmp"))
}

// TestDeepRace: a name that is on its way out is told from one that stays where /proc
// cannot name the file either.
func TestDeepRace(t *testing.T) {
	r, dir := tree(t)
	victim := filepath.Join(dir, "victim")
	put(t, victim, canary)
	bottom := dig(t, dir, 50, 100)
	at := Place{Top: "/tmp", Path: path.Join(path.Dir(bottom), "trap")}
	in, _, err := r.enter(at)
	require.NoError(t, err)
	require.NoError(t, unix.Fchmod(in.fd, 0o1777)) // where root alone may make a trap, none is looked for
	stop := meanwhile(func() {
		_ = unix.Linkat(unix.AT_FDCWD, victim, in.fd, "trap", 0)
		_ = unix.Unlinkat(in.fd, "trap", 0)
	})
	defer stop()
	for begin := time.Now(); time.Since(begin) < raceTime; {
		_ = r.Truncate(at)
		require.Equal(t, canary, contents(t, victim))
	}
}

// TestDeepTreeTorn: what is moved away during a walk is said to be unread, and the walk
// goes on where it can.
func TestDeepTreeTorn(t *testing.T) {
	r, dir := tree(t)
	bottom := dig(t, dir, heldFolders+40, 3)
	put(t, filepath.Join(dir, "tmp/z"), "x")
	torn := path.Dir(path.Dir(bottom))
	var met []string
	err := r.Walk(context.Background(), "/tmp", func(e Entry) error {
		met = append(met, e.Path)
		if e.Path == bottom {
			return os.Rename(filepath.Join(dir, torn), filepath.Join(dir, "etc/torn"))
		}
		return nil
	})
	require.ErrorIs(t, err, ErrChanged)
	require.ErrorContains(t, err, "walk "+path.Dir(torn)+":", "the folder that it cannot come back to")
	assert.NotErrorIs(t, err, os.ErrNotExist)
	assert.Contains(t, met, "/tmp/z")
}

// TestWalkTooDeep: the walk ends, and says where.
func TestWalkTooDeep(t *testing.T) {
	r, dir := tree(t)
	bottom := dig(t, dir, longestPath/200+10, 200)
	longest := 0
	err := r.Walk(context.Background(), "/tmp", func(e Entry) error { longest = max(longest, len(e.Path)); return nil })
	require.ErrorIs(t, err, unix.ENAMETOOLONG)
	assert.Less(t, longest, len(bottom))
}
