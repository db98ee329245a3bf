package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ErrNoDisk says that the root file system lies on no disk: a container's or a
// network's.
var ErrNoDisk = errors.New("the root file system is on no disk")

// sectorSize is the kernel's unit for the size of a disk, whatever the disk's own is.
const sectorSize = 512

// diskDepth is how many layers (partitions, volumes, encryption) are looked through.
const diskDepth = 8

// rootDisk returns the name of the disk that carries /, and its size in bytes; of
// several the largest.
func rootDisk(ctx context.Context) (string, uint64, error) {
	return diskOf(ctx, "/", "/sys", "/proc/self/mountinfo")
}

func diskOf(_ context.Context, mount, sys, mountinfo string) (string, uint64, error) {
	number, err := deviceNumber(mount, mountinfo)
	if err != nil {
		return "", 0, fmt.Errorf("looking for the disk of %s: %w", mount, err)
	}
	device, err := filepath.EvalSymlinks(filepath.Join(sys, "dev/block", number))
	if errors.Is(err, fs.ErrNotExist) {
		return "", 0, ErrNoDisk
	}
	if err != nil {
		return "", 0, fmt.Errorf("looking for the disk of %s: %w", mount, err)
	}
	return wholeDisk(device, diskDepth)
}

// deviceNumber is "254:1". Some file systems, btrfs for one, show a number of no
// device; the mount then names its device by a path.
func deviceNumber(mount, mountinfo string) (string, error) {
	var stat unix.Stat_t
	if err := unix.Stat(mount, &stat); err != nil {
		return "", err
	}
	if unix.Major(stat.Dev) != 0 {
		return fmt.Sprintf("%d:%d", unix.Major(stat.Dev), unix.Minor(stat.Dev)), nil
	}
	source, err := mountSource(mount, mountinfo)
	if err != nil {
		return "", err
	}
	if err := unix.Stat(source, &stat); err != nil || stat.Mode&unix.S_IFMT != unix.S_IFBLK {
		return "", ErrNoDisk
	}
	return fmt.Sprintf("%d:%d", unix.Major(stat.Rdev), unix.Minor(stat.Rdev)), nil
}

// mountSource is the device that mountinfo names for a mount, the last one of several.
func mountSource(mount, mountinfo string) (source string, err error) {
	f, err := os.Open(mountinfo) //nolint:gosec // a file of the kernel's
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		before, after, _ := strings.Cut(lines.Text(), " - ")
		fields, more := strings.Fields(before), strings.Fields(after)
		if len(fields) > 4 && fields[4] == mount && len(more) > 1 {
			source = more[1]
		}
	}
	return source, lines.Err()
}

// wholeDisk goes from a partition to its disk, and from a volume to what it lies on.
func wholeDisk(device string, depth int) (name string, size uint64, err error) {
	if depth == 0 {
		return "", 0, ErrNoDisk
	}
	if _, err := os.Stat(filepath.Join(device, "partition")); err == nil {
		return wholeDisk(filepath.Dir(device), depth-1)
	}
	below, err := filepath.Glob(filepath.Join(device, "slaves", "*"))
	if err != nil {
		return "", 0, err
	}
	for _, link := range below {
		real, err := filepath.EvalSymlinks(link)
		if err != nil {
			return "", 0, fmt.Errorf("looking below a volume: %w", err)
		}
		other, bytes, err := wholeDisk(real, depth-1)
		if err != nil {
			return "", 0, err
		}
		if bytes > size {
			name, size = other, bytes
		}
	}
	if len(below) > 0 {
		return name, size, nil
	}
	text, err := os.ReadFile(filepath.Join(device, "size")) //nolint:gosec // a file of the kernel's
	if err != nil {
		return "", 0, fmt.Errorf("reading the size of a disk: %w", err)
	}
	sectors, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 54)
	if err != nil {
		return "", 0, fmt.Errorf("reading the size of a disk: %w", err)
	}
	return filepath.Base(device), sectors * sectorSize, nil
}
