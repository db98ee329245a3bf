package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"sort"
	"syscall"

	"golang.org/x/sys/unix"
)

// Entry is one thing met on a walk. Info describes the thing itself, a link as a link.
type Entry struct {
	Path string
	Info fs.FileInfo
	// Mount: something is mounted there. Only WalkMount tells.
	Mount bool
}

// Links returns how many names the file has.
func (e Entry) Links() uint64 {
	if stat, ok := e.Info.Sys().(*syscall.Stat_t); ok {
		return stat.Nlink
	}
	return 1
}

// ReadDir lists the folder that name leads to, sorted by name.
func (r *Root) ReadDir(name string) ([]fs.DirEntry, error) {
	rel, err := r.resolve(name)
	if err != nil {
		return nil, pathError("readdir", name, err)
	}
	entries, err := r.readDir(rel)
	return entries, pathError("readdir", name, err)
}

// readDir opens nothing but a folder: the kernel refuses anything else unopened.
func (r *Root) readDir(rel string) (entries []fs.DirEntry, err error) {
	f, err := r.root.OpenFile(rel, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if errors.Is(err, syscall.ENOTDIR) {
		return nil, ErrNotFolder
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	entries, err = f.ReadDir(-1)
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	return entries, err
}

// Walk calls visit for everything below the folder that dir leads to, sorted
// within each folder, folders before what is in them. Links below dir are
// reported, never followed. A folder that cannot be read does not end the walk:
// its error is part of the one returned at the end. An error from visit, and the
// end of ctx, do end it; visit may return fs.SkipDir for a folder. The names of
// the folder at hand and of those above it are in memory, all of them.
func (r *Root) Walk(ctx context.Context, dir string, visit func(Entry) error) error {
	return r.walk(dir, &walker{ctx: ctx, top: dir, visit: visit})
}

// WalkMount is Walk for changes: what is mounted below dir is reported as such, files
// too, and not entered.
func (r *Root) WalkMount(ctx context.Context, dir string, visit func(Entry) error) error {
	return r.walk(dir, &walker{ctx: ctx, top: dir, visit: visit, mounts: true})
}

func (r *Root) walk(dir string, w *walker) error {
	rel, err := r.resolve(dir)
	if err != nil {
		return pathError("walk", dir, err)
	}
	found, err := r.descend(rel)
	if errors.Is(err, ErrChanged) {
		err = ErrNotFolder
	}
	if err != nil {
		return pathError("walk", dir, err)
	}
	in, err := readable(found)
	if err != nil {
		return pathError("walk", dir, err)
	}
	w.mount = in.mount
	err = w.folder(in, dir, 0)
	shut(in.fd)
	if err != nil {
		return err
	}
	return errors.Join(w.unread...)
}

const (
	// heldFolders is how many folders a walk holds open at once, the one at hand and
	// the highest above it.
	heldFolders = 64
	// longestPath is the longest path that a walk enters, in bytes. The kernel has no
	// such limit: this one keeps a tree that only grows downwards from filling memory.
	longestPath = 32 << 10
	// ahead is how many names of a folder are looked at before the first is visited.
	ahead = 256
)

type walker struct {
	ctx   context.Context
	top   string
	visit func(Entry) error
	// mounts: mounts are told and not entered; mount is the one that dir lies on.
	mounts bool
	mount  uint64
	unread []error
}

// folder walks through an opened folder, which stays open unless the walk has ended.
func (w *walker) folder(in *folder, shown string, depth int) error {
	names, err := in.names()
	w.cannot(shown, err)
	for len(names) > 0 {
		some := names[:min(ahead, len(names))]
		names = names[len(some):]
		seen, errs := in.lookAll(some)
		for i, name := range some {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			full := path.Join(shown, name)
			if errs[i] != nil {
				w.cannot(full, errs[i])
				continue
			}
			if err := w.entry(in, full, &seen[i], depth); err != nil {
				return err
			}
			if in.fd < 0 {
				return nil // it cannot be reached any more, as was noted
			}
		}
	}
	return nil
}

// cannot notes what could not be read. What a running machine removes while we look is
// not there; it is no error, and must not make another folder's error look like absence.
func (w *walker) cannot(shown string, err error) {
	if err != nil && (shown == w.top || !errors.Is(err, fs.ErrNotExist)) {
		w.unread = append(w.unread, pathError("walk", shown, err))
	}
}

// entry visits what was seen, and goes on below it.
func (w *walker) entry(in *folder, full string, t *thing, depth int) error {
	e := Entry{Path: full, Info: t}
	if w.mounts {
		mount, err := t.mountIn(in.fd)
		if err != nil {
			w.cannot(full, err)
			return nil
		}
		e.Mount = mount != w.mount
	}
	switch err := w.visit(e); {
	case errors.Is(err, fs.SkipDir):
		return nil
	case err != nil:
		return err
	}
	if !t.IsDir() || e.Mount {
		return nil
	}
	return w.enter(in, path.Base(full), full, depth+1)
}

// enter walks through a folder in an opened one.
func (w *walker) enter(above *folder, name, shown string, depth int) error {
	if len(shown) > longestPath {
		w.cannot(shown, unix.ENAMETOOLONG)
		return nil
	}
	fd, err := openFolder(above.fd, name, unix.O_RDONLY)
	if err != nil {
		w.cannot(shown, err)
		return nil
	}
	in := &folder{fd: fd}
	defer func() { shut(in.fd) }()
	if depth < heldFolders {
		return w.folder(in, shown, depth)
	}
	if err := above.release(); err != nil {
		w.cannot(shown, err)
		return nil
	}
	if err := w.folder(in, shown, depth); err != nil {
		return err
	}
	w.cannot(path.Dir(shown), above.reopen(in))
	return nil
}
