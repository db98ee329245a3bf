package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"golang.org/x/sys/unix"
)

// FileSystem is one local, writable file system of the image.
type FileSystem struct {
	// Mount is where it is mounted, as seen inside the root.
	Mount string
	// Type is the kernel's name of its kind ("ext4"), Device the block device's path,
	// empty where it has none.
	Type, Device string
	// Free is how many bytes are free, those too that are kept for root.
	Free int64
	// Barred says why its free space must not or cannot be overwritten; empty where
	// it can.
	Barred string

	mount mount
	below blockDevice
}

// FileSystems returns the local file systems of the image, sorted by where they are
// mounted, each device once. Of the running machine those are the ones on the disks
// that "/" lies on; attached volumes, network shares and what lives in memory are no
// part of it. Of a tree it is what is mounted at its folder and below. One that
// belongs to the image in part only, or that cannot be written, is returned as
// barred: to fill it would fill somebody else's disk.
func (h *Host) FileSystems(ctx context.Context) ([]FileSystem, error) {
	mounts, err := h.kernel.mounts()
	if err != nil {
		return nil, err
	}
	t := mountTable{kernel: h.kernel, top: h.Root.Dir(), live: h.Live, mounts: visible(mounts)}
	found, err := t.fileSystems()
	if err != nil {
		return nil, err
	}
	for i := range found {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		fs := &found[i]
		if fs.Barred == "" {
			if fs.Free, err = freeBytes(filepath.Join(t.top, fs.Mount)); err != nil {
				return nil, fmt.Errorf("reading the free space of %s: %w", fs.Mount, err)
			}
		}
	}
	return found, nil
}

func freeBytes(dir string) (int64, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return 0, err
	}
	return int64(stat.Bfree) * blockSize(stat), nil //nolint:gosec // no file system has 2^63 bytes
}

// blockSize is the unit that a file system counts in, bytes.
func blockSize(stat unix.Statfs_t) int64 {
	if stat.Frsize > 0 {
		return stat.Frsize
	}
	return stat.Bsize
}

// mountTable chooses among the mounts those of the image.
type mountTable struct {
	kernel kernelFiles
	top    string
	live   bool
	mounts []mount
}

// readonlyKind reports whether file systems of a kind have no free space.
func readonlyKind(kind string) bool {
	return slices.Contains([]string{"squashfs", "erofs", "iso9660", "cramfs", "romfs"}, kind)
}

func (t *mountTable) fileSystems() ([]FileSystem, error) {
	root, err := t.root()
	if err != nil {
		return nil, err
	}
	var found []FileSystem
	if root.Barred != "" {
		found = append(found, root)
	}
	for _, same := range t.byDevice() {
		inside := slices.DeleteFunc(slices.Clone(same), func(m mount) bool { return !Inside(t.top, m.point) })
		if len(inside) == 0 || readonlyKind(same[0].kind) {
			continue
		}
		m := best(inside)
		below, err := t.kernel.blockDevice(m)
		switch {
		case errors.Is(err, errNoDevice):
			continue
		case err != nil:
			return nil, err
		}
		if (t.live || t.top == "/") && !shareDisk(root.below, below) {
			continue
		}
		found = append(found, t.fileSystem(m, below, t.barred(m, same)))
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Mount < found[j].Mount })
	return found, nil
}

// root returns the file system of the root folder, barred where it has none of its
// own or no device.
func (t *mountTable) root() (FileSystem, error) {
	for _, m := range t.mounts {
		if m.point != t.top {
			continue
		}
		below, err := t.kernel.blockDevice(m)
		if errors.Is(err, errNoDevice) {
			return FileSystem{Mount: "/", Type: m.kind, Barred: m.kind + " has " + err.Error()}, nil
		}
		return t.fileSystem(m, below, ""), err
	}
	const shared = "no file system is mounted at %s itself: the one that it lies on holds more than the image"
	return FileSystem{Mount: "/", Barred: fmt.Sprintf(shared, t.top)}, nil
}

func (t *mountTable) fileSystem(m mount, below blockDevice, barred string) FileSystem {
	inside := path.Join("/", strings.TrimPrefix(m.point, t.top))
	return FileSystem{Mount: inside, Type: m.kind, Device: "/dev/" + below.name, Barred: barred, mount: m, below: below}
}

// barred says why the file system of a mount is not to be filled; same are all mounts
// of its device.
func (t *mountTable) barred(m mount, same []mount) string {
	whole := m.kind == "btrfs" // its roots are subvolumes
	for _, other := range same {
		whole = whole || other.root == "/"
		if !Inside(t.top, other.point) {
			return fmt.Sprintf("it is mounted at %s too, outside of the tree", other.point)
		}
	}
	switch {
	case !whole:
		return "only a folder of it is mounted there: it holds more than the image"
	case m.readonly:
		return "it is mounted read-only"
	}
	return ""
}

// byDevice groups the mounts by what they are mounts of.
func (t *mountTable) byDevice() [][]mount {
	var groups [][]mount
	at := map[[2]uint32]int{}
	for _, m := range t.mounts {
		device := [2]uint32{m.major, m.minor}
		i, known := at[device]
		if !known {
			i = len(groups)
			at[device] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], m)
	}
	return groups
}

// best chooses the mount through which most of a file system is seen and may be
// written.
func best(same []mount) mount {
	return slices.MinFunc(same, func(a, b mount) int {
		return cmp.Or(
			compareBool(a.readonly, b.readonly),
			cmp.Compare(strings.Count(strings.TrimSuffix(a.root, "/"), "/"), strings.Count(strings.TrimSuffix(b.root, "/"), "/")),
			cmp.Compare(len(a.point), len(b.point)))
	})
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func shareDisk(a, b blockDevice) bool {
	return slices.ContainsFunc(a.disks, func(disk string) bool { return slices.Contains(b.disks, disk) })
}
