package clean

import (
	"context"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func quiet() *Step {
	return &Step{
		ID:    "quiet",
		Title: "Nothing writes behind the run",
		Doc: "Stops what would write again to what is emptied next: cron, timers that fetch, rotate, index or clean up, unattended upgrades, " +
			"rsyslog, auditd, process accounting, and the service that saves the random seed. Nothing is disabled: a boot has them all. " +
			"Where the run fails or is interrupted, they are started again.",
		Script: "cleanup.sh stops nothing, so that logs fill again while it runs.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/90",
			"https://github.com/digitalocean/marketplace-partners/issues/95",
		},
		Stages:    []Stage{StageQuiet},
		Default:   true,
		NeedsLive: true,
		Plan:      planQuiet,
	}
}

// planQuiet waits for the package locks before it stops what may hold one.
func planQuiet(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	waited := false
	for _, w := range distro.Writers() {
		state, err := s.Units.State(ctx, w.Unit)
		p.problem(err)
		if state.Activity != host.Active {
			continue
		}
		if w.Packages && !waited {
			p.await(s.AwaitLocks())
			waited = true
		}
		p.add(Action{Op: OpStop, Unit: w.Unit})
	}
	return p.end()
}
