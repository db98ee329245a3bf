package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Reasons for which a change is refused. Nothing has been changed then.
var (
	// ErrForbidden says that the path is the root itself, empty, or holds "..".
	ErrForbidden = errors.New("refused: not a path inside the root")
	// ErrMount says that the path is a mount point: what is below is not the image's.
	ErrMount = errors.New("refused: a file system is mounted there")
	// ErrLinked says that the file has other names, which the change would reach too.
	ErrLinked = errors.New("refused: the file has other hard links")
)

// Remove removes one file, link, fifo, socket or empty folder. A link loses the
// link, never its target.
func (r *Root) Remove(name string) error {
	rel, _, err := r.target(name)
	if err == nil {
		err = r.root.Remove(rel)
	}
	return pathError("remove", name, err)
}

// Truncate cuts a regular file that has no other names to size bytes. Owner and
// mode stay.
func (r *Root) Truncate(name string, size int64) error {
	f, err := r.openChange(name)
	if err != nil {
		return pathError("truncate", name, err)
	}
	return pathError("truncate", name, errors.Join(f.Truncate(size), f.Close()))
}

// WriteFile replaces the contents of an existing regular file, or makes a new one
// with the given permissions. The new contents appear at once or not at all; an
// existing file keeps owner and permissions.
func (r *Root) WriteFile(name string, data []byte, perm fs.FileMode) error {
	rel, info, err := r.target(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		err = ErrNotRegular
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	}
	if err == nil {
		err = r.replace(rel, info, data, perm)
	}
	return pathError("write", name, err)
}

func (r *Root) replace(rel string, old fs.FileInfo, data []byte, perm fs.FileMode) error {
	if old != nil {
		perm = old.Mode().Perm()
	}
	next := path.Join(path.Dir(rel), ".imgcheck-"+path.Base(rel))
	f, err := r.root.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil && old != nil {
		err = keepOwner(f, old)
	}
	if err == nil {
		err = f.Chmod(perm) // the umask may have taken some away
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = r.root.Rename(next, rel)
	}
	if err != nil {
		return errors.Join(err, r.root.Remove(next))
	}
	return nil
}

func keepOwner(f *os.File, old fs.FileInfo) error {
	stat, ok := old.Sys().(*syscall.Stat_t)
	if !ok {
		return fmt.Errorf("no owner known of %s", old.Name())
	}
	return f.Chown(int(stat.Uid), int(stat.Gid))
}

// Chmod sets the permissions of a regular file that has no other names.
func (r *Root) Chmod(name string, perm fs.FileMode) error {
	f, err := r.openChange(name)
	if err != nil {
		return pathError("chmod", name, err)
	}
	return pathError("chmod", name, errors.Join(f.Chmod(perm), f.Close()))
}

// openChange opens a file for a change, and looks at what was opened rather than
// at what stood there before.
func (r *Root) openChange(name string) (*os.File, error) {
	rel, info, err := r.target(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, ErrNotRegular
	}
	f, err := r.root.OpenFile(rel, os.O_WRONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	var stat unix.Stat_t
	err = unix.Fstat(int(f.Fd()), &stat)
	switch {
	case err != nil:
	case stat.Mode&unix.S_IFMT != unix.S_IFREG:
		err = ErrNotRegular
	case stat.Nlink > 1:
		err = ErrLinked
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// target resolves what a change is to be made on. Its last component is never
// followed.
func (r *Root) target(name string) (string, fs.FileInfo, error) {
	if name == "" || hasDotDot(name) || path.Clean("/"+name) == "/" {
		return "", nil, ErrForbidden
	}
	rel, err := r.resolveParent(name)
	if err != nil {
		return "", nil, err
	}
	info, err := r.root.Lstat(rel)
	if err != nil {
		return rel, nil, err
	}
	parent, err := r.root.Lstat(path.Dir(rel))
	if err != nil {
		return "", nil, err
	}
	if device(info) != device(parent) {
		return "", nil, ErrMount
	}
	return rel, info, nil
}

func hasDotDot(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

func device(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Dev
	}
	return 0
}
