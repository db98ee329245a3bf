package host

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"golang.org/x/sys/unix"
)

// LockHolder returns the id of the process that holds a POSIX lock on the file
// that name leads to, 0 where nobody does or there is no such file. A holder in
// another process namespace is -1.
func (r *Root) LockHolder(name string) (pid int, err error) {
	f, err := r.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lock := unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart}
	if err := unix.FcntlFlock(f.Fd(), unix.F_GETLK, &lock); err != nil {
		return 0, fmt.Errorf("asking for the lock of %s: %w", name, err)
	}
	switch {
	case lock.Type == unix.F_UNLCK:
		return 0, nil
	case lock.Pid == 0:
		return -1, nil
	}
	return int(lock.Pid), nil
}
