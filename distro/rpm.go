package distro

import (
	"context"
	"errors"
	"fmt"

	"imgcheck/internal/host"
)

// rpmPackages answers from an rpm database: the running machine's by its own rpm,
// a tree's by the rpm of the computer that imgcheck runs on, over a copy.
type rpmPackages struct {
	m        *Machine
	settings Settings
}

func newRPMPackages(m *Machine, s Settings) Packages { return rpmPackages{m, s} }

// Installed lists what rpm knows, whole or not at all.
func (r rpmPackages) Installed(ctx context.Context) ([]Package, error) {
	list, err := r.list(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the rpm database: %w", err)
	}
	locks, err := r.versionLocks()
	if err != nil {
		return nil, fmt.Errorf("reading the version locks: %w", err)
	}
	for i := range list {
		list[i].Held = locks.hold(list[i])
	}
	return list, nil
}

func (r rpmPackages) list(ctx context.Context) ([]Package, error) {
	if !r.m.Live {
		return r.listTree(ctx)
	}
	out, err := r.m.Exec.Run(ctx, host.Command{Name: "rpm", Args: rpmQuery()})
	if err != nil {
		return nil, err
	}
	// rpm exits 0 where it skips a header that it cannot read; only its errors tell.
	if line := rpmError(out.Stderr); line != "" {
		return nil, fmt.Errorf("rpm: %s", line)
	}
	if out.ExitCode != 0 {
		return nil, fmt.Errorf("rpm: exit code %d", out.ExitCode)
	}
	list, err := parseRPMList(out.Stdout)
	if err == nil && len(list) == 0 {
		err = errors.New("rpm knows of no package")
	}
	return list, err
}

// Pending asks dnf or yum. A tree has no answer: what its index would offer depends
// on modules, excludes and plugins that only its own package manager applies.
func (r rpmPackages) Pending(ctx context.Context) (Updates, error) {
	if !r.m.Live {
		return Updates{}, fmt.Errorf("looking for updates of an Enterprise Linux tree: %w", host.ErrOffline)
	}
	manager, err := r.manager()
	if err != nil {
		return Updates{}, fmt.Errorf("looking for updates: %w", err)
	}
	updates, err := r.ask(ctx, manager)
	if err != nil {
		return Updates{}, fmt.Errorf("looking for updates: %s: %w", manager.name, err)
	}
	return updates, nil
}
