package clean

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"imgcheck/internal/host"
)

// plan collects the actions of one step. What stands in the way of an action is
// looked at here, once and for all steps: it is never followed, and never stops the
// run.
type plan struct {
	scope    *Scope
	actions  []*Action
	problems []error
}

func newPlan(s *Scope) *plan { return &plan{scope: s} }

// end returns what was planned and what could not be.
func (p *plan) end() ([]*Action, error) { return p.actions, errors.Join(p.problems...) }

func (p *plan) add(a Action) { p.actions = append(p.actions, &a) }

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

// say plans nothing and tells the user something that no one place is about.
func (p *plan) say(format string, args ...any) { p.leave(host.Place{}, format, args...) }

// truncate plans to empty the file that stands there.
func (p *plan) truncate(at host.Place) { p.file(at, OpTruncate) }

// remove plans to remove the file that stands there.
func (p *plan) remove(at host.Place) { p.file(at, OpRemove) }

// each plans for every file whose path matches one of the patterns, whose folders
// are the machine's own.
func (p *plan) each(op Op, patterns ...string) {
	for _, pattern := range patterns {
		names, err := p.scope.Root.Glob(pattern)
		p.problem(err)
		for _, name := range names {
			p.file(host.At(name), op)
		}
	}
}

// contents plans to remove everything in a folder of the machine's own, and not the
// folder. What is mounted in it stays, and the folders above that.
func (p *plan) contents(ctx context.Context, dir string) {
	p.problem(sweep{plan: p, top: dir}.folder(ctx, dir, false))
}

// tree plans to remove what stands at a place where a folder is due, with everything
// in it.
func (p *plan) tree(ctx context.Context, at host.Place) {
	info, err := p.scope.Root.Lstat(at.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		p.problem(err)
	case !info.IsDir():
		p.reach(host.Entry{Path: at.Path, Info: info}, at, OpRemove)
	case !p.detour(at) && !p.kept(at):
		p.problem(sweep{plan: p, top: at.Top}.folder(ctx, at.Path, true))
	}
}

// folders returns those of the folders that are there, free of links and each once.
// What stands in the place of one is left.
func (p *plan) folders(dirs []string) []string {
	var found []string
	for _, dir := range dirs {
		real, err := p.scope.Root.Resolve(dir)
		if err == nil {
			var info fs.FileInfo
			if info, err = p.scope.Root.Lstat(real); err == nil && !info.IsDir() {
				p.leave(host.At(dir), "a %s where a folder is due, left alone", kindOf(info.Mode()))
				continue
			}
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			p.problem(err)
		case !slices.Contains(found, real):
			found = append(found, real)
		}
	}
	return found
}

// kept reports whether the caller wants the path, or a folder it lies in, to stay,
// and says so. What this run needs itself stays too.
func (p *plan) kept(at host.Place) bool {
	for _, own := range p.scope.Own {
		if own == at.Path || path.Base(own) == path.Base(at.Path) && p.same(own, at.Path) {
			p.leave(at, "is this run's own")
			return true
		}
	}
	for _, glob := range p.scope.Keep {
		for name := at.Path; name != "/" && name != "."; name = path.Dir(name) {
			if host.MatchPath(glob, name) {
				p.leave(at, "is to be kept")
				return true
			}
		}
	}
	return false
}

// same reports whether two paths lead to one thing.
func (p *plan) same(a, b string) bool {
	realA, errA := p.scope.Root.Resolve(a)
	realB, errB := p.scope.Root.Resolve(b)
	return errA == nil && errB == nil && realA == realB
}
