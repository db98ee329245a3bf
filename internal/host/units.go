package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/coreos/go-systemd/v22/dbus"
)

// Activity is whether a unit runs.
type Activity int

// Where no service manager runs (a tree, a chroot, a container), the activity of
// every unit is ActivityUnknown, which is not Inactive.
const (
	ActivityUnknown Activity = iota
	Active
	Inactive
	Failed
)

// UnitState is what is known of one systemd unit.
type UnitState struct {
	// Installed: the unit has a unit file or a SysV init script.
	Installed bool
	// Masked: the unit can not be started at all.
	Masked bool
	// Enabled: something starts the unit at boot, as far as the links on disk say.
	Enabled bool
	// Activity is whether it runs now.
	Activity Activity
}

// Units tells the state of systemd units.
type Units interface {
	// State returns the state of a unit by its full name ("ssh.service"). A unit
	// that does not exist is a zero UnitState and no error.
	State(ctx context.Context, unit string) (UnitState, error)
}

// Where systemd looks for unit files, the strongest first.
var unitDirs = [...]string{
	"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system",
}

// bootTargets are reached by every boot of a server, as systemd.special(7) has them.
// default.target is a link to multi-user.target or graphical.target.
var bootTargets = [...]string{
	"basic.target", "cloud-config.target", "cloud-init.target", "default.target", "getty.target", "graphical.target",
	"local-fs.target", "multi-user.target", "network-online.target", "network-pre.target", "network.target",
	"paths.target", "remote-fs.target", "sockets.target", "swap.target", "sysinit.target", "timers.target",
}

// maxWanting bounds a chain of units that want one another.
const maxWanting = 5

// diskUnits judges by the unit files and links of a tree. What it says of Enabled
// is also what the live machine's answer is made of, so that both modes agree.
type diskUnits struct{ root *Root }

func (d diskUnits) State(_ context.Context, unit string) (UnitState, error) {
	state, err := d.file(unit)
	if err != nil || state.Masked {
		return state, err
	}
	wanted, err := d.wanted(unit, 0)
	if err != nil {
		return state, err
	}
	script, started, err := d.sysv(unit)
	state.Enabled = state.Installed && wanted || script && !state.Installed && started
	state.Installed = state.Installed || script
	return state, err
}

// file looks for the unit file that systemd would use.
func (d diskUnits) file(unit string) (UnitState, error) {
	for _, dir := range unitDirs {
		name := path.Join(dir, unit)
		info, err := d.root.Lstat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return UnitState{}, fmt.Errorf("looking for unit %s: %w", unit, err)
		case info.Mode().IsRegular() && info.Size() == 0:
			return UnitState{Installed: true, Masked: true}, nil
		case info.Mode()&fs.ModeSymlink == 0:
			return UnitState{Installed: true}, nil
		}
		if target, err := d.root.Resolve(name); err != nil || target == "/dev/null" {
			return UnitState{Installed: true, Masked: err == nil}, err
		}
		if _, err := d.root.Stat(name); err == nil {
			return UnitState{Installed: true}, nil
		}
	}
	return UnitState{}, nil
}

// wanted reports whether the boot pulls this unit in: a link to it in the .wants or
// .requires folder ("systemctl enable" makes them, packages ship them) of a target
// that every boot reaches, or of a unit that is wanted itself.
func (d diskUnits) wanted(unit string, depth int) (bool, error) {
	for _, dir := range unitDirs {
		for _, kind := range []string{".wants", ".requires"} {
			links, err := d.root.Glob(path.Join(dir, "*"+kind, unit))
			if err != nil {
				return false, fmt.Errorf("looking for what starts %s: %w", unit, err)
			}
			for _, link := range links {
				by := strings.TrimSuffix(path.Base(path.Dir(link)), kind)
				if starts, err := d.starts(by, depth); starts || err != nil {
					return starts, err
				}
			}
		}
	}
	return false, nil
}

// starts reports whether a boot starts the unit that wants another.
func (d diskUnits) starts(unit string, depth int) (bool, error) {
	if slices.Contains(bootTargets[:], unit) {
		return true, nil
	}
	if depth == maxWanting {
		return false, nil
	}
	return d.wanted(unit, depth+1)
}

// sysv looks for an init script of that name and its start links, which systemd
// turns into a unit at boot.
func (d diskUnits) sysv(unit string) (script, started bool, err error) {
	name, isService := strings.CutSuffix(unit, ".service")
	if !isService {
		return false, false, nil
	}
	for _, dir := range []string{"/etc", "/etc/rc.d"} {
		if _, err := d.root.Stat(path.Join(dir, "init.d", name)); errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return false, false, fmt.Errorf("looking for init script %s: %w", name, err)
		}
		links, err := d.root.Glob(path.Join(dir, "rc[2-5].d", "S[0-9][0-9]"+name))
		return true, len(links) > 0, err
	}
	return false, false, nil
}

// busUnits adds to what is on disk whether a unit runs, asked over D-Bus.
type busUnits struct {
	disk    diskUnits
	connect func(context.Context) (*dbus.Conn, error)
}

func (b busUnits) State(ctx context.Context, unit string) (UnitState, error) {
	state, err := b.disk.State(ctx, unit)
	if err != nil {
		return state, err
	}
	conn, err := b.connect(ctx)
	if err != nil {
		return state, fmt.Errorf("asking systemd for %s: %w", unit, err)
	}
	defer conn.Close()
	properties, err := conn.GetUnitPropertiesContext(ctx, unit)
	if err != nil {
		// The end of ctx closes the connection, and may be heard of that way only.
		return state, fmt.Errorf("asking systemd for %s: %w", unit, errors.Join(ctx.Err(), err))
	}
	loaded, _ := properties["LoadState"].(string)
	active, _ := properties["ActiveState"].(string)
	state.Installed = state.Installed || slices.Contains([]string{"loaded", "masked"}, loaded)
	state.Masked = state.Masked || loaded == "masked"
	state.Activity, err = activity(active)
	return state, err
}

func activity(state string) (Activity, error) {
	switch state {
	case "active", "reloading", "refreshing", "activating":
		return Active, nil
	case "inactive", "deactivating", "maintenance":
		return Inactive, nil
	case "failed":
		return Failed, nil
	}
	return ActivityUnknown, errors.New("systemd answered with a state that does not exist")
}

// liveUnits asks systemd where it is this machine's service manager. In a chroot
// or a container it is not, even where its socket can be reached.
func liveUnits(root *Root) Units {
	disk := diskUnits{root}
	if !serviceManagerRuns(root) {
		return disk
	}
	return busUnits{disk: disk, connect: dbus.NewSystemdConnectionContext}
}

// serviceManagerRuns reports whether systemd is the first process of the machine
// whose root file system this is: it makes /run/systemd/system at boot, and shares
// our root folder unless we are in a chroot.
func serviceManagerRuns(root *Root) bool {
	info, err := root.Lstat("/run/systemd/system")
	if err != nil || !info.IsDir() {
		return false
	}
	ours, err := os.Stat("/")
	if err != nil {
		return false
	}
	first, err := os.Stat("/proc/1/root/.")
	return err == nil && os.SameFile(ours, first)
}
