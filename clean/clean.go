package clean

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"

	"imgcheck/internal/host"
)

// Cleaner is one run over one machine.
type Cleaner struct {
	steps []*Step
	// look returns the machine as it is now: what was remembered of it does not hold
	// once something was changed.
	look     func() *Scope
	recovery *host.Recovery
	failed   bool
}

// New returns a run of the steps, which are in the order of the catalogue. What it
// holds up is noted in recovery until it is put back.
func New(look func() *Scope, steps []*Step, recovery *host.Recovery) *Cleaner {
	return &Cleaner{steps: steps, look: look, recovery: recovery}
}

// Plan yields what each step would do, stage by stage, and changes nothing. A step
// that could not be planned whole does not keep the others from being shown.
func (c *Cleaner) Plan(ctx context.Context) iter.Seq[Result] {
	return func(yield func(Result) bool) {
		s := c.look()
		for stage := StageWait; stage <= StageSeal; stage++ {
			for _, step := range c.in(stage) {
				if !yield(plannedOnly(ctx, s, step, stage)) {
					return
				}
			}
		}
	}
}

func plannedOnly(ctx context.Context, s *Scope, step *Step, stage Stage) Result {
	r := Result{Step: step, Stage: stage}
	var actions []*Action
	actions, r.Err = planned(ctx, s, step)
	r.Outcomes = outcomesOf(actions)
	for i := range r.Outcomes {
		o := &r.Outcomes[i]
		o.Status = Planned
		if o.Op == OpLeave {
			o.Status = Skipped
		}
	}
	return r
}

// Before runs the stages before the checks and yields each step's result. A failure
// stops the stages that follow its own.
func (c *Cleaner) Before(ctx context.Context) iter.Seq[Result] {
	return c.stages(ctx, StageWait, StageIdentity)
}

// Seal runs the stage after the checks.
func (c *Cleaner) Seal(ctx context.Context) iter.Seq[Result] {
	return c.stages(ctx, StageSeal, StageSeal)
}

// Failed reports whether a step did not work. What comes after is then not run.
func (c *Cleaner) Failed() bool { return c.failed }

// stages runs stages in their order, and in each the steps that run in it. Nothing
// begins behind a yield that wants no more.
func (c *Cleaner) stages(ctx context.Context, from, to Stage) iter.Seq[Result] {
	return func(yield func(Result) bool) {
		for stage := from; stage <= to && !c.failed; stage++ {
			for _, step := range c.in(stage) {
				r := c.step(ctx, step, stage)
				c.failed = c.failed || r.Failed()
				if !yield(r) {
					return
				}
			}
		}
	}
}

func (c *Cleaner) in(stage Stage) []*Step {
	return slices.DeleteFunc(slices.Clone(c.steps), func(s *Step) bool { return !s.In(stage) })
}

// step plans, applies and verifies one step.
func (c *Cleaner) step(ctx context.Context, step *Step, stage Stage) Result {
	r := Result{Step: step, Stage: stage}
	if ctx.Err() != nil {
		r.Err = context.Cause(ctx)
		return r
	}
	s := c.look()
	actions, err := planned(ctx, s, step)
	r.Outcomes = c.apply(ctx, s, actions)
	r.Err = errors.Join(err, verify(s, r.Outcomes))
	return r
}

// planned is the plan of a step. What could be planned is returned beside an error.
func planned(ctx context.Context, s *Scope, step *Step) (actions []*Action, err error) {
	if step.NeedsLive && !s.Live {
		return []*Action{{Op: OpLeave, Note: "needs the running machine"}}, nil
	}
	err = guarded(func() error {
		actions, err = step.Plan(ctx, s)
		return err
	})
	return actions, err
}

// guarded turns a crash into an error: a run that ends without a word would leave
// units stopped, and nobody would know what was done.
func guarded(do func() error) (err error) {
	defer func() {
		switch crash := recover().(type) {
		case nil:
		case runtime.Error: // Go's own words quote nothing; what a library panics with may be what it has read
			err = fmt.Errorf("crashed, please report this: %w", crash)
		default:
			err = fmt.Errorf("crashed, please report this: a panic of type %T", crash)
		}
	}()
	return do()
}
