package clean

import (
	"context"
	"errors"
	"iter"
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

// Plan yields what each step would do, stage by stage, and changes nothing.
func (c *Cleaner) Plan(ctx context.Context) iter.Seq[Result] {
	return c.through(StageWait, StageSeal, func(s *Scope, step *Step, stage Stage) Result {
		actions, err := step.Plan(ctx, s)
		r := Result{Step: step, Stage: stage, Err: err}
		for _, a := range actions {
			status := Planned
			if a.Op == OpLeave {
				status = Skipped
			}
			r.Outcomes = append(r.Outcomes, Outcome{Action: a, Status: status})
		}
		return r
	})
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

func (c *Cleaner) stages(ctx context.Context, from, to Stage) iter.Seq[Result] {
	stage := from
	return c.through(from, to, func(s *Scope, step *Step, in Stage) Result {
		if in != stage {
			stage = in
		}
		return c.step(ctx, s, step, in)
	})
}

// through takes the stages in order, and in each the steps that run in it.
func (c *Cleaner) through(from, to Stage, take func(*Scope, *Step, Stage) Result) iter.Seq[Result] {
	return func(yield func(Result) bool) {
		for stage := from; stage <= to && !c.failed; stage++ {
			steps := c.in(stage)
			if len(steps) == 0 {
				continue
			}
			s := c.look()
			for _, step := range steps {
				r := take(s, step, stage)
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
func (c *Cleaner) step(ctx context.Context, s *Scope, step *Step, stage Stage) Result {
	r := Result{Step: step, Stage: stage}
	if err := ctx.Err(); err != nil {
		r.Err = context.Cause(ctx)
		return r
	}
	actions, err := step.Plan(ctx, s)
	r.Err = err
	r.Outcomes = c.apply(ctx, s, actions)
	r.Err = errors.Join(r.Err, verify(s, r.Outcomes))
	return r
}
