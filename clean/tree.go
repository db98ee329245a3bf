package clean

import (
	"context"
	"errors"
	"io/fs"
	"path"

	"imgcheck/internal/host"
)

// sweep plans to remove a folder with everything in it, the deepest first. A folder
// in which something stays, stays.
type sweep struct {
	*plan
	top string
	// spare reports whether something stays, with all that is in it, without a word;
	// it may be nil.
	spare func(host.Entry) bool
	// used are the files that running processes use, by their paths.
	used map[string]host.Process
}

// folder plans for what is in the folder dir, and dir itself where itself is set. A
// folder that is not there needs nothing.
func (w sweep) folder(ctx context.Context, dir string, itself bool) error {
	stays := map[string]bool{} // folders in which something stays
	var folders []string
	if itself {
		folders = append(folders, dir)
	}
	err := w.scope.Root.WalkMount(ctx, dir, func(e host.Entry) error {
		if w.stays(e) {
			for name := path.Dir(e.Path); host.Inside(dir, name) && !stays[name]; name = path.Dir(name) {
				stays[name] = true
			}
			return skipFolder(e)
		}
		if e.Info.IsDir() {
			folders = append(folders, e.Path)
			return nil
		}
		w.thing(e)
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for i := len(folders) - 1; i >= 0; i-- { // a walk names a folder before what is in it
		if !stays[folders[i]] {
			w.add(Action{Op: OpRemoveFolder, At: host.Place{Top: w.top, Path: folders[i]}})
		}
	}
	return err
}

func (w sweep) stays(e host.Entry) bool {
	at := host.Place{Top: w.top, Path: e.Path}
	switch {
	case w.spare != nil && w.spare(e), w.kept(at):
		return true
	case e.Mount:
		w.leave(at, "a file system is mounted there, left alone")
		return true
	}
	return false
}

// thing plans for one thing in a folder that is removed with everything in it.
func (w sweep) thing(e host.Entry) {
	at := host.Place{Top: w.top, Path: e.Path}
	mode := e.Info.Mode()
	if user, used := w.used[e.Path]; used && mode.IsRegular() {
		w.add(Action{Op: OpUnlink, At: at, Note: "what it holds stays on the disk until " + user.String() + " ends, which uses it"})
		return
	}
	switch {
	case mode&fs.ModeSymlink != 0:
		w.add(Action{Op: OpUnlink, At: at, Note: "a link, whose target stays"})
	case !mode.IsRegular():
		w.add(Action{Op: OpUnlink, At: at, Note: "a " + kindOf(mode)})
	case e.Links() > 1:
		w.add(Action{Op: OpUnlink, At: at, Note: "a file with other names, which keep what it holds"})
	default:
		w.add(Action{Op: OpRemove, At: at, Size: e.Info.Size()})
	}
}

func skipFolder(e host.Entry) error {
	if e.Info.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// walk visits everything in a folder of the machine's own that is no folder, and
// leaves out, with a word, what is mounted or to be kept.
func (p *plan) walk(ctx context.Context, dir string, visit func(host.Entry)) {
	w := sweep{plan: p, top: dir}
	err := p.scope.Root.WalkMount(ctx, dir, func(e host.Entry) error {
		switch {
		case e.Info.IsDir() || e.Mount:
			if w.stays(e) {
				return skipFolder(e)
			}
		default:
			visit(e)
		}
		return nil
	})
	if !errors.Is(err, fs.ErrNotExist) {
		p.problem(err)
	}
}
