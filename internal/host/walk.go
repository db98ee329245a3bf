package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"
	"syscall"
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
		return uint64(stat.Nlink)
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
// end of ctx, do end it; visit may return fs.SkipDir for a folder.
func (r *Root) Walk(ctx context.Context, dir string, visit func(Entry) error) error {
	rel, err := r.resolve(dir)
	if err != nil {
		return pathError("walk", dir, err)
	}
	w := walker{ctx: ctx, root: r, top: dir, visit: visit}
	if err := w.folder(rel, dir); err != nil {
		return err
	}
	return errors.Join(w.unread...)
}

// WalkMount is Walk for changes: what is mounted below dir is reported as such, and
// not entered.
func (r *Root) WalkMount(ctx context.Context, dir string, visit func(Entry) error) error {
	top, err := r.Stat(dir)
	if err != nil {
		return err
	}
	return r.Walk(ctx, dir, func(e Entry) error {
		e.Mount = device(e.Info) != device(top)
		err := visit(e)
		if err == nil && e.Mount && e.Info.IsDir() {
			return fs.SkipDir
		}
		return err
	})
}

type walker struct {
	ctx    context.Context
	root   *Root
	top    string
	visit  func(Entry) error
	unread []error
}

func (w *walker) folder(rel, shown string) error {
	entries, err := w.root.readDir(rel)
	// What a running machine removes while we look is not there; it is no error, and
	// must not make another folder's error look like absence.
	if vanished := errors.Is(err, fs.ErrNotExist) && shown != w.top; err != nil && !vanished {
		w.unread = append(w.unread, pathError("walk", shown, err))
	}
	for _, e := range entries {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.entry(e, rel, shown); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) entry(e fs.DirEntry, rel, shown string) error {
	name := path.Join(shown, e.Name())
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		w.unread = append(w.unread, pathError("walk", name, err))
		return nil
	}
	switch err := w.visit(Entry{Path: name, Info: info}); {
	case errors.Is(err, fs.SkipDir):
		return nil
	case err != nil:
		return err
	}
	if info.IsDir() {
		return w.folder(path.Join(rel, e.Name()), name)
	}
	return nil
}

// Glob returns the names in the tree that match pattern, sorted. As in path.Match
// "*" does not cross a slash; links in the middle are followed inside the tree. A
// folder that is not there matches nothing; one that cannot be read is an error.
func (r *Root) Glob(pattern string) ([]string, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, err
	}
	found := []string{"/"}
	for _, part := range strings.Split(strings.Trim(path.Clean(pattern), "/"), "/") {
		next, err := r.globPart(found, part)
		if err != nil {
			return nil, err
		}
		found = next
	}
	return found, nil
}

func (r *Root) globPart(dirs []string, part string) ([]string, error) {
	var found []string
	for _, dir := range dirs {
		names, err := r.matches(dir, part)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrNotFolder) {
			return nil, err
		}
		for _, name := range names {
			found = append(found, path.Join(dir, name))
		}
	}
	return found, nil
}

// matches returns the names in dir that match one component of a pattern.
func (r *Root) matches(dir, part string) ([]string, error) {
	if !strings.ContainsAny(part, `*?[\`) {
		if _, err := r.Lstat(path.Join(dir, part)); err != nil {
			return nil, err
		}
		return []string{part}, nil
	}
	entries, err := r.ReadDir(dir)
	var names []string
	for _, e := range entries {
		if ok, _ := path.Match(part, e.Name()); ok { // Glob has checked the pattern
			names = append(names, e.Name())
		}
	}
	return names, err
}
