package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// CloudFault is one thing that is wrong with how cloud-init is set up.
type CloudFault struct {
	Path string
	Line int // from 1, or 0
	What string
}

// CloudDisabledFile switches cloud-init off while it exists.
const CloudDisabledFile = "/etc/cloud/cloud-init.disabled"

const (
	cloudEnabledFile = "/etc/cloud/cloud-init.enabled"
	// enabledUntil is the first release that CloudDisabledFile switches off in spite of
	// cloudEnabledFile (canonical/cloud-init#4399).
	enabledUntil     = "23.4"
	cloudDisabledArg = "cloud-init=disabled"
)

// ErrNoCloudInit says that cloud-init is not installed.
var ErrNoCloudInit = errors.New("cloud-init is not installed")

// CloudObstacles tells what keeps cloud-init from running at boot, by its files, the
// kernel's arguments and its units; nothing where it will run, ErrNoCloudInit where it
// is not there. What was found is returned beside an error that names what could not
// be looked at.
func (m *Machine) CloudObstacles(ctx context.Context) ([]CloudFault, error) {
	if program, err := m.Program(cloudInitProgram); program == "" && err == nil {
		return nil, ErrNoCloudInit
	}
	var found []CloudFault
	var problems []error
	for _, look := range []func(context.Context) ([]CloudFault, error){
		m.cloudMarker, m.cloudKernelArgs, m.cloudUnits,
	} {
		obstacles, err := look(ctx)
		found, problems = append(found, obstacles...), append(problems, err)
	}
	if err := errors.Join(problems...); err != nil {
		return found, fmt.Errorf("looking whether cloud-init will run: %w", err)
	}
	return found, nil
}

func (m *Machine) cloudMarker(ctx context.Context) ([]CloudFault, error) {
	_, err := m.Root.Stat(CloudDisabledFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	}
	overruled, err := m.markerOverruled(ctx)
	if overruled || err != nil {
		return nil, err
	}
	return []CloudFault{{Path: CloudDisabledFile, What: "this file switches cloud-init off"}}, nil
}

// markerOverruled reports whether cloud-init runs in spite of CloudDisabledFile: where
// its counterpart is there, and the release is one to which that is the stronger.
func (m *Machine) markerOverruled(ctx context.Context) (bool, error) {
	info, err := m.Root.Stat(cloudEnabledFile)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	ci, err := m.CloudInit(ctx)
	if errors.Is(err, ErrNoVersion) {
		return false, nil
	}
	old, known := VersionBefore(ci.Version, enabledUntil)
	return old && known, err
}

func (m *Machine) cloudKernelArgs(ctx context.Context) ([]CloudFault, error) {
	args, err := m.KernelArgs(ctx)
	var found []CloudFault
	for _, a := range args {
		what := cloudArgument(a.Arg)
		if what == "" {
			continue
		}
		if a.Later {
			what += " once the boot loader's configuration is made again"
		}
		found = append(found, CloudFault{a.File, a.Line, what})
	}
	return found, err
}

// cloudArgument says how an argument of the kernel keeps cloud-init off, or nothing.
func cloudArgument(arg string) string {
	policy, isPolicy := strings.CutPrefix(arg, policyArg)
	switch {
	case arg == cloudDisabledArg:
		return "the kernel's argument " + cloudDisabledArg + " switches cloud-init off"
	case isPolicy && policyMode(policy) == policyDisabled:
		return "the kernel's argument " + policyArg + policyDisabled + " switches cloud-init off"
	}
	return ""
}

// cloudInitOff returns why cloud-init does not run at a droplet's first boot, empty
// where it does, as far as the image decides it.
func (m *Machine) cloudInitOff(ctx context.Context) (string, error) {
	obstacles, err := m.CloudObstacles(ctx)
	switch {
	case errors.Is(err, ErrNoCloudInit):
		return ErrNoCloudInit.Error(), nil
	case len(obstacles) > 0 && obstacles[0].Path != "":
		return obstacles[0].Path + ": " + obstacles[0].What, nil
	case len(obstacles) > 0:
		return obstacles[0].What, nil
	}
	return "", err
}
