package host

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"
)

// tempPrefix begins the name of a file that is not whole yet. It lies beside the one
// whose place it takes, and is removed by the next try where a run was killed.
const tempPrefix = ".imgcheck-"

// maxName is the kernel's limit of a file's name, in bytes.
const maxName = 255

// Truncate cuts a regular file that has no other names to nothing. Owner and mode stay.
func (r *Root) Truncate(at Place) error {
	return r.change("truncate", at, func(in *folder, name string) error {
		f, err := in.open(name, unix.O_WRONLY)
		if err != nil {
			return err
		}
		return errors.Join(unix.Ftruncate(f.fd, 0), unix.Close(f.fd))
	})
}

// WriteFile replaces the contents of an existing regular file, or makes a new one with
// the given permissions. The new contents appear at once or not at all; an existing
// file keeps owner, permissions and extended attributes, and what it held is
// overwritten on the disk. One that has other names is ErrLinked.
func (r *Root) WriteFile(at Place, data []byte, perm fs.FileMode) error {
	return r.change("write", at, func(in *folder, name string) error {
		old, err := in.open(name, unix.O_WRONLY)
		if errors.Is(err, fs.ErrNotExist) {
			old, err = nil, nil
		}
		if err != nil {
			return err
		}
		if err = in.replace(old, name, data, perm); err == nil {
			err = in.bury(old)
		}
		if old != nil {
			err = errors.Join(err, unix.Close(old.fd))
		}
		return err
	})
}

// replace puts a file with the data in the place of old, which is nil where there is
// none.
func (in *folder) replace(old *file, name string, data []byte, perm fs.FileMode) error {
	temp := tempName(name)
	if err := in.discard(temp); err != nil {
		return fmt.Errorf("removing what an interrupted run left: %w", err)
	}
	fd, err := unix.Openat(in.fd, temp, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return in.explain("", err)
	}
	err = fill(fd, data)
	if err == nil {
		err = liken(fd, old, perm)
	}
	if err == nil {
		err = unix.Fsync(fd)
	}
	if err = errors.Join(err, unix.Close(fd)); err == nil {
		err = in.rename(temp, name, old)
	}
	if err != nil {
		return errors.Join(err, in.unlink(temp, 0))
	}
	return nil
}

// tempName is never the name itself, which would be discarded.
func tempName(name string) string {
	if len(tempPrefix)+len(name) > maxName {
		return fmt.Sprintf("%s%x", tempPrefix, sha256.Sum256([]byte(name)))
	}
	return tempPrefix + name
}

// discard removes a file that an interrupted run left, overwritten where nobody else has
// it.
func (in *folder) discard(name string) error {
	f, err := in.open(name, unix.O_WRONLY)
	if err == nil {
		err = f.overwrite(context.Background())
		if err == nil {
			err = unix.Fsync(f.fd)
		}
		err = errors.Join(err, unix.Close(f.fd))
	}
	if err == nil || errors.Is(err, ErrLinked) || errors.Is(err, ErrNotRegular) {
		err = in.unlink(name, 0)
	}
	return absent(err)
}

func fill(fd int, data []byte) error {
	for len(data) > 0 {
		n, err := again(func() (int, error) { return unix.Write(fd, data) })
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// rename gives the new file its name, where still that stands which it is to replace.
func (in *folder) rename(temp, name string, old *file) error {
	if old == nil {
		err := unix.Renameat2(in.fd, temp, in.fd, name, unix.RENAME_NOREPLACE)
		switch {
		case errors.Is(err, unix.EEXIST):
			return ErrChanged
		case !errors.Is(err, unix.ENOSYS) && !errors.Is(err, unix.EINVAL): // before 3.15; some file systems
			return err
		}
	}
	now, err := look(in.fd, name)
	switch {
	case old == nil && err == nil, old != nil && err == nil && now.stat.Ino != old.stat.Ino:
		return ErrChanged
	case err != nil && (old != nil || !errors.Is(err, fs.ErrNotExist)):
		return err
	}
	return unix.Renameat(in.fd, temp, in.fd, name)
}

// bury overwrites what a replaced file held. The new name must have reached the disk
// first: a machine that fails in between would come back with the old one, emptied.
func (in *folder) bury(old *file) error {
	if err := unix.Fsync(in.fd); err != nil || old == nil {
		return err
	}
	left, err := look(old.fd, "")
	if err == nil && left.stat.Nlink > 0 {
		err = ErrLinked
	}
	if err == nil {
		err = old.overwrite(context.Background())
	}
	if err == nil {
		err = unix.Fsync(old.fd)
	}
	if err != nil {
		return fmt.Errorf("the new contents are in place, the old ones may still be on the disk: %w", err)
	}
	return nil
}
