//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// doorDisk is a disk whose file system is a tree to be changed.
type doorDisk struct {
	*disk
	root *host.Root
}

// newDoorDisk makes a disk and opens it.
func newDoorDisk(t *testing.T, kind string, mkfs ...string) *doorDisk {
	t.Helper()
	d := &doorDisk{disk: diskOf(t, kind, 320, false, mkfs...).mount("")} // the least that xfs takes is 300 MB
	root, err := host.OpenRoot(d.dir)
	require.NoError(t, err)
	d.root = root
	t.Cleanup(d.close)
	return d
}

// close ends the use of the disk; its image can be read then.
func (d *doorDisk) close() {
	if d.root == nil {
		return
	}
	h := host.Host{Root: d.root}
	require.NoError(d.t, h.Close())
	d.root = nil
	d.unmount()
}

func (d *doorDisk) put(name, text string) {
	d.t.Helper()
	file := filepath.Join(d.dir, name)
	require.NoError(d.t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(d.t, os.WriteFile(file, []byte(text), 0o600))
}

// holds counts what of the image contains the text.
func (d *doorDisk) holds(text string) int {
	d.t.Helper()
	data, err := os.ReadFile(d.image)
	require.NoError(d.t, err)
	return bytes.Count(data, []byte(text))
}

func doorKinds() map[string][]string {
	return map[string][]string{
		"ext4":           {"ext4"},
		"ext4, 1k":       {"ext4", "-b", "1024"},
		"ext4, no index": {"ext4", "-O", "^dir_index"},
		"xfs":            {"xfs"},
	}
}

// TestDoorLeavesNothing: what the door removes, cuts or replaces is not on the disk any
// more, though nothing fills its free space.
func TestDoorLeavesNothing(t *testing.T) {
	for kind, mkfs := range doorKinds() {
		t.Run(kind, func(t *testing.T) {
			d := newDoorDisk(t, mkfs[0], mkfs[1:]...)
			ctx := context.Background()
			const marker = "MARKED-BY-THE-TEST"
			var places []host.Place
			for i := range 300 {
				name := fmt.Sprintf("/home/user/%d/%d", i%3, i)
				d.put(name, strings.Repeat(fmt.Sprintf("%s-%d\n", marker, i), 1+i*i/100))
				places = append(places, host.Place{Top: "/home/user", Path: name})
			}
			d.put("/etc/shadow", strings.Repeat(marker, 100))
			d.put("/control", "CONTROL-"+"OF-THE-TEST")
			require.NoError(t, command("/", "sync", "-f", d.dir))
			require.Positive(t, d.holds(marker), "the test looks where it is")

			for _, err := range d.root.OverwriteAll(ctx, places) {
				require.NoError(t, err)
			}
			require.NoError(t, d.root.Flush(places))
			for i, at := range places {
				if i%2 == 0 {
					require.NoError(t, d.root.Truncate(at))
				} else {
					require.NoError(t, d.root.Remove(at))
				}
			}
			require.NoError(t, os.Remove(filepath.Join(d.dir, "control")))
			require.NoError(t, d.root.WriteFile(host.At("/etc/shadow"), []byte("root:*"), 0o600))
			d.close()
			assert.Zero(t, d.holds(marker))
			assert.Positive(t, d.holds("CONTROL-OF-THE-TEST"), "what is removed without the door stays")
		})
	}
}

// TestDoorFullDisk: on a full disk the old contents stay, and overwriting needs no room.
func TestDoorFullDisk(t *testing.T) {
	for _, kind := range []string{"ext4", "xfs"} {
		t.Run(kind, func(t *testing.T) {
			d := newDoorDisk(t, doorKinds()[kind][0], doorKinds()[kind][1:]...)
			d.put("/etc/shadow", "old")
			d.put("/var/log/app", strings.Repeat("s", 1<<20))
			full := exec.Command("dd", "if=/dev/zero", "of="+filepath.Join(d.dir, "fill"), "bs=1M", "status=none")
			require.Error(t, full.Run())
			require.Error(t, command("/", "dd", "if=/dev/zero", "of="+filepath.Join(d.dir, "fill2"), "bs=4k", "status=none"))
			require.NoError(t, command("/", "sync", "-f", d.dir))

			err := d.root.WriteFile(host.At("/etc/shadow"), bytes.Repeat([]byte("n"), 1<<20), 0o600)
			require.ErrorIs(t, err, syscall.ENOSPC)
			data, err := os.ReadFile(filepath.Join(d.dir, "etc/shadow"))
			require.NoError(t, err)
			assert.Equal(t, "old", string(data))
			entries, err := os.ReadDir(filepath.Join(d.dir, "etc"))
			require.NoError(t, err)
			assert.Len(t, entries, 1)

			at := host.At("/var/log/app")
			require.NoError(t, d.root.Overwrite(context.Background(), at))
			require.NoError(t, d.root.Flush([]host.Place{at}))
			require.NoError(t, d.root.Truncate(at))
		})
	}
}

// TestDoorAttributes: what chattr has fixed is refused with the word that lifts it.
func TestDoorAttributes(t *testing.T) {
	for _, kind := range []string{"ext4", "xfs"} {
		t.Run(kind, func(t *testing.T) {
			d := newDoorDisk(t, doorKinds()[kind][0], doorKinds()[kind][1:]...)
			d.put("/var/log/app", "fixed")
			d.put("/fixed/file", "fixed")
			for _, flag := range []string{"i", "a"} {
				for _, name := range []string{"/var/log/app", "/fixed"} {
					require.NoError(t, command("/", "chattr", "+"+flag, filepath.Join(d.dir, name)))
				}
				app := host.At("/var/log/app")
				for change, err := range map[string]error{
					"overwrite": d.root.Overwrite(context.Background(), app),
					"truncate":  d.root.Truncate(app),
					"write":     d.root.WriteFile(app, []byte("new"), 0o600),
					"remove":    d.root.Remove(app),
					"in":        d.root.Remove(host.At("/fixed/file")),
				} {
					require.ErrorIs(t, err, host.ErrImmutable, "%s +%s", change, flag)
					require.ErrorIs(t, err, os.ErrPermission, "%s +%s", change, flag)
					require.ErrorContains(t, err, "chattr -i")
				}
				if flag == "i" {
					require.ErrorIs(t, d.root.WriteFile(host.At("/fixed/new"), nil, 0o600), host.ErrImmutable)
				}
				for _, name := range []string{"/var/log/app", "/fixed"} {
					require.NoError(t, command("/", "chattr", "-"+flag, filepath.Join(d.dir, name)))
				}
			}
			data, err := os.ReadFile(filepath.Join(d.dir, "var/log/app"))
			require.NoError(t, err)
			assert.Equal(t, "fixed", string(data))
		})
	}
}

// TestDoorSparse: files that are larger than the disk are overwritten in no time.
func TestDoorSparse(t *testing.T) {
	for kind, mkfs := range doorKinds() {
		t.Run(kind, func(t *testing.T) {
			d := newDoorDisk(t, mkfs[0], mkfs[1:]...)
			d.put("/var/log/sparse", "head")
			file := filepath.Join(d.dir, "var/log/sparse")
			require.NoError(t, os.Truncate(file, 2<<30))
			require.NoError(t, command("/", "fallocate", "-o", "1M", "-l", "100M", file)) // reserved, never written
			before := blocks(t, file)
			begin := time.Now()
			require.NoError(t, d.root.Overwrite(context.Background(), host.At("/var/log/sparse")))
			require.NoError(t, d.root.Flush([]host.Place{host.At("/var/log/sparse")}))
			assert.Less(t, time.Since(begin), 10*time.Second)
			assert.LessOrEqual(t, blocks(t, file), before+16)
			info, err := os.Stat(file)
			require.NoError(t, err)
			assert.EqualValues(t, 2<<30, info.Size())
		})
	}
}

func blocks(t *testing.T, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	require.NoError(t, err)
	stat, ok := info.Sys().(*syscall.Stat_t)
	require.True(t, ok)
	return stat.Blocks
}

// TestDoorMounts: file systems mounted in a tree stay as they are, a top may be one.
func TestDoorMounts(t *testing.T) {
	d := newDoorDisk(t, "ext4")
	d.put("/home/user/file", "keep")
	d.put("/srv/data/file", "keep")
	d.put("/home/user/covered", "covered")
	require.NoError(t, os.MkdirAll(filepath.Join(d.dir, "home/user/data"), 0o755))
	for from, to := range map[string]string{"srv/data": "home/user/data", "srv/data/file": "home/user/covered"} {
		where := filepath.Join(d.dir, to)
		require.NoError(t, command("/", "mount", "--bind", filepath.Join(d.dir, from), where))
		t.Cleanup(func() { require.NoError(t, command("/", "umount", "--lazy", where)) })
	}
	met := map[string]bool{}
	require.NoError(t, d.root.WalkMount(context.Background(), "/home", func(e host.Entry) error {
		met[e.Path] = e.Mount
		return nil
	}))
	assert.Equal(t, map[string]bool{"/home/user": false, "/home/user/file": false, "/home/user/data": true, "/home/user/covered": true}, met)
	for _, name := range []string{"/home/user/data/file", "/home/user/covered"} {
		at := host.Place{Top: "/home", Path: name}
		for _, err := range []error{
			d.root.Overwrite(context.Background(), at), d.root.Truncate(at), d.root.Remove(at), d.root.WriteFile(at, nil, 0o600),
		} {
			require.ErrorIs(t, err, host.ErrMount, name)
		}
	}
	require.ErrorIs(t, d.root.RemoveFolder(host.Place{Top: "/home", Path: "/home/user/data"}), host.ErrMount)
	data, err := os.ReadFile(filepath.Join(d.dir, "srv/data/file"))
	require.NoError(t, err)
	assert.Equal(t, "keep", string(data))
	require.NoError(t, d.root.Truncate(host.At("/home/user/data/file")), "the top is a mount point")
}
