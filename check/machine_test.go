package check

import (
	"context"
	"errors"
	"testing"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

// fakePackages answers as it is told; a nil answer of a kind is an empty one.
type fakePackages struct {
	installed  []distro.Package
	problems   []distro.Problem
	updates    distro.Updates
	err        error // of Installed and Problems
	pendingErr error
}

func (f fakePackages) Installed(context.Context) ([]distro.Package, error) {
	return f.installed, f.err
}

func (f fakePackages) Problems(context.Context) ([]distro.Problem, error) { return f.problems, f.err }

func (f fakePackages) Pending(context.Context) (distro.Updates, error) {
	return f.updates, f.pendingErr
}

// packages gives the machine these packages.
func packages(f fakePackages) func(*testing.T, *distro.Machine) {
	return func(_ *testing.T, m *distro.Machine) { m.Packages = f }
}

// installedPackages are packages of these names and versions, in turn.
func installedPackages(namesAndVersions ...string) fakePackages {
	var f fakePackages
	for i := 0; i < len(namesAndVersions); i += 2 {
		f.installed = append(f.installed, distro.Package{Name: namesAndVersions[i], Version: namesAndVersions[i+1]})
	}
	return f
}

// runningUnits adds to what is on disk what runs: the named units, and no others.
type runningUnits struct {
	disk  host.Units
	state map[string]host.Activity
}

func (runningUnits) Stop(context.Context, string) error  { return errBroken }
func (runningUnits) Start(context.Context, string) error { return errBroken }

func (r runningUnits) State(ctx context.Context, unit string) (host.UnitState, error) {
	s, err := r.disk.State(ctx, unit)
	if s.Activity = r.state[unit]; s.Activity == host.ActivityUnknown {
		s.Activity = host.Inactive
	}
	return s, err
}

// silentUnits is a service manager that does not answer.
type silentUnits struct{}

func (silentUnits) Stop(context.Context, string) error  { return errBroken }
func (silentUnits) Start(context.Context, string) error { return errBroken }

func (silentUnits) State(context.Context, string) (host.UnitState, error) {
	return host.UnitState{}, errBroken
}

// programs answers for the programs it knows by name.
type programs map[string]host.Output

func (p programs) Find(name string) (string, error) {
	if _, known := p[name]; !known {
		return "", host.ErrNoProgram
	}
	return "/usr/sbin/" + name, nil
}

func (p programs) Run(_ context.Context, cmd host.Command) (host.Output, error) {
	out, known := p[cmd.Name]
	if !known {
		return out, host.ErrNoProgram
	}
	return out, nil
}

// running makes the machine a live one with a service manager, on which these units
// are in these states and these programs answer.
func running(units map[string]host.Activity, answers programs) func(*testing.T, *distro.Machine) {
	return func(_ *testing.T, m *distro.Machine) {
		m.Live = true
		m.Units = runningUnits{m.Units, units}
		m.Exec = answers
	}
}

// kernel makes the machine a live one that runs this kernel.
func kernel(release string) func(*testing.T, *distro.Machine) {
	return func(_ *testing.T, m *distro.Machine) {
		m.Live = true
		m.Facts.Kernel = func(context.Context) (string, error) { return release, nil }
	}
}

// both applies two changes.
func both(a, b func(*testing.T, *distro.Machine)) func(*testing.T, *distro.Machine) {
	return func(t *testing.T, m *distro.Machine) {
		a(t, m)
		b(t, m)
	}
}

var errBroken = errors.New("the database is broken")
