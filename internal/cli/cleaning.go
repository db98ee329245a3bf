package cli

import (
	"context"
	"iter"
	"slices"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/internal/host"
	"imgcheck/report"
)

// cleaning is one run that changes a machine: the steps, the checks, the seal.
type cleaning struct {
	p        *process
	host     *host.Host
	scope    clean.Scope // what the caller wants; each look adds the machine
	settings distro.Settings
	steps    []*clean.Step
	recovery *host.Recovery
	report   *report.Report
	validation
	// noCheck: the steps alone decide. putsBack: what was held up is put back after a
	// success too, as the machine is used on.
	noCheck, putsBack bool
	taken             map[turn]bool
}

// turn is one step in one stage.
type turn struct {
	step  string
	stage clean.Stage
}

// look returns the machine as it is now.
func (c *cleaning) look() *clean.Scope {
	s := c.scope
	s.Machine = distro.Detect(c.host.Anew(), c.settings)
	s.Progress = c.wait.on
	return &s
}

// run takes the stages, the checks between them and the seal. Whatever ends it early,
// what it held up is put back.
func (c *cleaning) run(ctx context.Context) (err error) {
	defer func() { err = c.end(ctx, err) }()
	defer crashed(&err)
	c.report.FreeBytes.Before = c.free()
	cleaner := clean.New(c.look, c.steps, c.recovery)
	if err := c.take(ctx, cleaner.Before(ctx)); err != nil {
		return err
	}
	if cleaner.Failed() {
		if err := c.leaveRest(clean.StageIdentity, "an earlier step failed"); err != nil {
			return err
		}
	}
	early, late := c.turns()
	if err := c.validate(ctx, early, nil); err != nil {
		return err
	}
	if reason := c.unfit(cleaner); reason != "" {
		if err := c.leaveRest(clean.StageSeal, reason); err != nil {
			return err
		}
		return c.validate(ctx, late, check.NotApplicable("mended when the image is sealed, which it was not"))
	}
	if err := c.take(ctx, cleaner.Seal(ctx)); err != nil {
		return err
	}
	c.report.Sealed = !cleaner.Failed()
	return c.validate(ctx, late, nil)
}

// announced returns the steps, each of which says that it begins: until it ends,
// nothing else would. It leaves the places that a waiver accepts of what it mends.
func (c *cleaning) announced(steps []*clean.Step) []*clean.Step {
	all := make([]*clean.Step, len(steps))
	for i, s := range steps {
		said := *s
		said.Plan = func(ctx context.Context, scope *clean.Scope) ([]*clean.Action, error) {
			c.wait.on(s.ID, 0, 0)
			sparing := *scope
			sparing.Keep = slices.Concat(scope.Keep, c.accepted(s))
			return s.Plan(ctx, &sparing)
		}
		all[i] = &said
	}
	return all
}

// take writes the result of each step as it comes.
func (c *cleaning) take(ctx context.Context, results iter.Seq[clean.Result]) error {
	for result := range results {
		if ctx.Err() != nil {
			continue // the others end at once
		}
		c.wait.clear()
		c.taken[turn{result.Step.ID, result.Stage}] = true
		if err := c.outs.step(c.report.AddStep(result)); err != nil {
			return c.p.unwritten(c.report, err)
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// leaveRest reports the steps of the stages up to last that were not taken.
func (c *cleaning) leaveRest(last clean.Stage, reason string) error {
	for stage := clean.StageWait; stage <= last; stage++ {
		for _, s := range c.steps {
			if !s.In(stage) || c.taken[turn{s.ID, stage}] {
				continue
			}
			c.taken[turn{s.ID, stage}] = true
			if err := c.outs.step(c.report.LeaveOut(s, stage, reason)); err != nil {
				return c.p.unwritten(c.report, err)
			}
		}
	}
	return nil
}

// turns returns the checks that decide whether the image is sealed, and those that only
// the seal mends, which are asked after it.
func (c *cleaning) turns() (early, late []*check.Check) {
	seals := func(id string) bool {
		return slices.ContainsFunc(c.steps, func(s *clean.Step) bool { return s.ID == id && s.In(clean.StageSeal) })
	}
	for _, one := range c.checks {
		if slices.ContainsFunc(one.FixedBy, seals) {
			late = append(late, one)
		} else {
			early = append(early, one)
		}
	}
	return early, late
}

// validate runs checks over the machine as it is now, or leaves them all out where
// there is a reason.
func (c *cleaning) validate(ctx context.Context, checks []*check.Check, reason error) error {
	if c.noCheck {
		return nil
	}
	todo := c.validation
	todo.checks = checks
	if reason != nil {
		todo.left = map[string]error{}
		for _, one := range checks {
			todo.left[one.ID] = reason
		}
	}
	c.report.Validated = true
	return c.p.judge(ctx, distro.Detect(c.host.Anew(), c.settings), c.report, todo)
}

// unfit says why the image is not to be sealed, empty where it is.
func (c *cleaning) unfit(cleaner *clean.Cleaner) string {
	switch counts := c.report.Counts; {
	case cleaner.Failed():
		return "an earlier step failed"
	case counts.Fail > 0:
		return "a check fails"
	case counts.Error > 0:
		return "a check could not determine its answer"
	}
	return ""
}

// free returns the free bytes of the root file system, nil where they are not known:
// they are told, nothing rests on them.
func (c *cleaning) free() *int64 {
	bytes, err := c.host.Root.Free()
	if err != nil {
		return nil
	}
	return &bytes
}
