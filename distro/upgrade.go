package distro

import (
	"context"
	"fmt"
	"slices"
)

// Upgrade returns the calls that bring all packages up to date, in their order: what an
// interrupted run has left is put right first, then the index is fetched where refresh
// is set. ErrNoManager where the machine has no package manager that is known here.
func (m *Machine) Upgrade(ctx context.Context, refresh bool) ([]*Call, error) {
	switch m.Family {
	case FamilyDeb:
		return m.upgradeDeb(ctx, refresh)
	case FamilyRPM:
		return m.upgradeRPM(refresh)
	}
	return nil, ErrNoManager
}

// upgradeDeb asks for a full upgrade: a plain one leaves out every update that needs a
// new package, as each new kernel does.
func (m *Machine) upgradeDeb(ctx context.Context, refresh bool) ([]*Call, error) {
	problems, err := m.Packages.Problems(ctx)
	if err != nil {
		return nil, err
	}
	var calls []*Call
	if slices.ContainsFunc(problems, Problem.unfinished) {
		calls = append(calls, dpkgRepair())
	}
	if refresh {
		calls = append(calls, aptRefresh())
	}
	return append(calls, aptCall("brings all packages up to date; configuration that was changed here stays", "dist-upgrade")), nil
}

// unfinished: dpkg can bring the package to its end by itself. One that is half
// installed it cannot: that takes the package again.
func (p Problem) unfinished() bool {
	return slices.Contains([]string{"interrupted", "unpacked", "half-configured", "triggers-awaited", "triggers-pending"}, p.State)
}

func (m *Machine) upgradeRPM(refresh bool) ([]*Call, error) {
	manager, err := rpmPackages{m, m.settings}.manager()
	if err != nil {
		return nil, fmt.Errorf("looking for the package manager: %w", err)
	}
	var calls []*Call
	if refresh {
		calls = append(calls, manager.refresh())
	}
	return append(calls, manager.upgrade("brings all packages up to date", refresh)), nil
}
