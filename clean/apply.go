package clean

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"imgcheck/internal/host"
)

// errPointless says that an action was not tried, as what it builds on did not work.
var errPointless = errors.New("not done, as what comes before it did not work")

// apply makes the planned changes of one step, in their order.
func (c *Cleaner) apply(ctx context.Context, s *Scope, actions []Action) []Outcome {
	outcomes := make([]Outcome, len(actions))
	for i, a := range actions {
		outcomes[i] = Outcome{Action: a}
	}
	pointless := false
	for rest := outcomes; len(rest) > 0; {
		batch := rest[:batch(rest)]
		rest = rest[len(batch):]
		if pointless {
			for i := range batch {
				batch[i].Status, batch[i].Err = Skipped, errPointless
			}
			continue
		}
		c.applyBatch(ctx, s, batch)
		pointless = batch[0].Call != nil && batch[0].Call.Vital && batch[0].Status != Done
	}
	return outcomes
}

// batch returns how many actions are made together: all files up to the next program
// or unit, which may still need them.
func batch(outcomes []Outcome) int {
	n := 0
	for n < len(outcomes) && !outcomes[n].alone() {
		n++
	}
	return max(n, 1)
}

func (o *Outcome) alone() bool { return o.Op == OpRun || o.Op == OpStop || o.Op == OpWait }

// applyBatch makes changes. What is to go is overwritten first, all of it, and flushed
// once: a file that is cut before that would leave its contents on the disk.
func (c *Cleaner) applyBatch(ctx context.Context, s *Scope, outcomes []Outcome) {
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
}

// overwrite overwrites the contents of every file that is to be cut or removed.
func (c *Cleaner) overwrite(ctx context.Context, s *Scope, outcomes []Outcome) {
	var written []host.Place
	for i := range outcomes {
		o := &outcomes[i]
		if o.Op != OpTruncate && o.Op != OpRemove {
			continue
		}
		if ctx.Err() != nil {
			o.Status, o.Err = Skipped, context.Cause(ctx)
			continue
		}
		if err := s.Root.Overwrite(ctx, o.At); err != nil {
			settle(o, err)
			continue
		}
		written = append(written, o.At)
	}
	if err := s.Root.Flush(written); err != nil {
		for i := range outcomes {
			if o := &outcomes[i]; o.Status == 0 && (o.Op == OpTruncate || o.Op == OpRemove) {
				settle(o, fmt.Errorf("flushing what was overwritten: %w", err))
			}
		}
	}
}

// settle says what became of an action. A file that is no longer what was planned is
// left as it is; one that is gone needs nothing. A program that is gone does.
func settle(o *Outcome, err error) {
	switch {
	case err == nil:
		o.Status = Done
	case o.alone():
		o.Status, o.Err = Failed, err
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, host.ErrChanged), errors.Is(err, host.ErrLinked),
		errors.Is(err, host.ErrNotRegular), errors.Is(err, host.ErrMount):
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
