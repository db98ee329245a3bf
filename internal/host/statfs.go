package host

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// ReadOnly reports whether the file system that the root folder lies on takes no
// changes.
func (r *Root) ReadOnly() (bool, error) {
	stat, err := r.statfs()
	return stat.Flags&unix.ST_RDONLY != 0, err
}

// Free returns how many bytes are free on the file system that the root folder lies
// on, those too that are kept for root.
func (r *Root) Free() (int64, error) {
	stat, err := r.statfs()
	return int64(stat.Bfree) * stat.Bsize, err //nolint:gosec // no file system has 2^63 bytes
}

func (r *Root) statfs() (stat unix.Statfs_t, err error) {
	folder, err := r.root.Open(".")
	if err == nil {
		err = errors.Join(unix.Fstatfs(int(folder.Fd()), &stat), folder.Close())
	}
	if err != nil {
		return stat, fmt.Errorf("looking at the file system of %s: %w", r.dir, err)
	}
	return stat, nil
}
