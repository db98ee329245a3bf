package clean

import (
	"context"
	"errors"
	"io/fs"
	"path"

	"imgcheck/internal/host"
)

// treePlan plans to remove a folder with everything in it, the deepest first. A
// folder in which something stays, stays.
type treePlan struct {
	*plan
	top string
}

func (t treePlan) folder(ctx context.Context, dir string, itself bool) error {
	stays := map[string]bool{} // folders in which something stays
	var folders []string
	err := t.scope.Root.WalkMount(ctx, dir, func(e host.Entry) error {
		at := host.Place{Top: t.top, Path: e.Path}
		switch {
		case t.kept(at):
			keepAbove(stays, e.Path, dir)
			return skipFolder(e)
		case e.Mount:
			t.leave(at, "a file system is mounted there, left alone")
			keepAbove(stays, e.Path, dir)
			return skipFolder(e)
		case e.Info.IsDir():
			folders = append(folders, e.Path)
		default:
			t.thing(at, e)
		}
		return nil
	})
	if itself && !errors.Is(err, fs.ErrNotExist) {
		folders = append([]string{dir}, folders...)
	}
	for i := len(folders) - 1; i >= 0; i-- { // a walk names a folder before what is in it
		if !stays[folders[i]] {
			t.add(Action{Op: OpRemoveFolder, At: host.Place{Top: t.top, Path: folders[i]}})
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// thing plans for one thing in a folder that is removed with everything in it.
func (t treePlan) thing(at host.Place, e host.Entry) {
	if !e.Info.Mode().IsRegular() {
		t.add(Action{Op: OpUnlink, At: at, Note: "a " + kindOf(e.Info.Mode())})
		return
	}
	t.entry(e, t.top, OpRemove)
}

func keepAbove(stays map[string]bool, name, top string) {
	for dir := path.Dir(name); len(dir) >= len(top); dir = path.Dir(dir) {
		stays[dir] = true
		if dir == "/" {
			return
		}
	}
}

func skipFolder(e host.Entry) error {
	if e.Info.IsDir() {
		return fs.SkipDir
	}
	return nil
}
