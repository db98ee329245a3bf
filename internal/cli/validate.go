package cli

import (
	"context"
	"fmt"
	"time"

	"imgcheck/check"
	"imgcheck/distro"
	"imgcheck/internal/config"
	"imgcheck/report"
)

// validation is what one look at a machine is to do: the catalogue in order, with the
// reasons for which some checks are left out.
type validation struct {
	checks  []*check.Check
	left    map[string]error
	file    *config.File
	timeout time.Duration
	outs    *outputs
	wait    *waiting
}

func (v validation) limits() check.Limits {
	limits := check.Limits{Timeout: v.timeout, LeftOut: v.left}
	for _, w := range v.file.Waivers {
		limits.Waivers = append(limits.Waivers, &check.Waiver{Check: w.Check.Text, Path: w.Path, Reason: w.Reason, Expires: w.Expires})
	}
	return limits
}

// judge runs the checks and writes each result as soon as it is its turn.
func (p *process) judge(ctx context.Context, m *distro.Machine, r *report.Report, todo validation) error {
	w := todo.wait
	w.onCheck(todo.checks, 0)
	i := 0
	for result := range check.Run(ctx, m, todo.checks, todo.limits()) {
		if ctx.Err() != nil {
			continue // until the last program has been ended
		}
		i++
		w.clear()
		if err := todo.outs.result(r.Add(result)); err != nil {
			return p.unwritten(r, err)
		}
		p.sayIdle(todo, result)
		w.onCheck(todo.checks, i)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// finish sums a run up, writes its reports out and ends it with its exit code.
func (p *process) finish(r *report.Report, m *distro.Machine, outs *outputs) error {
	r.Finish(m.Now())
	if err := outs.close(r); err != nil {
		return p.unwritten(r, err)
	}
	return exitCode(r.ExitCode)
}

// unwritten ends a run whose report did not arrive: a gate must not read that as a pass.
func (p *process) unwritten(r *report.Report, err error) error {
	p.say(fmt.Errorf("writing the report: %w", err))
	if r.Counts.Fail > 0 {
		return exitCode(report.ExitFail)
	}
	return exitCode(report.ExitUndetermined)
}
