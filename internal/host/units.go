package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// Reasons for which a unit was not stopped or started.
var (
	// ErrNoUnit says that the service manager knows no unit of that name.
	ErrNoUnit = errors.New("no such unit")
	// ErrSlowUnit says that a unit was still on its way when the time was over.
	ErrSlowUnit = errors.New("systemd has not come to an end with it")
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

// Units tells the state of systemd units, and stops and starts them.
type Units interface {
	// State returns the state of a unit by its full name ("ssh.service"). A unit
	// that does not exist is a zero UnitState and no error.
	State(ctx context.Context, unit string) (UnitState, error)
	// Stop stops a unit and waits until it has ended; Start starts one and waits until
	// it runs. Each may take two minutes; ErrSlowUnit. Where no service manager runs they
	// return ErrOffline, for a unit that does not exist ErrNoUnit.
	Stop(ctx context.Context, unit string) error
	Start(ctx context.Context, unit string) error
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

// diskUnits judges by the unit files and links of a tree. What it says of Enabled
// is also what the live machine's answer is made of, so that both modes agree.
//
// The links are read once: a machine has hundreds of them, and a check must not see
// two answers.
type diskUnits struct {
	root  *Root
	wants func() (map[string][]string, error)
}

func newDiskUnits(root *Root) diskUnits {
	return diskUnits{root: root, wants: sync.OnceValues(func() (map[string][]string, error) { return readWants(root) })}
}

// State judges by what is on disk alone; what runs now is unknown.
func (d diskUnits) State(_ context.Context, unit string) (UnitState, error) {
	state, err := d.file(unit)
	if err != nil || state.Masked {
		return state, err
	}
	wanted, err := d.wanted(unit)
	if err != nil {
		return state, err
	}
	script, started, err := d.sysv(unit)
	state.Enabled = state.Installed && wanted || script && !state.Installed && started
	state.Installed = state.Installed || script
	return state, err
}

// Stop needs a service manager.
func (diskUnits) Stop(context.Context, string) error { return ErrOffline }

// Start needs a service manager.
func (diskUnits) Start(context.Context, string) error { return ErrOffline }

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
		if _, err := d.root.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			return UnitState{Installed: err == nil}, err
		}
	}
	return UnitState{}, nil
}

// readWants returns, by unit, the units whose .wants or .requires folder has a link
// to it ("systemctl enable" makes them, packages ship them).
func readWants(root *Root) (map[string][]string, error) {
	wants := map[string][]string{}
	for _, dir := range unitDirs {
		folders, err := root.Glob(path.Join(dir, "*.*s"))
		if err != nil {
			return nil, fmt.Errorf("looking for what starts units: %w", err)
		}
		for _, folder := range folders {
			by := path.Base(folder)
			by = strings.TrimSuffix(strings.TrimSuffix(by, ".wants"), ".requires")
			if by == path.Base(folder) {
				continue
			}
			links, err := root.ReadDir(folder)
			if err != nil && !errors.Is(err, ErrNotFolder) && !errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("looking for what starts units: %w", err)
			}
			for _, link := range links {
				wants[link.Name()] = append(wants[link.Name()], by)
			}
		}
	}
	return wants, nil
}

// wanted reports whether the boot pulls this unit in: a target that every boot
// reaches wants it, or a unit that is wanted itself.
func (d diskUnits) wanted(unit string) (bool, error) {
	wants, err := d.wants()
	if err != nil {
		return false, err
	}
	seen := map[string]bool{unit: true}
	for queue := []string{unit}; len(queue) > 0; queue = queue[1:] {
		for _, by := range wants[queue[0]] {
			if slices.Contains(bootTargets[:], by) {
				return true, nil
			}
			if !seen[by] {
				seen[by] = true
				queue = append(queue, by)
			}
		}
	}
	return false, nil
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
