package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// kernelFiles is where the kernel shows itself; the zero value is /proc and /sys.
type kernelFiles struct{ proc, sys string }

func (k kernelFiles) procFile(name string) string {
	return filepath.Join(orElse(k.proc, "/proc"), name)
}

func (k kernelFiles) sysFile(name string) string { return filepath.Join(orElse(k.sys, "/sys"), name) }

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// mounts reads what is mounted where this process can see it.
func (k kernelFiles) mounts() ([]mount, error) {
	data, err := os.ReadFile(k.procFile("self/mountinfo"))
	if err != nil {
		return nil, fmt.Errorf("reading what is mounted: %w", err)
	}
	mounts, err := parseMounts(data)
	if err != nil {
		return nil, fmt.Errorf("reading what is mounted: %w", err)
	}
	return mounts, nil
}

// blockDevice is what a file system lies on.
type blockDevice struct {
	// name is the kernel's ("vda1", "dm-0").
	name string
	// disks are the whole disks below it, layers the device mapper's ids of what lies
	// between ("LVM-…").
	disks, layers []string
}

// errNoDevice says that a file system has no block device that could be found.
var errNoDevice = errors.New("no block device of its own")

// blockDevice finds out what a mount lies on; errNoDevice where that is no block
// device.
func (k kernelFiles) blockDevice(m mount) (blockDevice, error) {
	major, minor := m.major, m.minor
	if major == 0 { // btrfs has a number of its own, and names its device
		var stat unix.Stat_t
		if !strings.HasPrefix(m.source, "/dev/") || unix.Stat(m.source, &stat) != nil || stat.Mode&unix.S_IFMT != unix.S_IFBLK {
			return blockDevice{}, errNoDevice
		}
		major, minor = unix.Major(stat.Rdev), unix.Minor(stat.Rdev)
	}
	dir, err := filepath.EvalSymlinks(k.sysFile(fmt.Sprintf("dev/block/%d:%d", major, minor)))
	if errors.Is(err, fs.ErrNotExist) {
		return blockDevice{}, fmt.Errorf("%w that /sys shows", errNoDevice)
	}
	if err != nil {
		return blockDevice{}, fmt.Errorf("looking for the disk of %s: %w", m.point, err)
	}
	d := blockDevice{name: filepath.Base(dir)}
	if err := d.below(dir, 0); err != nil {
		return blockDevice{}, fmt.Errorf("looking for the disk of %s: %w", m.point, err)
	}
	slices.Sort(d.disks)
	d.disks = slices.Compact(d.disks)
	return d, nil
}

// below collects the disks below the device whose folder in /sys is dir: a partition
// lies in its disk's folder, and what is made of others has them as slaves.
func (d *blockDevice) below(dir string, depth int) error {
	const deepest = 16 // more than LVM on LUKS on RAID on partitions; a loop ends here
	if depth > deepest {
		return errors.New("devices lie on each other without an end")
	}
	_, err := os.Lstat(filepath.Join(dir, "partition"))
	switch {
	case err == nil:
		return d.below(filepath.Dir(dir), depth+1)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if id, err := os.ReadFile(filepath.Join(dir, "dm/uuid")); err == nil {
		d.layers = append(d.layers, strings.TrimSpace(string(id)))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	slaves, err := os.ReadDir(filepath.Join(dir, "slaves"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(slaves) == 0 {
		d.disks = append(d.disks, filepath.Base(dir))
	}
	for _, slave := range slaves {
		next, err := filepath.EvalSymlinks(filepath.Join(dir, "slaves", slave.Name()))
		if err != nil {
			return err
		}
		if err := d.below(next, depth+1); err != nil {
			return err
		}
	}
	return nil
}
