package distro

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
)

const (
	cloudInitDisabled = "/etc/cloud/cloud-init.disabled"
	cloudInitEnabled  = "/etc/cloud/cloud-init.enabled"
	bootFileLimit     = 4 << 20
)

// cloudInitStages are the units that run cloud-init's network stage, by its version,
// and OpenRC's link to its service.
var (
	cloudInitStages = [...]string{"cloud-init.service", "cloud-init-network.service"}
	cloudInitOpenRC = "/etc/runlevels/*/cloud-init"
)

// kernelCommandLines are where the kernel's command line is written down.
var kernelCommandLines = [...]string{
	"/proc/cmdline", "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/boot/loader/entries/*.conf", "/etc/kernel/cmdline",
}

// cloudInitOff returns why cloud-init does not run at a droplet's first boot, empty
// where it does, as far as the image decides it.
func (m *Machine) cloudInitOff(ctx context.Context) (why string, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("looking whether cloud-init runs: %w", err)
		}
	}()
	program, err := m.Program(cloudInitProgram)
	if err != nil || program == "" {
		return "cloud-init is not installed", err
	}
	disabled, err := m.exists(cloudInitDisabled)
	if err != nil {
		return "", err
	}
	enabled, err := m.exists(cloudInitEnabled)
	if err != nil || disabled && !enabled {
		return cloudInitDisabled + " disables cloud-init", err
	}
	if where, err := m.cloudInitForbidden(); err != nil || where != "" {
		return "the kernel's command line in " + where + " disables cloud-init", err
	}
	started, err := m.cloudInitStarted(ctx)
	if err != nil || started {
		return "", err
	}
	return "no unit starts cloud-init at boot", nil
}

func (m *Machine) cloudInitStarted(ctx context.Context) (bool, error) {
	for _, unit := range cloudInitStages {
		state, err := m.Units.State(ctx, unit)
		if err != nil || state.Enabled && !state.Masked {
			return true, err
		}
	}
	links, err := m.Root.Glob(cloudInitOpenRC)
	return len(links) > 0, err
}

// cloudInitForbidden returns the file in which the kernel's command line says that
// cloud-init shall not run.
func (m *Machine) cloudInitForbidden() (string, error) {
	var problems []error
	for _, pattern := range kernelCommandLines {
		names, err := m.Root.Glob(pattern)
		problems = append(problems, err)
		for _, name := range names {
			data, _, err := m.Root.ReadHead(name, bootFileLimit)
			if bytes.Contains(data, []byte("cloud-init=disabled")) {
				return name, nil
			}
			if !errors.Is(err, fs.ErrNotExist) {
				problems = append(problems, err)
			}
		}
	}
	return "", errors.Join(problems...)
}
