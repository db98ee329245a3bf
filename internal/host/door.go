package host

import (
	"context"
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
	// ErrMount says that the path is, or lies behind, a mount point below its top:
	// what is there is not the image's.
	ErrMount = errors.New("refused: a file system is mounted there")
	// ErrLinked says that the file has other names, which the change would reach too.
	ErrLinked = errors.New("refused: the file has other hard links")
	// ErrChanged says that the path leads through a link below its top, or that
	// something else stands there than when it was planned.
	ErrChanged = errors.New("refused: something else is there now")
)

// Place is where a change is made. Links on the way to Top are followed inside the
// tree, as they are the machine's own layout; below it none is, and no mount is
// crossed.
type Place struct {
	// Top is the folder that the change must not leave.
	Top string
	// Path is the whole path of what is changed, below Top.
	Path string
}

// At is the place of a file whose folder is the machine's own and not a user's.
func At(name string) Place { return Place{Top: path.Dir(name), Path: name} }

// Remove removes the name of one file, link, fifo, socket or device. A link loses the
// link, never its target; a file with other names keeps those.
func (r *Root) Remove(at Place) error {
	rel, info, err := r.target(at.Path)
	if err == nil && info.IsDir() {
		err = ErrChanged
	}
	if err == nil {
		err = r.root.Remove(rel)
	}
	return pathError("remove", at.Path, err)
}

// RemoveFolder removes one empty folder.
func (r *Root) RemoveFolder(at Place) error {
	rel, info, err := r.target(at.Path)
	if err == nil && !info.IsDir() {
		err = ErrChanged
	}
	if err == nil {
		err = r.root.Remove(rel)
	}
	return pathError("remove", at.Path, err)
}

// Overwrite writes zeros over all that a regular file without other names holds. Its
// size stays; holes stay holes. Flush brings the zeros to the disk.
func (r *Root) Overwrite(_ context.Context, at Place) (err error) {
	f, err := r.openChange(at.Path)
	if err != nil {
		return pathError("overwrite", at.Path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return pathError("overwrite", at.Path, err)
	}
	zeros := make([]byte, 64<<10)
	for offset := int64(0); offset < info.Size(); offset += int64(len(zeros)) {
		if _, err := f.WriteAt(zeros[:min(int64(len(zeros)), info.Size()-offset)], offset); err != nil {
			return pathError("overwrite", at.Path, err)
		}
	}
	return nil
}

// Flush brings what was written at the places to the disk.
func (r *Root) Flush(places []Place) error {
	if len(places) > 0 {
		unix.Sync()
	}
	return nil
}

// Truncate cuts a regular file that has no other names to nothing. Owner and mode stay.
func (r *Root) Truncate(at Place) error {
	f, err := r.openChange(at.Path)
	if err != nil {
		return pathError("truncate", at.Path, err)
	}
	return pathError("truncate", at.Path, errors.Join(f.Truncate(0), f.Close()))
}

// WriteFile replaces the contents of an existing regular file, or makes a new one
// with the given permissions. The new contents appear at once or not at all; an
// existing file keeps owner and permissions.
func (r *Root) WriteFile(at Place, data []byte, perm fs.FileMode) error {
	name := at.Path
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
func (r *Root) Chmod(at Place, perm fs.FileMode) error {
	f, err := r.openChange(at.Path)
	if err != nil {
		return pathError("chmod", at.Path, err)
	}
	return pathError("chmod", at.Path, errors.Join(f.Chmod(perm), f.Close()))
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
