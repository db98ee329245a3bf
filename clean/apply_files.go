package clean

import (
	"context"
	"errors"
	"fmt"

	"imgcheck/internal/host"
)

// batch is how many files are overwritten, flushed and changed at a time: a flush costs
// as much for one as for many.
const batch = 8 << 10

// together returns how many actions at the front change nothing but files.
func together(outcomes []Outcome) int {
	for i := range outcomes {
		if op := outcomes[i].Op; !ofFile(op) && op != OpLeave {
			return i
		}
	}
	return len(outcomes)
}

// ofFile reports whether an operation changes a file, a link or a folder.
func ofFile(op Op) bool {
	switch op {
	case OpTruncate, OpRemove, OpUnlink, OpRemoveFolder, OpWrite:
		return true
	}
	return false
}

// files makes changes of files, a batch at a time. What is to go is overwritten first,
// all of the batch, and flushed once: a file that is cut before that would leave its
// contents on the disk. To overwrite the next meanwhile takes longer: a flush waits for
// all that is written while it runs.
func (c *Cleaner) files(ctx context.Context, s *Scope, outcomes []Outcome) {
	for rest := outcomes; len(rest) > 0; {
		some := rest[:min(batch, len(rest))]
		rest = rest[len(some):]
		overwrite(ctx, s, some)
		flush(s, some)
		cut(some)
		c.others(ctx, s, some)
	}
}

// overwrite overwrites the contents of every file that is to be cut or removed.
func overwrite(ctx context.Context, s *Scope, outcomes []Outcome) {
	var due []*Outcome
	var places []host.Place
	for i := range outcomes {
		if o := &outcomes[i]; o.Op == OpTruncate || o.Op == OpRemove {
			due, places = append(due, o), append(places, o.At)
		}
	}
	held, errs := make([]host.Overwritten, len(places)), make([]error, len(places))
	if err := guarded(func() error { held, errs = s.Root.OverwriteHeld(ctx, places); return nil }); err != nil {
		for k := range errs {
			errs[k] = err
		}
	}
	for k, err := range errs {
		switch o := due[k]; {
		case err == nil:
			o.held, o.zeros = held[k], true
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			o.Status, o.Err = Skipped, context.Cause(ctx)
		default:
			settle(o, err)
		}
	}
}

// flush brings what was overwritten to the disk. Where that does not work, nothing of it
// is cut.
func flush(s *Scope, outcomes []Outcome) {
	var written []host.Place
	for i := range outcomes {
		if outcomes[i].zeros {
			written = append(written, outcomes[i].At)
		}
	}
	err := guarded(func() error { return s.Root.Flush(written) })
	if err == nil {
		return
	}
	for i := range outcomes {
		if o := &outcomes[i]; o.zeros {
			settle(o, errors.Join(fmt.Errorf("flushing what was overwritten: %w", err), o.held.Close()))
		}
	}
}

// cut empties the files that are held open since they were overwritten.
func cut(outcomes []Outcome) {
	var due []*Outcome
	var held []*host.Overwritten
	for i := range outcomes {
		if o := &outcomes[i]; o.Op == OpTruncate && o.held.Held() {
			due, held = append(due, o), append(held, &o.held)
		}
	}
	for i, err := range host.Cut(held) {
		settle(due[i], err)
	}
}

// others makes the changes that are left. What was overwritten goes also when the run is
// interrupted meanwhile, as it is of no use to anybody any more.
func (c *Cleaner) others(ctx context.Context, s *Scope, outcomes []Outcome) {
	for i := range outcomes {
		o := &outcomes[i]
		if o.Status == 0 {
			if ctx.Err() != nil && !o.zeros {
				o.Status, o.Err = Skipped, context.Cause(ctx)
				continue
			}
			settle(o, guarded(func() error { return c.change(ctx, s, o) }))
		}
		if o.Status == Done && o.zeros {
			o.Bytes = o.Size
		}
	}
}
