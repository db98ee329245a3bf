package host

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

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
// many bytes those are by the kernel's count; ErrNoDiscard where the device cannot be
// told. Pieces smaller than what the device discards at once stay as they are.
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

// trim goes in steps, as one call for a large disk could not be interrupted; the step
// behind the end is refused.
func (v *volume) trim(ctx context.Context) (bytes int64, err error) {
	step, err := v.trimStep()
	for start := int64(0); err == nil; start += step {
		if ctx.Err() != nil {
			return bytes, context.Cause(ctx)
		}
		var n int64
		n, err = discard(v.fd(), start, step)
		switch {
		case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOTTY):
			return bytes, ErrNoDiscard
		case errors.Is(err, unix.EINVAL) && start > 0:
			return bytes, nil
		case err != nil:
			return bytes, fmt.Errorf("discarding: %w", err)
		}
		if bytes += n; step == math.MaxInt64 {
			return bytes, nil
		}
	}
	return 0, err
}

// trimStep is all at once of the kinds of which little is known here. On xfs it is half
// an allocation group: where Linux discards a whole one, it goes by the lengths of the
// free pieces, and since 6.10 leaves out some of the short ones (seen with 6.18: the
// trace point xfs_discard_exclude shows them).
func (v *volume) trimStep() (int64, error) {
	switch v.Type {
	case "ext2", "ext3", "ext4":
		return 32 << 30, nil
	case "xfs":
		group, err := xfsGroupSize(v.fd())
		if err != nil {
			return 0, fmt.Errorf("asking for the allocation groups: %w", err)
		}
		return group / 2 / v.block * v.block, nil
	}
	return math.MaxInt64, nil
}
