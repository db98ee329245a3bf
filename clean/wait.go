package clean

import (
	"context"

	"imgcheck/distro"
)

func wait() *Step {
	return &Step{
		ID:    "wait",
		Title: "Nothing of the first boot is still at work",
		Doc: "Waits until cloud-init has finished and no other process holds a lock of the package manager, and names who does. " +
			"A cloud-init that ended with an error is told, and stops nothing.",
		Script: "cleanup.sh waits for neither: on a young droplet it breaks off at the first lock.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/29",
			"https://github.com/digitalocean/marketplace-partners/issues/167",
		},
		Stages:    []Stage{StageWait},
		Default:   true,
		NeedsLive: true,
		Plan:      planWait,
	}
}

// planWait has cloud-init first: it takes the locks, and gives them back in between.
func planWait(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	cloudInit, err := s.AwaitCloudInit(ctx)
	p.problem(err)
	p.await(cloudInit)
	p.await(s.AwaitLocks())
	return p.end()
}

// await plans a wait; nil is nothing to wait for.
func (p *plan) await(a *distro.Await) {
	if a != nil {
		p.add(Action{Op: OpWait, Await: a, Note: "at most " + a.Limit.String()})
	}
}
