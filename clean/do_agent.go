package clean

import (
	"context"
	"errors"
	"io/fs"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func doAgent() *Step {
	return &Step{
		ID:    "do-agent",
		Title: "DigitalOcean's agents are gone",
		Doc: "Removes what would install an agent again (cron jobs, timers), stops the agents, purges their packages, and then removes what those leave: " +
			"package source, key, units, logs, and /opt/digitalocean with all that is in it. A unit that is masked stays masked, and " +
			"/var/lib/digitalocean/application.info is yours.",
		Script: "cleanup.sh leaves the agent, and img_check.sh then fails on it.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/164",
			"https://github.com/digitalocean/marketplace-partners/issues/166",
		},
		Stages:    []Stage{StagePurge},
		Default:   true,
		NeedsLive: true,
		Plan:      planDoAgent,
	}
}

// planDoAgent begins with what installs the agent again, lest it does in between. Where
// the packages have to stay, so does everything else: half an agent is a broken one.
func planDoAgent(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	packages, err := s.Agents(ctx)
	if err != nil {
		p.removal(nil, err)
		return p.end()
	}
	traces, err := s.FoundAgentTraces()
	p.problem(err)
	for _, t := range traces {
		if t.Cron {
			p.gone(ctx, t.Path)
		}
	}
	units, err := s.AgentUnits()
	p.problem(err)
	managed := p.stopActive(ctx, units)
	p.removal(packages, nil)
	for _, t := range traces {
		if !t.Cron {
			p.gone(ctx, t.Path)
		}
	}
	p.gone(ctx, distro.AgentFolder)
	if managed && len(p.actions) > 0 {
		p.call(s.ReloadUnits())
	}
	return p.end()
}

// stopActive plans to stop those of the units that are active, and reports whether a
// service manager runs that could.
func (p *plan) stopActive(ctx context.Context, units []string) (managed bool) {
	for _, unit := range units {
		state, err := p.scope.Units.State(ctx, unit)
		p.problem(err)
		managed = managed || state.Activity != host.ActivityUnknown
		if state.Activity == host.Active {
			p.add(Action{Op: OpStop, Unit: unit})
		}
	}
	return managed
}

// gone plans to remove what is there, a folder with all that is in it.
func (p *plan) gone(ctx context.Context, name string) {
	info, err := p.scope.Root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		p.problem(err)
	case info.IsDir():
		p.tree(ctx, host.At(name))
	default:
		p.remove(host.At(name))
	}
}
