package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/report"
)

// fixing is what "check --fix" is to do.
type fixing struct {
	checkFlags
	checks []*check.Check
	left   map[string]error
}

// runFix runs the steps that mend what the checks find, and validates again.
func (p *process) runFix(ctx context.Context, m *distro.Machine, outs *outputs, f fixing) (err error) {
	defer withoutPipeSignal()()
	g := guard{p: p, force: f.force, consent: f.yes || !p.asksOnTerminal(), verb: "fix"}
	if err := g.refuse(ctx, m); err != nil {
		return err
	}
	c := p.newCleaning(m, outs, f.commonFlags)
	defer c.wait.close()
	c.checks, c.left, c.putsBack = f.checks, f.left, true
	c.scope.Refresh, c.scope.ZeroFill = !f.noRefresh, clean.LeaveSpace
	c.report = report.New(tool(), m, f.strict)
	c.report.Describe(ctx, m)
	c.report.Changes("check").Validated = true
	release, err := c.exclusive(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := c.mend(ctx, m, g); err != nil {
		return err
	}
	c.offer()
	return p.finish(c.report, m, outs)
}

// mend looks, runs what mends what is found, and looks again.
func (c *cleaning) mend(ctx context.Context, m *distro.Machine, g guard) error {
	catalogue, plugins := splitPlugins(c.checks)
	found, err := c.first(ctx, m, catalogue)
	if err != nil {
		return err
	}
	c.steps = c.announced(cures(c.p.steps(), found, func(s *clean.Step) bool { return s.Default && (m.Live || !s.NeedsLive) }))
	if len(c.steps) == 0 {
		if err := c.unmended(found); err != nil || len(plugins) == 0 {
			return err
		}
		return c.validate(ctx, plugins, nil)
	}
	c.sayUnkept()
	c.p.say("mending what the checks found by: " + strings.Join(stepIDs(c.steps), ", "))
	if err := c.confirm(ctx, m, g); err != nil {
		return err
	}
	return c.run(ctx)
}

// first looks for what is to be mended. It is not written: the report is about what
// is so afterwards.
func (c *cleaning) first(ctx context.Context, m *distro.Machine, checks []*check.Check) ([]check.Result, error) {
	var found []check.Result
	c.wait.on("looking for what is to be mended", 0, 0)
	defer c.wait.clear()
	for result := range check.Run(ctx, m, checks, c.limits()) {
		found = append(found, result)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return found, nil
}

// unmended reports what was found where there is no step to run.
func (c *cleaning) unmended(found []check.Result) error {
	for _, result := range found {
		c.p.sayIdle(c.validation, result)
		if err := c.outs.result(c.report.Add(result)); err != nil {
			return c.p.unwritten(c.report, err)
		}
	}
	return nil
}

// offer names the steps that would mend what is left and run only when asked for.
func (c *cleaning) offer() {
	for _, s := range c.p.steps() {
		if !s.Default && slices.ContainsFunc(c.report.Results, func(r report.Result) bool {
			return (r.Status == check.Fail.String() || r.Status == check.Warn.String()) && slices.Contains(r.FixedBy, s.ID)
		}) {
			c.report.Offered = append(c.report.Offered, s.ID)
		}
	}
}

// cures returns the steps, in the order of the catalogue, that mend what was found.
func cures(all []*clean.Step, found []check.Result, may func(*clean.Step) bool) []*clean.Step {
	var steps []*clean.Step
	for _, s := range all {
		if may(s) && slices.ContainsFunc(found, func(r check.Result) bool {
			return (r.Status == check.Fail || r.Status == check.Warn) && slices.Contains(r.Check.FixedBy, s.ID)
		}) {
			steps = append(steps, s)
		}
	}
	return steps
}

func stepIDs(steps []*clean.Step) []string {
	var ids []string
	for _, s := range steps {
		ids = append(ids, s.ID)
	}
	return ids
}
