package clean

import (
	"context"
	"errors"
	"strings"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func autoremove() *Step {
	return &Step{
		ID:    "autoremove",
		Title: "Nothing is installed that nothing needs",
		Doc: "Removes packages that nothing needs any more, with their configuration, and old kernels; never the running kernel, nor the newest one. " +
			"On Enterprise Linux it removes old kernels only: dnf cannot know there which packages a vendor has come to need.",
		Script: "cleanup.sh runs apt-get autoremove, and keeps the configuration of what it removes.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#readme",
			"https://manpages.debian.org/apt-get",
		},
		Stages:    []Stage{StagePurge},
		Default:   true,
		NeedsLive: true,
		Plan:      planAutoremove,
	}
}

func planAutoremove(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	removal, err := s.Unneeded(ctx)
	p.removal(removal, err)
	return p.end()
}

// removal plans to remove packages. What has to stay for the sake of another package,
// or of a kernel, is left.
func (p *plan) removal(r *distro.Removal, err error) {
	switch {
	case errors.Is(err, distro.ErrTakesMore), errors.Is(err, distro.ErrKeepsKernel):
		p.leave(host.Place{}, "%s", err)
	case err != nil:
		p.problem(err)
	case r != nil:
		call := *r.Call
		call.Why += ": " + strings.Join(r.Packages, ", ")
		p.call(&call)
	}
}
