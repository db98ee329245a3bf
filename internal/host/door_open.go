package host

import (
	"errors"
	"fmt"
	"path"
	"time"

	"golang.org/x/sys/unix"
)

// file is a regular file, opened to be changed.
type file struct {
	fd int
	thing
}

// open opens a regular file without other names for a change. It looks before, as
// opening a device or a fifo is felt at its other end, and again at what it opened.
func (in *folder) open(name string, flags int) (*file, error) {
	t, err := look(in.fd, name)
	if err == nil {
		err = t.alone()
	}
	if err != nil {
		return nil, err
	}
	fd, err := again(func() (int, error) {
		return unix.Openat(in.fd, name, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	})
	switch {
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.EISDIR), errors.Is(err, unix.ENXIO):
		return nil, ErrNotRegular
	case err != nil:
		return nil, in.explain(name, err)
	}
	f := &file{fd: fd}
	if err := in.examine(f, name); err != nil {
		shut(fd)
		return nil, err
	}
	return f, nil
}

// examine makes sure of what was opened by a name.
func (in *folder) examine(f *file, name string) (err error) {
	if f.thing, err = look(f.fd, ""); err != nil {
		return err
	}
	if err := f.alone(); err != nil {
		return err
	}
	if mounted, err := in.mounted(&f.thing, f.fd); err != nil || mounted {
		return errors.Join(err, ErrMount)
	}
	if !in.shared { // no name in it can be a trap; to ask takes longer than all the rest
		return nil
	}
	return in.named(f, name)
}

// named makes sure that a file which was seen with one name has the one it was opened
// by. The kernel lowers the count of names before a name goes away: of two names, the
// one that is on its way out can still be opened while the count says one, and a change
// would then reach the other. So the lock is waited for that is held while a name goes
// away; what is gone then says so.
func (in *folder) named(f *file, name string) error {
	if err := in.settle(); err != nil {
		return err
	}
	buf := make([]byte, unix.PathMax)
	n, err := unix.Readlink(fmt.Sprintf("/proc/self/fd/%d", f.fd), buf)
	if err != nil {
		return in.ripe(f) // the whole path is too long for /proc, or there is none
	}
	if path.Base(string(buf[:n])) != name { // a file that lost its name is "name (deleted)"
		return ErrChanged
	}
	now, err := look(f.fd, "")
	if err != nil {
		return err
	}
	return now.alone()
}

// settle waits until no name of the folder is on its way out: to list a folder takes the
// lock that is held meanwhile.
func (in *folder) settle() error {
	var tooSmall [1]byte // for any entry: the kernel takes the lock, and lists nothing
	if _, err := unix.Getdents(in.fd, tooSmall[:]); err != nil && !errors.Is(err, unix.EINVAL) {
		return err
	}
	return nil
}

// ripeness is well above the grain of the clock that the kernel stamps files with, 10 ms
// at most.
const ripeness = 100 * time.Millisecond

// ripe is named where /proc does not help: a name that goes away changes the file's
// ctime, so that none was on its way out when the count of names was read, if no
// removal was under way shortly before and the ctime is older than that.
func (in *folder) ripe(f *file) error {
	const patience = 20
	for range patience {
		begin := time.Now()
		if err := in.settle(); err != nil {
			return err
		}
		now, err := look(f.fd, "")
		if err == nil {
			err = errors.Join(now.alone(), in.settle())
		}
		if err == nil {
			now, err = look(f.fd, "")
		}
		if err != nil {
			return err
		}
		if time.Unix(now.stat.Ctim.Unix()).Before(begin.Add(-ripeness)) {
			return nil
		}
		time.Sleep(ripeness)
	}
	return ErrChanged
}

// mounted reports whether a thing that was looked for in the opened folder dir lies on
// another mount than the folder.
func (in *folder) mounted(t *thing, dir int) (bool, error) {
	mount, err := t.mountIn(dir)
	return mount != in.mount, err
}

// again repeats a call that a signal interrupted.
func again[T any](call func() (T, error)) (T, error) {
	for {
		result, err := call()
		if !errors.Is(err, unix.EINTR) {
			return result, err
		}
	}
}
