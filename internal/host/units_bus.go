package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/coreos/go-systemd/v22/dbus"
)

// busUnits adds to what is on disk whether a unit runs, asked over D-Bus.
type busUnits struct {
	disk    diskUnits
	connect func(context.Context) (*dbus.Conn, error)
}

// State adds to what is on disk whether the unit runs.
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
	disk := newDiskUnits(root)
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
