package host

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDiskUnits(t *testing.T) {
	r, dir := tree(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	lib, etc := "usr/lib/systemd/system/", "etc/systemd/system/"
	for _, unit := range []string{
		"enabled.service", "off.service", "masked.service", "emptied.service", "real.service", "ssh.socket", "ssh.service",
		"shipped.service", "both.service", "template@.service",
	} {
		put(t, at(lib+unit), "[Unit]\n")
	}
	link(t, "/"+lib+"enabled.service", at(etc+"multi-user.target.wants/enabled.service"))
	link(t, "/dev/null", at(etc+"masked.service"))
	link(t, "/"+lib+"masked.service", at(etc+"multi-user.target.wants/masked.service"))
	put(t, at(etc+"emptied.service"), "")
	link(t, "/"+lib+"real.service", at(etc+"alias.service"))
	link(t, "/"+lib+"real.service", at(etc+"multi-user.target.wants/alias.service"))
	link(t, "../ssh.socket", at(lib+"sockets.target.wants/ssh.socket"))
	link(t, "/nowhere", at(etc+"dangling.service"))
	link(t, "/"+lib+"gone.service", at(etc+"multi-user.target.wants/gone.service"))
	link(t, "../shipped.service", at(lib+"sysinit.target.requires/shipped.service"))
	put(t, at("etc/init.d/legacy"), "#!/bin/sh\n")
	link(t, "../init.d/legacy", at("etc/rc3.d/S20legacy"))
	put(t, at("etc/init.d/stopped"), "#!/bin/sh\n")
	link(t, "../init.d/stopped", at("etc/rc3.d/K20stopped"))
	put(t, at("etc/rc.d/init.d/el6"), "#!/bin/sh\n")
	link(t, "../init.d/el6", at("etc/rc.d/rc3.d/S55el6"))
	put(t, at("etc/init.d/both"), "#!/bin/sh\n")
	link(t, "../init.d/both", at("etc/rc3.d/S20both"))

	on, off, masked := UnitState{Installed: true, Enabled: true}, UnitState{Installed: true}, UnitState{Installed: true, Masked: true}
	for unit, want := range map[string]UnitState{
		"enabled.service":  on,
		"off.service":      off,
		"masked.service":   masked,
		"emptied.service":  masked,
		"alias.service":    on,
		"ssh.socket":       on,
		"ssh.service":      off,
		"shipped.service":  on,
		"absent.service":   {},
		"dangling.service": {},
		"gone.service":     {},
		"legacy.service":   on,
		"stopped.service":  off,
		"el6.service":      on,
		// The unit file wins over the script of its name, which systemd ignores then.
		"both.service":  off,
		"legacy.socket": {},
	} {
		got, err := newDiskUnits(r).State(context.Background(), unit)
		require.NoError(t, err, unit)
		assert.Equal(t, want, got, unit)
	}
}

// TestDiskUnitsCannotLook: a loop is no answer.
func TestDiskUnitsCannotLook(t *testing.T) {
	r, dir := tree(t)
	link(t, "ssh.service", filepath.Join(dir, "etc/systemd/system/ssh.service"))
	_, err := newDiskUnits(r).State(context.Background(), "ssh.service")
	require.Error(t, err)

	r, dir = tree(t)
	link(t, "loop", filepath.Join(dir, "usr/lib/systemd/loop"))
	link(t, "loop", filepath.Join(dir, "usr/lib/systemd/system"))
	_, err = newDiskUnits(r).State(context.Background(), "ssh.service")
	require.Error(t, err)
}

func TestServiceManagerOfATree(t *testing.T) {
	r, dir := tree(t)
	assert.False(t, serviceManagerRuns(r))
	put(t, filepath.Join(dir, "run/systemd/system"), "no folder")
	assert.False(t, serviceManagerRuns(r))
	assert.IsType(t, diskUnits{}, liveUnits(r))
}

// TestUnitsThatNothingStarts: a link alone is no start; it counts where a boot gets to it.
func TestUnitsThatNothingStarts(t *testing.T) {
	r, dir := tree(t)
	for _, unit := range []string{"ssh.service", "ssh.socket", "a.service", "b.service", "rescued.service"} {
		put(t, filepath.Join(dir, "usr/lib/systemd/system", unit), "[Service]\n")
	}
	for _, wants := range []string{
		"ssh.service.requires/ssh.socket", "rescue.target.wants/rescued.service",
		"a.service.wants/b.service", "b.service.wants/a.service",
	} {
		link(t, "/usr/lib/systemd/system/"+filepath.Base(wants), filepath.Join(dir, "etc/systemd/system", wants))
	}
	enabled := func(unit string) bool {
		state, err := newDiskUnits(r).State(context.Background(), unit)
		require.NoError(t, err)
		return state.Enabled
	}
	for _, unit := range []string{"ssh.socket", "rescued.service", "a.service"} {
		assert.False(t, enabled(unit), unit)
	}
	link(t, "/usr/lib/systemd/system/ssh.service", filepath.Join(dir, "etc/systemd/system/multi-user.target.wants/ssh.service"))
	assert.True(t, enabled("ssh.socket"), "wanted by a unit that is wanted")
}
