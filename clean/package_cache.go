package clean

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func packageCache() *Step {
	return &Step{
		ID:    "package-cache",
		Title: "No downloaded packages are kept",
		Doc: "Removes downloaded packages and the metadata that package managers fetch or make again: those of apt, dnf, yum, PackageKit and snap. " +
			"It runs first, so that a full disk has room, after the upgrade, and once more at the end, as the checks fetch metadata. " +
			"apt's lists stay, so that a customer's first apt-get install works; --also apt-lists removes them.",
		Script:  "cleanup.sh runs apt-get autoclean, which keeps every package that can still be downloaded.",
		Sources: []string{"https://github.com/digitalocean/marketplace-partners#readme"},
		Stages:  []Stage{StageRoom, StagePurge, StageSeal},
		Default: true,
		Plan: func(ctx context.Context, s *Scope) ([]*Action, error) {
			return planCaches(ctx, s, distro.PackageCaches())
		},
	}
}

func aptLists() *Step {
	return &Step{
		ID:    "apt-lists",
		Title: "No package index is kept",
		Doc: "Removes the indexes that apt-get update fetches. The image gets smaller, and a customer has to fetch them before anything can be installed. " +
			"It runs after the checks, which need them.",
		Sources: []string{"https://github.com/digitalocean/marketplace-partners#readme"},
		Stages:  []Stage{StageSeal},
		Plan: func(ctx context.Context, s *Scope) ([]*Action, error) {
			return planCaches(ctx, s, distro.AptLists())
		},
	}
}

// planCaches waits for the package locks first: what a package manager is working with
// must not go.
func planCaches(ctx context.Context, s *Scope, caches []distro.Cache) ([]*Action, error) {
	p := newPlan(s)
	for _, cache := range caches {
		p.cache(ctx, cache)
	}
	if s.Live && len(p.actions) > 0 {
		files := p.actions
		p.actions = nil
		p.await(s.AwaitLocks())
		p.actions = append(p.actions, files...)
	}
	return p.end()
}

func (p *plan) cache(ctx context.Context, cache distro.Cache) {
	entries, err := p.scope.Root.ReadDir(cache.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case errors.Is(err, host.ErrNotFolder):
		p.leave(host.At(cache.Dir), "no folder, left alone")
		return
	case err != nil:
		p.problem(err)
	}
	for _, e := range entries {
		matches := func(pattern string) bool {
			matched, err := path.Match(pattern, e.Name())
			return err == nil && matched // the patterns are tested
		}
		if !matches(cache.Names) || slices.ContainsFunc(cache.Stays, matches) {
			continue
		}
		name := path.Join(cache.Dir, e.Name())
		if cache.Folders && e.IsDir() {
			p.tree(ctx, host.Place{Top: cache.Dir, Path: name})
			continue
		}
		p.remove(host.Place{Top: cache.Dir, Path: name})
	}
}
