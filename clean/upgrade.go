package clean

import (
	"context"

	"imgcheck/distro"
)

func upgrade() *Step {
	return &Step{
		ID:    "upgrade",
		Title: "All packages are up to date",
		Doc: "Fetches the package index, then brings all packages up to date: apt-get dist-upgrade, dnf upgrade, yum update. " +
			"Nothing is asked: a configuration file that was changed here stays as it is, and services that use an old library are restarted. " +
			"What a dpkg that was interrupted has left is configured first. An index that cannot be fetched stops the run, and so does a package " +
			"that cannot be configured. Nothing unauthenticated is installed, nothing downgraded, and no essential package removed.",
		Script: "cleanup.sh runs apt-get upgrade, which leaves out every new kernel, with --force-yes, which allows packages that nobody signed; " +
			"it goes on where the index could not be fetched.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/41",
			"https://github.com/digitalocean/marketplace-partners/issues/94",
			"https://github.com/digitalocean/marketplace-partners/issues/133",
		},
		Stages:    []Stage{StageUpdate},
		Default:   true,
		NeedsLive: true,
		Plan:      planUpgrade,
	}
}

func planUpgrade(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	calls, err := s.Upgrade(ctx, s.Refresh)
	p.problem(err)
	for _, call := range calls {
		p.call(call)
	}
	return p.end()
}

// call plans to call a program.
func (p *plan) call(call *distro.Call) {
	p.add(Action{Op: OpRun, Call: call, Note: call.Why})
}
