package host

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func allocated(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	require.NoError(t, err)
	stat, ok := info.Sys().(*syscall.Stat_t)
	require.True(t, ok)
	return stat.Blocks * 512
}

// TestOverwriteSizes: all that a file holds is zero afterwards, and nothing more.
func TestOverwriteSizes(t *testing.T) {
	r, dir := tree(t)
	file := filepath.Join(dir, "log/app")
	for _, size := range []int{0, 1, 511, 4095, 4096, 4097, 65_536, overwriteChunk - 1, overwriteChunk, overwriteChunk + 1, 3*overwriteChunk + 7} {
		put(t, file, strings.Repeat("s", size))
		require.NoError(t, os.Chmod(file, 0o640))
		require.NoError(t, r.Overwrite(context.Background(), At("/log/app")))
		require.NoError(t, r.Flush([]Place{At("/log/app")}))
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(make([]byte, size), data), "%d bytes", size)
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o640), info.Mode())
	}
}

// TestOverwriteSparse: holes stay holes, and take no time.
func TestOverwriteSparse(t *testing.T) {
	r, dir := tree(t)
	file := filepath.Join(dir, "log/sparse")
	put(t, file, "head")
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("middle"), 1<<30+5)
	require.NoError(t, err)
	require.NoError(t, f.Truncate(2<<30))
	require.NoError(t, f.Close())
	before := allocated(t, file)
	if before > 1<<20 {
		t.Skip("files have no holes here")
	}
	begin := time.Now()
	require.NoError(t, r.Overwrite(context.Background(), At("/log/sparse")))
	assert.Less(t, time.Since(begin), 5*time.Second)
	assert.LessOrEqual(t, allocated(t, file), before)

	f, err = os.Open(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	info, err := f.Stat()
	require.NoError(t, err)
	assert.EqualValues(t, 2<<30, info.Size())
	for _, offset := range []int64{0, 1<<30 + 5} {
		data := make([]byte, 6)
		_, err = f.ReadAt(data, offset)
		require.NoError(t, err)
		assert.Equal(t, make([]byte, 6), data)
	}
}

// TestOverwriteEnds with its context, in the middle of a file too.
func TestOverwriteEnds(t *testing.T) {
	r, dir := tree(t)
	put(t, filepath.Join(dir, "log/app"), strings.Repeat("s", 4*overwriteChunk))
	ended := &endsAfter{Context: context.Background(), looks: 3}
	require.ErrorIs(t, r.Overwrite(ended, At("/log/app")), context.Canceled)
	data := contents(t, filepath.Join(dir, "log/app"))
	assert.Equal(t, 2*overwriteChunk, strings.Count(data, "\x00"), "begun, and not ended")

	stopped, stop := context.WithCancel(context.Background())
	stop()
	for _, err := range r.OverwriteAll(stopped, many(t, dir, 20)) {
		require.ErrorIs(t, err, context.Canceled)
	}
}

// endsAfter is a context that ends after some looks at it.
type endsAfter struct {
	context.Context
	looks int
}

func (e *endsAfter) Err() error {
	if e.looks--; e.looks < 0 {
		return context.Canceled
	}
	return nil
}

// TestOverwriteAll: each place has an answer of its own, in order, whoever gives it.
func TestOverwriteAll(t *testing.T) {
	r, dir := tree(t)
	places := many(t, dir, 3*perFolder)
	gone, linked := perFolder-1, perFolder/2
	require.NoError(t, os.Remove(filepath.Join(dir, places[gone].Path)))
	require.NoError(t, os.Link(filepath.Join(dir, places[linked].Path), filepath.Join(dir, "other")))
	require.NoError(t, os.Rename(filepath.Join(dir, "tmp/001"), filepath.Join(dir, "tmp/moved")))
	link(t, "moved", filepath.Join(dir, "tmp/001"))
	for i, at := range places {
		if i/perFolder != 1 && i != gone {
			require.NoError(t, os.WriteFile(filepath.Join(dir, at.Path), []byte("secret"), 0o600))
		}
	}
	for i, err := range r.OverwriteAll(context.Background(), places) {
		switch {
		case i == gone:
			require.ErrorIs(t, err, os.ErrNotExist)
		case i == linked:
			require.ErrorIs(t, err, ErrLinked)
		case i/perFolder == 1:
			require.ErrorIs(t, err, ErrChanged)
		default:
			require.NoError(t, err)
			require.Equal(t, strings.Repeat("\x00", 6), contents(t, filepath.Join(dir, places[i].Path)))
		}
	}
	assert.Equal(t, "secret", contents(t, filepath.Join(dir, "other")))
	require.NoError(t, r.Flush(places))
	assert.Empty(t, r.OverwriteAll(context.Background(), nil))
	require.NoError(t, r.Flush(nil))
	require.ErrorIs(t, r.Flush([]Place{{Top: "/absent", Path: "/absent/x"}}), os.ErrNotExist)
}

// TestOverwriteRunningProgram: the kernel lets nobody write to a program that runs.
func TestOverwriteRunningProgram(t *testing.T) {
	r, err := OpenRoot("/")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.close()) })
	own, err := os.Executable()
	require.NoError(t, err)
	err = r.Overwrite(context.Background(), At(own))
	if os.IsPermission(err) {
		t.Skip("the test's program is not its own")
	}
	require.ErrorIs(t, err, ErrInUse)
}

// TestOverwriteWhileCut: a file that is cut meanwhile does not grow again.
func TestOverwriteWhileCut(t *testing.T) {
	r, dir := tree(t)
	file := filepath.Join(dir, "log/app")
	put(t, file, strings.Repeat("s", 8*overwriteChunk))
	cuts := &actsAfter{Context: context.Background(), looks: 3, act: func() { _ = os.Truncate(file, 10) }}
	require.NoError(t, r.Overwrite(cuts, At("/log/app")))
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.EqualValues(t, 10, info.Size())
}

// actsAfter is a context at whose last look something else happens.
type actsAfter struct {
	context.Context
	looks int
	act   func()
}

func (a *actsAfter) Err() error {
	if a.looks--; a.looks == 0 {
		a.act()
	}
	return nil
}
