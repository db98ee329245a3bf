package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// ErrNoDiscard says that a device cannot be told which of its blocks are free.
var ErrNoDiscard = errors.New("the device takes no discards")

// volume is a file system whose root folder is open.
type volume struct {
	FileSystem
	dir *os.File
	// block is the unit that it gives space out in, size what it holds, free what is
	// free, bytes.
	block, size, free int64
	journal           journal
}

// openVolume opens what FileSystems found, and nothing that stands there now instead.
func (h *Host) openVolume(fs FileSystem) (*volume, error) {
	if fs.Barred != "" {
		return nil, fmt.Errorf("%s is left alone: %s", fs.Mount, fs.Barred)
	}
	name := filepath.Join(h.Root.Dir(), fs.Mount)
	dir, err := os.OpenFile(name, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, pathError("open", fs.Mount, err)
	}
	v := &volume{FileSystem: fs, dir: dir}
	err = v.look()
	if err == nil && fs.Type == "ext4" {
		v.journal, err = h.kernel.journal(fs)
	}
	if err != nil {
		return nil, errors.Join(pathError("open", fs.Mount, err), dir.Close())
	}
	return v, nil
}

func (v *volume) look() error {
	var stat unix.Stat_t
	var space unix.Statfs_t
	if err := errors.Join(unix.Fstat(v.fd(), &stat), unix.Fstatfs(v.fd(), &space)); err != nil {
		return err
	}
	// Each subvolume of btrfs has a device number that nothing else knows.
	same := stat.Dev == unix.Mkdev(v.mount.major, v.mount.minor)
	if !same && (v.Type != "btrfs" || space.Type != unix.BTRFS_SUPER_MAGIC) {
		return ErrChanged
	}
	v.block = blockSize(space)
	v.size, v.free = int64(space.Blocks)*v.block, int64(space.Bfree)*v.block //nolint:gosec // no file system has 2^63 bytes
	return nil
}

func (v *volume) fd() int { return int(v.dir.Fd()) }

// sync brings to the disk what was written to the file system, all of it to where it
// belongs.
func (v *volume) sync() error {
	err := unix.Syncfs(v.fd())
	if err == nil {
		err = v.writeBackJournal(checkpointOnly)
	}
	if err != nil {
		return fmt.Errorf("flushing: %w", err)
	}
	return nil
}

// settle makes free what is to be free: of files that are gone, of transactions that
// are under way, and on xfs of what it allotted to files in advance.
func (v *volume) settle() error {
	if v.Type == "xfs" {
		if err := freeAllotted(v.fd()); err != nil {
			return fmt.Errorf("freeing what xfs allotted in advance: %w", err)
		}
	}
	return v.sync()
}

// Trim tells the device of a file system which of its blocks are free, and returns how
// many bytes those are; ErrNoDiscard where the device cannot be told.
func (h *Host) Trim(ctx context.Context, fs FileSystem) (bytes int64, err error) {
	v, err := h.openVolume(fs)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, v.dir.Close()) }()
	if err = v.settle(); err == nil {
		bytes, err = v.trim(ctx)
	}
	if err != nil {
		err = fmt.Errorf("discarding the free space of %s: %w", fs.Mount, err)
	}
	return bytes, err
}

// trim goes in steps, as one call for a large disk could not be interrupted.
func (v *volume) trim(ctx context.Context) (bytes int64, err error) {
	const step, rest = 32 << 30, 1 << 62
	for start := int64(0); start == 0 || start < v.size; start += step {
		if ctx.Err() != nil {
			return bytes, context.Cause(ctx)
		}
		length := int64(step)
		if start+step >= v.size {
			length = rest // the device is larger than what the file system says it holds
		}
		n, err := discard(v.fd(), start, length)
		switch {
		case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOTTY):
			return bytes, ErrNoDiscard
		case err != nil:
			return bytes, fmt.Errorf("discarding: %w", err)
		}
		bytes += n
	}
	return bytes, nil
}

// doubts says what layers below a file system may keep.
func (b blockDevice) doubts() []string {
	var thin, volume bool
	for _, id := range b.layers {
		thin = thin || strings.HasSuffix(id, "-tpool")
		volume = volume || strings.HasPrefix(id, "LVM-")
	}
	switch {
	case thin:
		return []string{"what the thin pool below it holds for snapshots or has not given out"}
	case volume:
		return []string{"what the volume group below it has not given out"}
	}
	return nil
}
