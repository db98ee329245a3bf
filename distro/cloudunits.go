package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

const (
	cloudTarget    = "cloud-init.target"
	cloudGenerator = "cloud-init-generator"
)

// generatorDirs are where systemd looks for generators, the strongest first. What is
// in /run is stronger still, and in no image.
var generatorDirs = [...]string{
	"/etc/systemd/system-generators", "/usr/local/lib/systemd/system-generators",
	"/usr/lib/systemd/system-generators", "/lib/systemd/system-generators",
}

// cloudTargetWants are the folders of what cloud-init.target starts.
var cloudTargetWants = [...]string{
	"/etc/systemd/system/cloud-init.target.wants/*", "/usr/lib/systemd/system/cloud-init.target.wants/*",
	"/lib/systemd/system/cloud-init.target.wants/*",
}

// cloudStage is one stage of cloud-init at boot.
type cloudStage struct {
	does string
	// units do it, the newer name first: cloud-init-network.service since 24.3.
	units []string
	// pulledBy are units that start it by themselves (Wants= in the unit file).
	pulledBy []string
	// optional: older releases have no such stage.
	optional bool
}

func cloudStages() []cloudStage {
	return []cloudStage{
		{"all stages", []string{"cloud-init-main.service"}, nil, true},
		{"the network", []string{"cloud-init-local.service"}, []string{"cloud-init-network.service", "cloud-init.service"}, false},
		{"the SSH keys", []string{"cloud-init-network.service", "cloud-init.service"}, nil, false},
		{"the configuration", []string{"cloud-config.service"}, []string{"cloud-final.service"}, false},
		{"the first-boot scripts", []string{"cloud-final.service"}, nil, false},
	}
}

// errCloudStart says that the machine starts its services in a way not known here.
var errCloudStart = errors.New("what starts services on this system is not known here")

// cloudUnits looks at the units of the stages, and at what starts the target that
// starts them: a link or, on most systems, the generator.
func (m *Machine) cloudUnits(ctx context.Context) ([]CloudFault, error) {
	var found []CloudFault
	states := map[string]host.UnitState{}
	anyStarted := false
	for _, stage := range cloudStages() {
		for _, unit := range stage.units {
			state, err := m.Units.State(ctx, unit)
			if err != nil {
				return nil, err
			}
			states[unit] = state
			anyStarted = anyStarted || state.Enabled
		}
	}
	if !anyStarted && m.Family == FamilyUnknown {
		return nil, errCloudStart
	}
	for _, stage := range cloudStages() {
		found = append(found, stage.faults(states)...)
	}
	byTarget, err := m.globAny(cloudTargetWants[:])
	if err != nil || !byTarget {
		return found, err
	}
	faults, err := m.cloudTargetStart(ctx)
	return append(found, faults...), err
}

// faults tells which of the stage's units are masked, else whether anything starts it.
func (s cloudStage) faults(states map[string]host.UnitState) []CloudFault {
	var found []CloudFault
	for _, unit := range s.units {
		if states[unit].Masked {
			found = append(found, CloudFault{What: fmt.Sprintf("%s is masked, which does %s", unit, s.does)})
		}
	}
	starts := func(unit string) bool { return states[unit].Enabled && !states[unit].Masked }
	installed := func(unit string) bool { return states[unit].Installed }
	started := slices.ContainsFunc(s.units, starts) || slices.ContainsFunc(s.pulledBy, starts)
	if len(found) == 0 && !started && (!s.optional || slices.ContainsFunc(s.units, installed)) {
		found = append(found, CloudFault{What: fmt.Sprintf("nothing starts %s, for %s", strings.Join(s.units, " or "), s.does)})
	}
	return found
}

func (m *Machine) globAny(patterns []string) (bool, error) {
	for _, pattern := range patterns {
		names, err := m.Root.Glob(pattern)
		if err != nil || len(names) > 0 {
			return len(names) > 0, err
		}
	}
	return false, nil
}

// cloudTargetStart looks at what starts cloud-init.target. The units' state cannot
// tell, since it takes a generator's work for granted.
func (m *Machine) cloudTargetStart(ctx context.Context) ([]CloudFault, error) {
	state, err := m.Units.State(ctx, cloudTarget)
	switch {
	case err != nil:
		return nil, err
	case state.Masked:
		return []CloudFault{{What: cloudTarget + " is masked"}}, nil
	case state.Enabled:
		return nil, nil
	}
	for _, dir := range generatorDirs {
		name := path.Join(dir, cloudGenerator)
		if there, err := m.exists(name); err != nil {
			return nil, err
		} else if there {
			return m.cloudGeneratorRuns(name)
		}
	}
	return []CloudFault{{What: "nothing starts " + cloudTarget + ": systemd's generator " + cloudGenerator + " is missing"}}, nil
}

func (m *Machine) cloudGeneratorRuns(name string) ([]CloudFault, error) {
	info, err := m.Root.Stat(name)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil || !info.Mode().IsRegular():
		return []CloudFault{{Path: name, What: "is no program, so that nothing starts " + cloudTarget}}, nil
	case info.Mode().Perm()&0o111 == 0:
		return []CloudFault{{Path: name, What: "is not executable, so that nothing starts " + cloudTarget}}, nil
	}
	return m.cloudPolicy()
}
