package clean

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"imgcheck/internal/host"
)

// apply makes the planned changes of one step. What is to go is overwritten first,
// all of it, and flushed once: a file that is cut before that would leave its
// contents on the disk.
func (c *Cleaner) apply(ctx context.Context, s *Scope, actions []Action) []Outcome {
	outcomes := make([]Outcome, len(actions))
	for i, a := range actions {
		outcomes[i] = Outcome{Action: a}
	}
	c.overwrite(ctx, s, outcomes)
	for i := range outcomes {
		o := &outcomes[i]
		if o.Status != 0 {
			continue
		}
		if ctx.Err() != nil {
			o.Status, o.Err = Skipped, context.Cause(ctx)
			continue
		}
		err := c.change(ctx, s, o)
		settle(o, err)
		if o.Status == Done && (o.Op == OpTruncate || o.Op == OpRemove) {
			o.Bytes = o.Size
		}
	}
	return outcomes
}

// overwrite overwrites the contents of every file that is to be cut or removed.
func (c *Cleaner) overwrite(ctx context.Context, s *Scope, outcomes []Outcome) {
	var due []*Outcome
	var places []host.Place
	for i := range outcomes {
		if o := &outcomes[i]; o.Op == OpTruncate || o.Op == OpRemove {
			due, places = append(due, o), append(places, o.At)
		}
	}
	var written []host.Place
	for i, err := range s.Root.OverwriteAll(ctx, places) {
		switch o := due[i]; {
		case err == nil:
			written = append(written, o.At)
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			o.Status, o.Err = Skipped, context.Cause(ctx)
		default:
			settle(o, err)
		}
	}
	if err := s.Root.Flush(written); err != nil {
		for _, o := range due {
			if o.Status == 0 {
				settle(o, fmt.Errorf("flushing what was overwritten: %w", err))
			}
		}
	}
}

// settle says what became of an action. What is no longer what was planned is left
// as it is; what is gone needs nothing.
func settle(o *Outcome, err error) {
	switch {
	case err == nil:
		o.Status = Done
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, host.ErrChanged), errors.Is(err, host.ErrLinked),
		errors.Is(err, host.ErrNotRegular), errors.Is(err, host.ErrMount), errors.Is(err, host.ErrNotEmpty), errors.Is(err, host.ErrInUse):
		o.Status, o.Err = Skipped, err
	default:
		o.Status, o.Err = Failed, err
	}
	if o.Op == OpLeave && err == nil {
		o.Status = Skipped
	}
}

// change is the one switch over the operations.
func (c *Cleaner) change(ctx context.Context, s *Scope, o *Outcome) error {
	switch o.Op {
	case OpTruncate:
		return s.Root.Truncate(o.At)
	case OpRemove, OpUnlink:
		return s.Root.Remove(o.At)
	case OpRemoveFolder:
		return s.Root.RemoveFolder(o.At)
	case OpWrite:
		return s.Root.WriteFile(o.At, o.Data, o.Perm)
	case OpRun:
		return c.run(ctx, s, o)
	case OpStop:
		return c.stop(ctx, s, o.Unit)
	case OpWait:
		return o.Await.For(ctx)
	case OpFill:
		return c.fill(ctx, s, o)
	case OpTrim:
		return c.trim(ctx, s, o)
	case OpLeave:
		return nil
	}
	return fmt.Errorf("there is no operation %s", o.Op)
}
