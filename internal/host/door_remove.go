package host

import (
	"errors"

	"golang.org/x/sys/unix"
)

// Remove removes the name of one file, link, fifo, socket or device. A link loses the
// link, never its target; a file with other names keeps those. A folder is ErrChanged.
func (r *Root) Remove(at Place) error {
	return r.change("remove", at, func(in *folder, name string) error { return in.unlink(name, 0) })
}

// RemoveFolder removes one folder. One that is not empty is ErrNotEmpty, anything else
// than a folder ErrChanged.
func (r *Root) RemoveFolder(at Place) error {
	return r.change("remove", at, func(in *folder, name string) error { return in.unlink(name, unix.AT_REMOVEDIR) })
}

// unlink leaves it to the kernel to look, in the same breath, whether what it removes
// is of the kind that is due.
func (in *folder) unlink(name string, flags int) error {
	err := unix.Unlinkat(in.fd, name, flags)
	switch {
	case errors.Is(err, unix.EBUSY):
		return ErrMount
	case errors.Is(err, unix.ENOTEMPTY), errors.Is(err, unix.EEXIST):
		return ErrNotEmpty
	case errors.Is(err, unix.EISDIR), errors.Is(err, unix.ENOTDIR):
		return in.otherKind(name)
	case err != nil:
		return in.explain(name, err)
	}
	return nil
}

// otherKind says why a name of the other kind stays: a folder may be a mount point.
func (in *folder) otherKind(name string) error {
	if t, err := look(in.fd, name); err == nil {
		if mounted, err := in.mounted(&t, in.fd); err == nil && mounted {
			return ErrMount
		}
	}
	return ErrChanged
}
