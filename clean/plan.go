package clean

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"imgcheck/internal/host"
)

// plan collects the actions of one step. What stands in the way of an action is
// looked at here, once and for all steps: it is never followed, and never stops the
// run.
type plan struct {
	scope    *Scope
	actions  []Action
	problems []error
}

func newPlan(s *Scope) *plan { return &plan{scope: s} }

// end returns what was planned and what could not be.
func (p *plan) end() ([]Action, error) { return p.actions, errors.Join(p.problems...) }

func (p *plan) add(a Action) { p.actions = append(p.actions, a) }

// problem notes what could not be looked at; nil is none.
func (p *plan) problem(err error) {
	if err != nil {
		p.problems = append(p.problems, err)
	}
}

// leave plans nothing and says why.
func (p *plan) leave(at host.Place, format string, args ...any) {
	p.add(Action{Op: OpLeave, At: at, Note: fmt.Sprintf(format, args...)})
}

// truncate plans to empty the file that stands there.
func (p *plan) truncate(at host.Place) { p.file(at, OpTruncate) }

// remove plans to remove the file that stands there.
func (p *plan) remove(at host.Place) { p.file(at, OpRemove) }

// file plans for what stands at a place where a file is due.
func (p *plan) file(at host.Place, op Op) {
	e, err := p.scope.Root.Look(at)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, host.ErrChanged):
		p.leave(at, "behind a link or what is no folder, left alone")
	case errors.Is(err, host.ErrMount), err == nil && e.Mount:
		p.leave(at, "a file system is mounted there, left alone")
	case err != nil:
		p.problem(err)
	default:
		p.entry(e, at.Top, op)
	}
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

// tree plans to remove everything below the folder dir, and dir itself where
// itself is set; what is mounted there stays, and the folders above it.
func (p *plan) tree(ctx context.Context, top, dir string, itself bool) {
	t := treePlan{plan: p, top: top}
	p.problem(t.folder(ctx, dir, itself))
}

// kept reports whether the caller wants the path to stay.
func (p *plan) kept(at host.Place) bool {
	for _, own := range p.scope.Own {
		if own == at.Path {
			return true
		}
	}
	for _, glob := range p.scope.Keep {
		if host.MatchPath(glob, at.Path) {
			return true
		}
	}
	return false
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
