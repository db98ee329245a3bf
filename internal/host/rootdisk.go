package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// ErrNoDisk says that the root file system lies on no disk: a container's or a
// network's.
var ErrNoDisk = errors.New("the root file system is on no disk")

// sectorSize is the kernel's unit for the size of a disk, whatever the disk's own is.
const sectorSize = 512

// rootDisk returns the name of the disk that carries /, and its size in bytes; of
// several the largest.
func rootDisk(context.Context) (string, uint64, error) { return kernelFiles{}.rootDisk() }

func (k kernelFiles) rootDisk() (name string, size uint64, err error) {
	mounts, err := k.mounts()
	if err != nil {
		return "", 0, err
	}
	for _, m := range visible(mounts) {
		if m.point != "/" {
			continue
		}
		below, err := k.blockDevice(m)
		if errors.Is(err, errNoDevice) {
			return "", 0, ErrNoDisk
		}
		if err != nil {
			return "", 0, err
		}
		return k.largest(below.disks)
	}
	return "", 0, ErrNoDisk
}

func (k kernelFiles) largest(disks []string) (name string, size uint64, err error) {
	for _, disk := range disks {
		text, err := os.ReadFile(k.sysFile("class/block/" + disk + "/size"))
		if err != nil {
			return "", 0, fmt.Errorf("reading the size of a disk: %w", err)
		}
		sectors, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 54)
		if err != nil {
			return "", 0, fmt.Errorf("reading the size of a disk: %w", err)
		}
		if bytes := sectors * sectorSize; bytes > size {
			name, size = disk, bytes
		}
	}
	return name, size, nil
}
