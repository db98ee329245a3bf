package clean

import (
	"context"
	"errors"
	"io/fs"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func identity() *Step {
	return &Step{
		ID:    "identity",
		Title: "The image is no one machine",
		Doc: "Empties /etc/machine-id in place, which every droplet would share, and D-Bus's copy of it unless that is a link; an empty one is filled at the next boot, " +
			"a missing one would make that a first boot, on which units are enabled and disabled as the distribution presets them. " +
			"Removes the saved random seed, the leases of DHCP clients, and the rules that bind network interfaces to the build droplet's hardware addresses. " +
			"The host name, the network's configuration and the ids of file systems are never touched: a droplet might not come up.",
		Script: "cleanup.sh does nothing here: every droplet of such an image has the same machine-id.",
		Sources: []string{
			"https://systemd.io/BUILDING_IMAGES/",
			"https://www.freedesktop.org/software/systemd/man/latest/machine-id.html",
			"https://libguestfs.org/virt-sysprep.1.html",
		},
		Stages:  []Stage{StageIdentity},
		Default: true,
		Plan:    planIdentity,
	}
}

func planIdentity(_ context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	for _, name := range []string{distro.MachineID, distro.DBusMachineID} {
		p.machineID(host.At(name))
	}
	p.each(OpRemove, distro.RandomSeeds()...)
	p.each(OpRemove, distro.DHCPLeases()...)
	p.each(OpRemove, distro.NetRules()...)
	return p.end()
}

// machineID plans for a file that must not lose its name. D-Bus's is a link to
// systemd's as a rule.
func (p *plan) machineID(at host.Place) {
	info, err := p.scope.Root.Lstat(at.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		p.problem(err)
	case info.Mode()&fs.ModeSymlink != 0 && at.Path == distro.DBusMachineID:
	case info.Mode()&fs.ModeSymlink != 0:
		p.leave(at, "a link, left alone: without it the next boot would be taken for the first")
	case info.Mode().IsRegular() && (host.Entry{Info: info}).Links() > 1:
		p.leave(at, "a file with other names, left alone: without it the next boot would be taken for the first")
	default:
		p.truncate(at)
	}
}
