package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// raceTime is how long each race is run.
const raceTime = 1200 * time.Millisecond

// meanwhile repeats what others do until the returned function is called, which waits
// for their end.
func meanwhile(others ...func()) (stop func()) {
	end := make(chan struct{})
	var running sync.WaitGroup
	for _, other := range others {
		running.Go(func() {
			for {
				select {
				case <-end:
					return
				default:
					other()
				}
			}
		})
	}
	return func() { close(end); running.Wait() }
}

// TestRaceOfNames: of two names of a file, the one that is on its way out can be opened
// while the kernel says that there is one; what the other name keeps must survive.
func TestRaceOfNames(t *testing.T) {
	changes := map[string]func(*Root, Place) error{
		"overwrite": func(r *Root, at Place) error { return r.Overwrite(context.Background(), at) },
		"truncate":  (*Root).Truncate,
		"chmod":     func(r *Root, at Place) error { return r.Chmod(at, 0o777) },
		"write":     func(r *Root, at Place) error { return r.WriteFile(at, []byte("new"), 0o600) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, dir := tree(t)
			victim, trap := filepath.Join(dir, "etc/shadow"), filepath.Join(dir, "tmp/trap")
			put(t, victim, canary)
			require.NoError(t, os.MkdirAll(filepath.Dir(trap), 0o755))
			require.NoError(t, os.Chmod(filepath.Dir(trap), 0o1777))
			rounds := 0
			stop := meanwhile(func() {
				rounds++
				_ = os.Link(victim, trap) // where WriteFile has made one, it is removed
				_ = os.Remove(trap)
			})
			defer stop()
			met := map[error]int{}
			for begin := time.Now(); time.Since(begin) < raceTime; {
				met[reason(change(r, Place{Top: "/tmp", Path: "/tmp/trap"}))]++
				data, err := os.ReadFile(victim)
				require.NoError(t, err)
				require.Equal(t, canary, string(data), "after %v", met)
				info, err := os.Stat(victim)
				require.NoError(t, err)
				require.Equal(t, os.FileMode(0o644), info.Mode(), "after %v", met)
			}
			t.Logf("met %v", met)
		})
	}
}

// TestSharedFolders: only where root alone puts names into a folder, none is a trap.
func TestSharedFolders(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a folder to somebody else")
	}
	r, dir := tree(t)
	for _, row := range []struct {
		mode   os.FileMode
		owner  int
		shared bool
	}{
		{0o755, 0, false}, {0o700, 0, false}, {0o555, 0, false},
		{0o775, 0, true}, {0o757, 0, true}, {0o777 | os.ModeSticky, 0, true}, {0o755, 1, true}, {0o700, 1000, true},
	} {
		name := filepath.Join(dir, "etc")
		require.NoError(t, os.Chmod(name, row.mode))
		require.NoError(t, os.Chown(name, row.owner, 0))
		in, err := r.openFolder(Place{Top: "/etc", Path: "/etc"}, nil)
		require.NoError(t, err)
		assert.Equal(t, row.shared, in.shared, "%v of %d", row.mode, row.owner)
		shut(in.fd)
	}
}

// reason is the reason for which a change was refused.
func reason(err error) error {
	for _, known := range []error{ErrChanged, ErrLinked, ErrMount, ErrNotRegular, ErrNotEmpty, os.ErrNotExist} {
		if errors.Is(err, known) {
			return known
		}
	}
	return err
}

// TestRaceOfFolders swaps folders on the way for links out of the root, and for links to
// folders that no change may reach, while changes are made.
func TestRaceOfFolders(t *testing.T) {
	r, dir := tree(t)
	outside := filepath.Join(filepath.Dir(dir), "outside")
	at := func(name string) string { return filepath.Join(dir, "home/user", name) }
	behind := []string{filepath.Join(outside, "b/file"), filepath.Join(dir, "secret/b/file")}
	for _, file := range behind {
		put(t, file, canary)
	}
	link(t, outside, at("out"))
	link(t, "/secret", at("in"))
	link(t, "../../secret", at("up"))
	put(t, at("a/b/file"), "mine")
	stop := meanwhile(func() {
		for _, other := range []string{"out", "out", "in", "in", "up", "up"} { // there and back
			_ = unix.Renameat2(unix.AT_FDCWD, at("a"), unix.AT_FDCWD, at(other), unix.RENAME_EXCHANGE)
		}
	})
	defer stop()

	place := Place{Top: "/home/user", Path: "/home/user/a/b/file"}
	met := map[string]int{}
	for begin := time.Now(); time.Since(begin) < raceTime; {
		for name, err := range map[string]error{
			"write":     r.WriteFile(place, []byte("mine"), 0o600),
			"overwrite": r.OverwriteAll(context.Background(), []Place{place, place})[1],
			"truncate":  r.Truncate(place),
			"chmod":     r.Chmod(place, 0o640),
			"remove":    r.Remove(place),
			"folder":    r.RemoveFolder(Place{Top: place.Top, Path: filepath.Dir(place.Path)}),
			"walk":      r.WalkMount(context.Background(), "/home/user", func(Entry) error { return nil }),
		} {
			met[fmt.Sprint(name, ": ", reason(err))]++
		}
		if met["folder: <nil>"] > 0 { // the folder can be anywhere
			_ = os.Mkdir(at("a/b"), 0o755)
		}
		for _, file := range behind {
			require.Equal(t, canary, contents(t, file))
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o644), info.Mode())
		}
	}
	t.Logf("met %v", met)
	assert.Positive(t, met["remove: <nil>"])
	assert.Positive(t, met["remove: "+ErrChanged.Error()])
}

// TestKeptFolder: the folder of the last change is used again only where it still is
// what its path leads to.
func TestKeptFolder(t *testing.T) {
	r, dir := tree(t)
	for _, file := range []string{"home/a/1", "home/a/2", "home/a/3", "home/b/2", "home/b/3"} {
		put(t, filepath.Join(dir, file), "x")
	}
	remove := func(name string) error { return r.Remove(Place{Top: "/home", Path: "/home/a/" + name}) }
	require.NoError(t, remove("1"))
	require.NoError(t, os.Rename(filepath.Join(dir, "home/a"), filepath.Join(dir, "home/was-a")))
	require.ErrorIs(t, remove("2"), os.ErrNotExist)
	require.NoError(t, os.Rename(filepath.Join(dir, "home/b"), filepath.Join(dir, "home/a")))
	require.NoError(t, remove("2"))
	assert.FileExists(t, filepath.Join(dir, "home/was-a/2"))
	require.NoError(t, os.Rename(filepath.Join(dir, "home/a"), filepath.Join(dir, "home/was-b")))
	link(t, "was-b", filepath.Join(dir, "home/a"))
	require.ErrorIs(t, remove("3"), ErrChanged)

	// The top is a link of the machine's own, which leads elsewhere now.
	put(t, filepath.Join(dir, "one/log/1"), "x")
	put(t, filepath.Join(dir, "two/log/1"), "x")
	link(t, "/one", filepath.Join(dir, "top"))
	require.NoError(t, r.Truncate(Place{Top: "/top", Path: "/top/log/1"}))
	require.NoError(t, os.Remove(filepath.Join(dir, "top")))
	link(t, "/two", filepath.Join(dir, "top"))
	require.NoError(t, r.Remove(Place{Top: "/top", Path: "/top/log/1"}))
	assert.FileExists(t, filepath.Join(dir, "one/log/1"))
	assert.NoFileExists(t, filepath.Join(dir, "two/log/1"))
}
