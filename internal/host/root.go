package host

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"

	securejoin "github.com/cyphar/filepath-securejoin"
	"golang.org/x/sys/unix"
)

// Reasons for which a file is not read.
var (
	// ErrNotRegular says that a file is a fifo, socket, device or folder, which
	// are never opened for reading: a fifo would block, a device may act.
	ErrNotRegular = errors.New("not a regular file")
	// ErrNotFolder says that what was to be listed is no folder.
	ErrNotFolder = errors.New("not a folder")
	// ErrTooLarge says that a file is larger than the bound its reader gave.
	ErrTooLarge = errors.New("file too large")
)

// maxLinks is how many symbolic links one path may pass, as in the kernel.
const maxLinks = 40

// Root is a confined file tree. Names are slash-separated paths inside the tree
// ("/etc/passwd"). Symbolic links resolve as they would after a chroot: an
// absolute target starts again at the root, ".." stops there, and more than 40
// links are ELOOP. What resolution finds is opened without following any link, so
// that a tree that changes in between is refused rather than left.
type Root struct {
	dir  string
	root *os.Root
	// top is the folder itself, for what os.Root cannot do by it.
	top int
	// last is the folder of the last change, see kept.
	last atomic.Pointer[folder]
}

// OpenRoot opens the tree below the folder dir, an absolute path.
func OpenRoot(dir string) (*Root, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, fmt.Errorf("opening root: %w", err)
	}
	root, err := os.OpenRoot(real)
	if err != nil {
		return nil, fmt.Errorf("opening root: %w", err)
	}
	top, err := unix.Open(real, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening root: %w", err), root.Close())
	}
	return &Root{dir: real, root: root, top: top}, nil
}

func (r *Root) close() error {
	if in := r.last.Swap(nil); in != nil {
		shut(in.fd)
	}
	return errors.Join(unix.Close(r.top), r.root.Close())
}

// Dir returns the folder on this computer that the tree lies in.
func (r *Root) Dir() string { return r.dir }

// Open opens the regular file or folder that name leads to.
func (r *Root) Open(name string) (*os.File, error) {
	rel, err := r.resolve(name)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	f, err := r.open(rel)
	return f, pathError("open", name, err)
}

// open opens a link-free path. O_NONBLOCK keeps a fifo that appears after the
// look from blocking; a path that is now a link is refused by os.Root or here.
func (r *Root) open(rel string) (*os.File, error) {
	before, err := r.root.Lstat(rel)
	if err != nil {
		return nil, err
	}
	if !before.Mode().IsRegular() && !before.IsDir() {
		return nil, ErrNotRegular
	}
	f, err := r.root.OpenFile(rel, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	after, err := f.Stat()
	if err != nil || !os.SameFile(before, after) {
		return nil, errors.Join(ErrNotRegular, err, f.Close())
	}
	return f, nil
}

// ReadFile returns the contents of a regular file of at most limit bytes; a
// larger one is ErrTooLarge, anything but a regular file ErrNotRegular.
func (r *Root) ReadFile(name string, limit int64) ([]byte, error) {
	data, whole, err := r.ReadHead(name, limit)
	if err == nil && !whole {
		return nil, pathError("read", name, ErrTooLarge)
	}
	return data, err
}

// ReadHead returns the first limit bytes of a regular file, and whether that was
// all of it.
func (r *Root) ReadHead(name string, limit int64) (data []byte, whole bool, err error) {
	f, err := r.Open(name)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, false, pathError("read", name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, false, pathError("read", name, ErrNotRegular)
	}
	data, err = io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, false, pathError("read", name, err)
	}
	if int64(len(data)) > limit {
		return data[:limit], false, nil
	}
	return data, true, nil
}

// Lstat describes name itself: a link at its end is not followed.
func (r *Root) Lstat(name string) (fs.FileInfo, error) {
	rel, err := r.resolveParent(name)
	if err != nil {
		return nil, pathError("lstat", name, err)
	}
	info, err := r.root.Lstat(rel)
	return info, pathError("lstat", name, err)
}

// Stat describes what name leads to.
func (r *Root) Stat(name string) (fs.FileInfo, error) {
	rel, err := r.resolve(name)
	if err != nil {
		return nil, pathError("stat", name, err)
	}
	info, err := r.root.Lstat(rel)
	return info, pathError("stat", name, err)
}

// Readlink returns the target of the symbolic link name as it is written.
func (r *Root) Readlink(name string) (string, error) {
	rel, err := r.resolveParent(name)
	if err != nil {
		return "", pathError("readlink", name, err)
	}
	target, err := r.root.Readlink(rel)
	return target, pathError("readlink", name, err)
}

// Resolve returns the path inside the tree that name leads to, free of links.
// What it leads to need not exist.
func (r *Root) Resolve(name string) (string, error) {
	rel, err := r.resolve(name)
	return path.Join("/", rel), pathError("resolve", name, err)
}

// resolve returns the path relative to the root that name leads to.
func (r *Root) resolve(name string) (string, error) {
	if strings.ContainsRune(name, 0) {
		return "", syscall.EINVAL
	}
	full, err := securejoin.SecureJoinVFS(r.dir, path.Clean("/"+name), &boundedLinks{left: maxLinks})
	if err != nil {
		return "", err
	}
	return filepath.Rel(r.dir, full)
}

// resolveParent resolves all of name but its last component.
func (r *Root) resolveParent(name string) (string, error) {
	name = path.Clean("/" + name)
	if name == "/" {
		return ".", nil
	}
	parent, err := r.resolve(path.Dir(name))
	return path.Join(parent, path.Base(name)), err
}

// boundedLinks is the file system for one resolution; it gives up where the
// kernel would.
type boundedLinks struct{ left int }

func (b *boundedLinks) Lstat(name string) (fs.FileInfo, error) { return os.Lstat(name) }

func (b *boundedLinks) Readlink(name string) (string, error) {
	if b.left == 0 {
		return "", syscall.ELOOP
	}
	b.left--
	return os.Readlink(name)
}

// pathError names the path inside the tree, whatever path the cause names.
func pathError(op, name string, err error) error {
	if err == nil {
		return nil
	}
	var inner *fs.PathError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	if errors.Is(err, syscall.ENOTDIR) {
		err = fs.ErrNotExist // "/etc/passwd/x" is absent, not unreadable
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
