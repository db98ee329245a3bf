package clean

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"imgcheck/internal/host"
)

// errPointless says that an action was not tried, as what it builds on did not work.
var errPointless = errors.New("what has to come before it did not work")

// apply makes the planned changes of one step in their order. A change that does not
// work leaves the others to be made; but where a wait or a vital call does not, what follows has
// lost its ground and is left as it is: a swap file that is still in use, a journal
// that is still written.
func (c *Cleaner) apply(ctx context.Context, s *Scope, actions []*Action) []Outcome {
	outcomes := outcomesOf(actions)
	for rest := outcomes; len(rest) > 0; {
		if ctx.Err() != nil {
			skip(rest, context.Cause(ctx))
			break
		}
		if n := together(rest); n > 0 {
			c.files(ctx, s, rest[:n])
			rest = rest[n:]
			continue
		}
		o := &rest[0]
		rest = rest[1:]
		settle(o, guarded(func() error { return c.change(ctx, s, o) }))
		if o.Status != Done && vital(o.Action) {
			skip(rest, errPointless)
			break
		}
	}
	return outcomes
}

func outcomesOf(actions []*Action) []Outcome {
	outcomes := make([]Outcome, len(actions))
	for i, a := range actions {
		outcomes[i].Action = a
	}
	return outcomes
}

// vital reports whether what follows an action in its step rests on it.
func vital(a *Action) bool { return a.Op == OpWait || a.Call != nil && a.Call.Vital }

// skip says of actions that were not begun why.
func skip(outcomes []Outcome, why error) {
	for i := range outcomes {
		outcomes[i].Status, outcomes[i].Err = Skipped, why
	}
}

// settle says what became of an action.
func settle(o *Outcome, err error) {
	switch {
	case o.Op == OpLeave && err == nil:
		o.Status = Skipped
	case err == nil:
		o.Status = Done
	case harmless(o, err):
		o.Status, o.Err = Skipped, err
	default:
		o.Status, o.Err = Failed, err
	}
}

// harmless reports whether a change was not made because it is not due any more:
// what is gone needs nothing, what is no longer what was planned is left as it is,
// and a folder in which something stayed, or came to be meanwhile, stays. A device that
// takes no discards has not lost anything by that.
func harmless(o *Outcome, err error) bool {
	switch o.Op {
	case OpTruncate, OpRemove, OpUnlink, OpRemoveFolder:
	case OpTrim:
		return errors.Is(err, host.ErrNoDiscard)
	default:
		return false
	}
	for _, reason := range []error{
		fs.ErrNotExist, host.ErrChanged, host.ErrLinked, host.ErrNotRegular, host.ErrMount, host.ErrNotEmpty,
	} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}

// change is the one switch over the operations.
func (c *Cleaner) change(ctx context.Context, s *Scope, o *Outcome) error {
	switch o.Op {
	case OpTruncate:
		return s.Root.Truncate(o.At)
	case OpRemove, OpUnlink:
		return errors.Join(s.Root.Remove(o.At), o.held.Close())
	case OpRemoveFolder:
		return s.Root.RemoveFolder(o.At)
	case OpWrite:
		return s.Root.WriteFile(o.At, o.Data, o.Perm)
	case OpRun:
		return c.run(ctx, s, o)
	case OpStop:
		return c.stop(ctx, s, o.Unit)
	case OpWait:
		return c.wait(ctx, o)
	case OpFill:
		return c.fill(ctx, s, o)
	case OpTrim:
		return c.trim(ctx, s, o)
	case OpLeave:
		return nil
	}
	return fmt.Errorf("there is no operation %s", o.Op)
}
