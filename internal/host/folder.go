package host

import (
	"errors"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// folder is an opened folder.
type folder struct {
	fd int
	// at is the place it was opened for a change at, without the last name.
	at Place
	// above leads from the root to its top, free of links; below from there to it.
	above, below string
	// mount is the mount it lies on.
	mount    uint64
	dev, ino uint64
	// shared: others than root may put names into it.
	shared bool
}

// descend opens the folder at a path relative to the root, following no link.
func (r *Root) descend(rel string) (int, error) {
	root, err := openFolder(r.top, ".", unix.O_PATH)
	if err != nil || rel == "." {
		return root, err
	}
	return descend(root, strings.Split(rel, "/"))
}

// descend opens the folder that the names lead to from the opened folder dir, which it
// closes. No link is followed: one is ErrChanged, as is what is no folder.
func descend(dir int, names []string) (int, error) {
	for len(names) > 0 {
		piece := names[:fitting(names)]
		next, err := openAtOnce(dir, piece)
		if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) { // before 5.6; some containers forbid it
			next, err = openOneByOne(dir, piece)
		}
		shut(dir)
		if err != nil {
			return -1, err
		}
		dir, names = next, names[len(piece):]
	}
	return dir, nil
}

// fitting returns how many of the names fit into a path that the kernel takes, at least
// one: it says itself of one that is too long.
func fitting(names []string) int {
	length := 0
	for i, name := range names {
		if length += len(name) + 1; length > unix.PathMax && i > 0 { // with its slash, or the zero at the end
			return i
		}
	}
	return len(names)
}

func openAtOnce(dir int, names []string) (int, error) {
	how := unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_NO_SYMLINKS,
	}
	fd, err := again(func() (int, error) { return unix.Openat2(dir, strings.Join(names, "/"), &how) })
	return fd, notFolder(err)
}

func openOneByOne(dir int, names []string) (int, error) {
	at := dir
	for _, name := range names {
		next, err := openFolder(at, name, unix.O_PATH)
		if at != dir {
			shut(at)
		}
		if err != nil {
			return -1, err
		}
		at = next
	}
	return at, nil
}

// openFolder opens the folder at a name in an opened folder. A link, or no folder, is
// ErrChanged.
func openFolder(dir int, name string, flags int) (int, error) {
	fd, err := again(func() (int, error) {
		return unix.Openat(dir, name, flags|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
	return fd, notFolder(err)
}

// notFolder says in our words that something else was met than a folder.
func notFolder(err error) error {
	if errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ELOOP) {
		return ErrChanged
	}
	return err
}

// readable opens a folder for reading that was found, and closes what it was found by.
func readable(found int) (*folder, error) {
	defer shut(found)
	fd, err := openFolder(found, ".", unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	t, err := look(fd, "")
	var mount uint64
	if err == nil {
		mount, err = t.mountIn(fd)
	}
	if err != nil {
		shut(fd)
		return nil, err
	}
	const others = unix.S_IWGRP | unix.S_IWOTH // an access list shows in the group's bits
	return &folder{
		fd: fd, mount: mount, dev: t.stat.Dev, ino: t.stat.Ino,
		shared: t.stat.Uid != 0 || t.stat.Mode&others != 0,
	}, nil
}

// names returns the names in the folder, sorted.
func (in *folder) names() ([]string, error) {
	var names []string
	buf := make([]byte, 32<<10)
	for {
		n, err := again(func() (int, error) { return unix.Getdents(in.fd, buf) })
		if err != nil || n == 0 {
			slices.Sort(names)
			return names, err
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
}

// release closes the folder for a while.
func (in *folder) release() error {
	t, err := look(in.fd, "")
	if err != nil {
		return err
	}
	in.dev, in.ino = t.stat.Dev, t.stat.Ino
	shut(in.fd)
	in.fd = -1
	return nil
}

// reopen opens a folder again that was released, from a folder that lay in it. It stays
// closed where that one lies in another now.
func (in *folder) reopen(child *folder) error {
	fd, err := openFolder(child.fd, "..", unix.O_RDONLY)
	if err != nil {
		return err
	}
	t, err := look(fd, "")
	if err == nil && (t.stat.Dev != in.dev || t.stat.Ino != in.ino) {
		err = ErrChanged
	}
	if err != nil {
		shut(fd)
		return err
	}
	in.fd = fd
	return nil
}

// shut closes a folder. Nothing was written through it, so that nothing can be lost.
func shut(fd int) { _ = unix.Close(fd) }
