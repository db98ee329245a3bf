package host

import (
	"errors"
	"io/fs"
	"path"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// thing is what the kernel tells of one name; a link is told of as a link. It is its
// own fs.FileInfo.
type thing struct {
	// asked is the name it was looked for by, which may be a path, or empty.
	asked string
	stat  syscall.Stat_t
	// attributes are those of statx, none before kernel 4.11.
	attributes uint64
	// mount is the mount it lies on, where mountTold.
	mount     uint64
	mountTold bool
}

// look describes what stands at a name in the opened folder dir; the empty name is
// dir itself. Nothing is opened, and nothing mounted by looking.
func look(dir int, name string) (thing, error) {
	flags := unix.AT_SYMLINK_NOFOLLOW | unix.AT_NO_AUTOMOUNT
	if name == "" {
		flags |= unix.AT_EMPTY_PATH
	}
	var x unix.Statx_t
	err := unix.Statx(dir, name, flags, unix.STATX_BASIC_STATS|unix.STATX_MNT_ID, &x)
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) { // before 4.11; some containers forbid it
		return lookBefore(dir, name, flags)
	}
	if err != nil {
		return thing{}, err
	}
	return thing{
		asked:      name,
		attributes: x.Attributes,
		mount:      x.Mnt_id,
		mountTold:  x.Mask&unix.STATX_MNT_ID != 0,
		stat: syscall.Stat_t{
			Dev: unix.Mkdev(x.Dev_major, x.Dev_minor), Ino: x.Ino, Nlink: uint64(x.Nlink), Mode: uint32(x.Mode),
			Uid: x.Uid, Gid: x.Gid, Rdev: unix.Mkdev(x.Rdev_major, x.Rdev_minor),
			Size: int64(x.Size), Blksize: int64(x.Blksize), Blocks: int64(x.Blocks), //nolint:gosec // the kernel's own are signed
			Atim: syscall.Timespec{Sec: x.Atime.Sec, Nsec: int64(x.Atime.Nsec)},
			Mtim: syscall.Timespec{Sec: x.Mtime.Sec, Nsec: int64(x.Mtime.Nsec)},
			Ctim: syscall.Timespec{Sec: x.Ctime.Sec, Nsec: int64(x.Ctime.Nsec)},
		},
	}, nil
}

// lookAll looks at many names of the folder.
func (in *folder) lookAll(names []string) ([]thing, []error) {
	seen, errs := make([]thing, len(names)), make([]error, len(names))
	one := func(i int) { seen[i], errs[i] = look(in.fd, names[i]) }
	if len(names) < 4*workers { // not worth it
		for i := range names {
			one(i)
		}
		return seen, errs
	}
	parallel(len(names), one)
	return seen, errs
}

// lookBefore is look for kernels without statx.
func lookBefore(dir int, name string, flags int) (thing, error) {
	var s unix.Stat_t
	if err := unix.Fstatat(dir, name, &s, flags); err != nil {
		return thing{}, err
	}
	return thing{
		asked: name,
		stat: syscall.Stat_t{
			Dev: s.Dev, Ino: s.Ino, Nlink: s.Nlink, Mode: s.Mode, Uid: s.Uid, Gid: s.Gid, Rdev: s.Rdev,
			Size: s.Size, Blksize: s.Blksize, Blocks: s.Blocks,
			Atim: syscall.Timespec(s.Atim), Mtim: syscall.Timespec(s.Mtim), Ctim: syscall.Timespec(s.Ctim),
		},
	}, nil
}

func (t *thing) Name() string       { return path.Base(t.asked) }
func (t *thing) Size() int64        { return t.stat.Size }
func (t *thing) ModTime() time.Time { return time.Unix(t.stat.Mtim.Unix()) }
func (t *thing) IsDir() bool        { return t.Mode().IsDir() }
func (t *thing) Sys() any           { return &t.stat }

// Mode returns type and permissions as package fs has them.
func (t *thing) Mode() fs.FileMode {
	mode := fs.FileMode(t.stat.Mode & 0o777)
	for _, special := range []struct {
		bit   uint32
		means fs.FileMode
	}{{unix.S_ISUID, fs.ModeSetuid}, {unix.S_ISGID, fs.ModeSetgid}, {unix.S_ISVTX, fs.ModeSticky}} {
		if t.stat.Mode&special.bit != 0 {
			mode |= special.means
		}
	}
	return mode | typeOf(t.stat.Mode)
}

// typeOf returns the type in a mode of the kernel's.
func typeOf(mode uint32) fs.FileMode {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return 0
	case unix.S_IFDIR:
		return fs.ModeDir
	case unix.S_IFLNK:
		return fs.ModeSymlink
	case unix.S_IFIFO:
		return fs.ModeNamedPipe
	case unix.S_IFSOCK:
		return fs.ModeSocket
	case unix.S_IFBLK:
		return fs.ModeDevice
	case unix.S_IFCHR:
		return fs.ModeDevice | fs.ModeCharDevice
	}
	return fs.ModeIrregular
}

// alone returns why contents cannot be changed in place: what has them is no regular
// file, or has other names.
func (t *thing) alone() error {
	switch {
	case t.stat.Mode&unix.S_IFMT != unix.S_IFREG:
		return ErrNotRegular
	case t.stat.Nlink > 1:
		return ErrLinked
	}
	return nil
}
