//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// fillTime bounds every fill: a file system that hangs must not hang the machine's
// tests, too.
const fillTime = 2 * time.Minute

// disk is a file system on a loop device of its own.
type disk struct {
	t      testing.TB
	kind   string
	image  string
	device string // "loop0"
	dir    string // where it is mounted, empty where it is not
	random *rand.Rand
	marks  map[string]bool
}

// diskOf makes a file system of a kind ("ext4", "xfs") on a device that takes discards
// or does not.
func diskOf(t testing.TB, kind string, mib int64, discards bool, mkfs ...string) *disk {
	t.Helper()
	d := &disk{t: t, kind: kind, image: filepath.Join(t.TempDir(), "image"), random: rand.New(rand.NewPCG(1, uint64(mib))), marks: map[string]bool{}}
	require.NoError(t, os.WriteFile(d.image, nil, 0o600))
	require.NoError(t, os.Truncate(d.image, mib<<20))
	args := map[string][]string{"xfs": {"-q"}, "btrfs": {"-q"}, "vfat": nil}[kind]
	if strings.HasPrefix(kind, "ext") {
		args = []string{"-q", "-F"}
	}
	require.NoError(t, command("/", "mkfs."+kind, append(append(args, mkfs...), d.image)...))
	d.attach()
	if !discards {
		require.NoError(t, os.WriteFile(filepath.Join("/sys/block", d.device, "queue/discard_max_bytes"), []byte("0"), 0o644))
	}
	return d
}

// The requests of linux/loop.h that losetup does not make.
const (
	loopAdd    = 0x4c80
	loopRemove = 0x4c81
)

// attach puts the image on a device that is made for it and goes with the test: one
// that has once refused discards refuses them for ever.
func (d *disk) attach() {
	d.t.Helper()
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	require.NoError(d.t, err)
	number, _, errno := syscall.Syscall(syscall.SYS_IOCTL, control.Fd(), loopAdd, ^uintptr(0))
	require.Zero(d.t, errno)
	d.device = fmt.Sprintf("loop%d", number)
	d.t.Cleanup(func() {
		err := command("/", "losetup", "--detach", "/dev/"+d.device)
		for range 50 { // it is detached when the last one who looks at it is gone
			if _, _, errno = syscall.Syscall(syscall.SYS_IOCTL, control.Fd(), loopRemove, number); errno != syscall.EBUSY {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if err := errors.Join(err, control.Close()); err != nil || errno != 0 {
			d.t.Errorf("detaching the device: %v, %v", err, errno)
		}
	})
	require.NoError(d.t, command("/", "losetup", "/dev/"+d.device, d.image))
}

func (d *disk) mount(options string) *disk {
	d.t.Helper()
	dir, err := os.MkdirTemp("", "imgcheck-e2e")
	require.NoError(d.t, err)
	require.NoError(d.t, syscall.Mount("/dev/"+d.device, dir, d.kind, 0, options))
	d.dir = dir
	d.t.Cleanup(d.unmount)
	return d
}

func (d *disk) unmount() {
	if d.dir == "" {
		return
	}
	if err := errors.Join(syscall.Unmount(d.dir, 0), os.Remove(d.dir)); err != nil {
		d.t.Errorf("unmounting: %v", err)
	}
	d.dir = ""
}

// plant writes marked files of many sizes among others that stay, until no more than
// so many MiB are free, and removes the marked ones as they are.
func (d *disk) plant(files int, leave int64) {
	d.t.Helper()
	sizes := []int{1, 40, 100, 500, 4000, 4096, 5000, 12_000, 40_000, 65_536, 200_000, 1 << 20}
	var marked []string
	for i := range files {
		folder := filepath.Join(d.dir, "d"+strconv.Itoa(d.random.IntN(10)))
		require.NoError(d.t, os.MkdirAll(folder, 0o755))
		name := filepath.Join(folder, "marked"+strconv.Itoa(i))
		mark := fmt.Sprintf("MARK%016x;", d.random.Uint64())
		size := max(len(mark), sizes[d.random.IntN(len(sizes))])
		err := os.WriteFile(name, []byte(strings.Repeat(mark, size/len(mark)+1)[:size]), 0o600)
		if errors.Is(err, syscall.ENOSPC) {
			break
		}
		require.NoError(d.t, err)
		d.marks[mark] = true
		marked = append(marked, name)
		stays := []int{10, 4096, 9000, 30_000}[d.random.IntN(4)]
		_ = os.WriteFile(filepath.Join(folder, "stays"+strconv.Itoa(i)), bytes.Repeat([]byte{'s'}, stays), 0o600)
	}
	d.ballast(leave)
	syscall.Sync()
	for _, name := range marked {
		require.NoError(d.t, os.Remove(name))
	}
	syscall.Sync()
}

// ballast takes space until no more than so many MiB are free; 0 takes none.
func (d *disk) ballast(leave int64) {
	free := d.free() - leave<<20
	if leave == 0 || free <= 0 {
		return
	}
	f, err := os.Create(filepath.Join(d.dir, "ballast"))
	require.NoError(d.t, err)
	for part := bytes.Repeat([]byte{'b'}, 1<<20); free > 0 && err == nil; free -= 1 << 20 {
		_, err = f.Write(part)
	}
	require.NoError(d.t, f.Close())
}

func (d *disk) free() int64 {
	var stat syscall.Statfs_t
	require.NoError(d.t, syscall.Statfs(d.dir, &stat))
	return int64(stat.Bfree) * stat.Bsize
}

var markForm = regexp.MustCompile(`MARK[0-9a-f]{16};`)

// left counts the marks that are still on the device. It is not mounted any more.
func (d *disk) left() int {
	d.t.Helper()
	data, err := os.ReadFile(d.image)
	require.NoError(d.t, err)
	found := map[string]bool{}
	for _, mark := range markForm.FindAll(data, -1) {
		if d.marks[string(mark)] {
			found[string(mark)] = true
		}
	}
	return len(found)
}

// sound has the file system's own checker look over it.
func (d *disk) sound() {
	d.t.Helper()
	check := []string{"e2fsck", "-f", "-n"}
	switch d.kind {
	case "xfs":
		check = []string{"xfs_repair", "-n"}
	case "btrfs":
		check = []string{"btrfs", "check"}
	}
	require.NoError(d.t, command("/", check[0], append(check[1:], "/dev/"+d.device)...))
}

// fileSystem returns the disk as the tool finds it in a tree.
func (d *disk) fileSystem() (*host.Host, host.FileSystem) {
	d.t.Helper()
	h, err := host.OpenTree(d.dir)
	require.NoError(d.t, err)
	found, err := h.FileSystems(d.t.Context())
	require.NoError(d.t, err)
	require.Len(d.t, found, 1)
	return h, found[0]
}

// fill fills the disk, within its time.
func (d *disk) fill() host.Filled {
	d.t.Helper()
	h, fs := d.fileSystem()
	defer func() { require.NoError(d.t, h.Close()) }()
	ctx, cancel := context.WithTimeout(d.t.Context(), fillTime)
	defer cancel()
	filled, err := h.Fill(ctx, fs, nil)
	require.NoError(d.t, err)
	return filled
}
