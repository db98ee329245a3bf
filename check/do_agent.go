package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"imgcheck/distro"
)

func doAgent() *Check {
	return &Check{
		ID:       "do-agent",
		Category: "agent",
		Title:    "DigitalOcean's agents are not installed",
		Found:    "%d trace of DigitalOcean's agents|%d traces of DigitalOcean's agents",
		Doc: "An agent in the image reports to the account it was built in, and the customer did not ask for it. " +
			"/opt/digitalocean, the packages droplet-agent and do-agent, their units, and the cron jobs that would install them again fail; " +
			"dead residue (package source, key, log) is a warning. Where a tree's rpm database cannot be read here, the files decide: " +
			"an installed agent has its folder and its unit.",
		Script: "img_check.sh looks for the folder /opt/digitalocean only, and fails on an empty one too. Droplets have the agent by default since 2022, " +
			"so that a stock build fails; in Packer, droplet_agent = false leaves it out.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/11",
			"https://github.com/digitalocean/marketplace-partners/issues/164",
			"https://github.com/digitalocean/marketplace-partners/issues/166",
		},
		Remedy:   "Run \"imgcheck clean --only do-agent\", or \"apt-get purge droplet-agent do-agent\" (or \"dnf remove droplet-agent do-agent\"), then delete what is left: \"rm -r /opt/digitalocean PATH…\"",
		FixedBy:  []string{"do-agent"},
		Upstream: true,
		Run:      judgeAgents,
	}
}

func judgeAgents(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	findings, folderErr := agentFolder(m)
	problems := []error{folderErr}
	for _, look := range []func(context.Context, *distro.Machine) ([]Finding, error){agentPackages, agentTraces} {
		found, err := look(ctx, m)
		findings, problems = append(findings, found...), append(problems, err)
	}
	return findings, errors.Join(problems...)
}

func agentFolder(m *distro.Machine) ([]Finding, error) {
	info, err := m.Root.Lstat(distro.AgentFolder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for the agent: %w", err)
	}
	what := "is there"
	if !info.IsDir() {
		what = "is there, though not a folder"
	}
	return []Finding{{Level: LevelFail, Path: distro.AgentFolder, Message: what}}, nil
}

func agentPackages(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	var findings []Finding
	for _, name := range distro.AgentPackages() {
		p, found, err := m.Package(ctx, name)
		if errors.Is(err, distro.ErrNoReader) || errors.Is(err, distro.ErrNoManager) {
			return nil, nil // the files are the evidence
		}
		if err != nil {
			return findings, err
		}
		if found {
			findings = append(findings, Finding{Level: LevelFail, Message: fmt.Sprintf("package %s %s is installed", p.Name, p.Version)})
		}
	}
	return findings, nil
}

func agentTraces(_ context.Context, m *distro.Machine) ([]Finding, error) {
	var findings []Finding
	var problems []error
	var seen []string // by the path without links: /lib may be /usr/lib
	for _, trace := range distro.AgentTraces() {
		names, err := m.Root.Glob(trace.Pattern)
		problems = append(problems, err)
		for _, name := range names {
			real, err := m.Root.Resolve(name)
			problems = append(problems, err)
			if err == nil && !slices.Contains(seen, real) {
				findings = append(findings, traceFinding(trace, name, real))
			}
			if real != devNull {
				seen = append(seen, real)
			}
		}
	}
	return findings, errors.Join(problems...)
}

// devNull is what a link leads to that makes a file empty for good.
const devNull = "/dev/null"

// traceFinding: a unit that is masked by a link to /dev/null installs nothing.
func traceFinding(trace distro.AgentTrace, name, real string) Finding {
	f := Finding{Level: LevelWarn, Path: name, Message: trace.What}
	if trace.Alive && real != devNull {
		f.Level = LevelFail
	}
	return f
}
