package clean

import (
	"errors"
	"io/fs"
	"path"

	"imgcheck/internal/host"
)

// file plans for what stands at a place where a file is due.
func (p *plan) file(at host.Place, op Op) {
	info, err := p.scope.Root.Lstat(at.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		p.problem(err)
	default:
		p.reach(host.Entry{Path: at.Path, Info: info}, at, op)
	}
}

// reach plans for something that is there, unless a link below the top leads to it:
// that is an account's own, and may lead anywhere.
func (p *plan) reach(e host.Entry, at host.Place, op Op) {
	if !p.detour(at) {
		p.entry(e, at.Top, op)
	}
}

// detour reports whether a link below the top is on the way, or what is on the way
// could not be looked at, and says so.
func (p *plan) detour(at host.Place) bool {
	for dir := path.Dir(at.Path); dir != at.Top && dir != "/" && host.Inside(at.Top, dir); dir = path.Dir(dir) {
		info, err := p.scope.Root.Lstat(dir)
		if err != nil {
			p.problem(err)
			return true
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			p.leave(at, "behind the link %s, left alone", dir)
			return true
		}
	}
	return false
}

// entry plans for something that was met on a walk and ought to be a file.
func (p *plan) entry(e host.Entry, top string, op Op) {
	at := host.Place{Top: top, Path: e.Path}
	switch mode := e.Info.Mode(); {
	case p.kept(at):
	case mode&fs.ModeSymlink != 0:
		p.link(at)
	case !mode.IsRegular():
		p.leave(at, "a %s, left alone", kindOf(mode))
	case e.Links() > 1:
		p.add(Action{Op: OpUnlink, At: at, Note: "a file with other names, which keep what it holds"})
	case op == OpTruncate && e.Info.Size() == 0:
	default:
		p.add(Action{Op: op, At: at, Size: e.Info.Size()})
	}
}

// link plans to remove a link, never what it leads to. A link to /dev/null is a way
// to have no such file, and stays.
func (p *plan) link(at host.Place) {
	if target, err := p.scope.Root.Readlink(at.Path); err == nil && path.Clean(target) == "/dev/null" {
		return
	}
	p.add(Action{Op: OpUnlink, At: at, Note: "a link, whose target stays"})
}

// write plans to give a file that is there other contents.
func (p *plan) write(at host.Place, data []byte, note string) {
	info, err := p.scope.Root.Lstat(at.Path)
	switch {
	case err != nil:
		p.problem(err)
	case p.kept(at):
	case !info.Mode().IsRegular():
		p.leave(at, "a %s, left alone", kindOf(info.Mode()))
	case (host.Entry{Info: info}).Links() > 1:
		p.leave(at, "a file with other names, which would keep what it holds: left alone")
	default:
		p.add(Action{Op: OpWrite, At: at, Data: data, Perm: info.Mode().Perm(), Note: note})
	}
}

// kindOf names a type of file.
func kindOf(mode fs.FileMode) string {
	switch mode.Type() {
	case 0:
		return "file"
	case fs.ModeDir:
		return "folder"
	case fs.ModeSymlink:
		return "link"
	case fs.ModeNamedPipe:
		return "fifo"
	case fs.ModeSocket:
		return "socket"
	}
	return "device"
}
