package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	systemd "github.com/coreos/go-systemd/v22/dbus"
	"github.com/godbus/dbus/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/><allow eavesdrop="true"/></policy></busconfig>`

// startBus starts a real dbus-daemon and returns its address.
func startBus(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("no dbus-daemon on this computer (package dbus-daemon)")
	}
	config := filepath.Join(t.TempDir(), "bus.conf")
	put(t, config, fmt.Sprintf(busConfig, "/tmp"))
	daemon := exec.Command(program, "--config-file="+config, "--print-address", "--nofork", "--nopidfile")
	out, err := daemon.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, daemon.Start())
	t.Cleanup(func() {
		_ = daemon.Process.Kill()
		_ = daemon.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(address)
}

// unit is an object as systemd exports one for a unit.
type unit map[string]dbus.Variant

func (u unit) GetAll(string) (map[string]dbus.Variant, *dbus.Error) {
	if u == nil {
		time.Sleep(time.Minute) // a service manager that does not answer
	}
	return u, nil
}

// serve plays systemd on the bus.
func serve(t *testing.T, address string, units map[string]unit) {
	t.Helper()
	conn, err := dbus.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	for name, u := range units {
		path := dbus.ObjectPath("/org/freedesktop/systemd1/unit/" + systemd.PathBusEscape(name))
		require.NoError(t, conn.Export(u, path, "org.freedesktop.DBus.Properties"))
	}
	reply, err := conn.RequestName("org.freedesktop.systemd1", dbus.NameFlagDoNotQueue)
	require.NoError(t, err)
	require.Equal(t, dbus.RequestNameReplyPrimaryOwner, reply)
}

func states(load, active string) unit {
	return unit{"LoadState": dbus.MakeVariant(load), "ActiveState": dbus.MakeVariant(active)}
}

func TestBusUnits(t *testing.T) {
	address := startBus(t)
	serve(t, address, map[string]unit{
		"ssh.service":         states("loaded", "active"),
		"ssh.socket":          states("loaded", "active"),
		"nftables.service":    states("loaded", "inactive"),
		"firewalld.service":   states("loaded", "failed"),
		"ufw.service":         states("masked", "inactive"),
		"absent.service":      states("not-found", "inactive"),
		"reloading.service":   states("loaded", "reloading"),
		"generated.service":   states("loaded", "activating"),
		"getty@tty1.service":  states("loaded", "active"),
		"strange.service":     states("loaded", "levitating"),
		"numbers.service":     {"LoadState": dbus.MakeVariant(7), "ActiveState": dbus.MakeVariant([]string{"active"})},
		"nothing.service":     {},
		"unanswering.service": nil,
	})
	r, dir := tree(t)
	put(t, filepath.Join(dir, "usr/lib/systemd/system/ssh.service"), "[Unit]\n")
	link(t, "/usr/lib/systemd/system/ssh.service", filepath.Join(dir, "etc/systemd/system/multi-user.target.wants/ssh.service"))
	units := busUnits{disk: newDiskUnits(r), connect: func(ctx context.Context) (*systemd.Conn, error) {
		return systemd.NewConnection(func() (*dbus.Conn, error) { return dbus.Connect(address, dbus.WithContext(ctx)) })
	}}

	for name, want := range map[string]UnitState{
		"ssh.service":        {Installed: true, Enabled: true, Activity: Active},
		"ssh.socket":         {Installed: true, Activity: Active},
		"nftables.service":   {Installed: true, Activity: Inactive},
		"firewalld.service":  {Installed: true, Activity: Failed},
		"ufw.service":        {Installed: true, Masked: true, Activity: Inactive},
		"absent.service":     {Activity: Inactive},
		"reloading.service":  {Installed: true, Activity: Active},
		"generated.service":  {Installed: true, Activity: Active},
		"getty@tty1.service": {Installed: true, Activity: Active},
	} {
		got, err := units.State(context.Background(), name)
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
	for _, name := range []string{"strange.service", "numbers.service", "nothing.service", "unknown-to-the-bus.service"} {
		state, err := units.State(context.Background(), name)
		require.Error(t, err, name)
		assert.Equal(t, ActivityUnknown, state.Activity, name)
	}

	ctx, stop := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer stop()
	start := time.Now()
	_, err := units.State(ctx, "unanswering.service")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Less(t, time.Since(start), 5*time.Second)
}

func TestBusGone(t *testing.T) {
	r, _ := tree(t)
	gone := errors.New("no bus")
	units := busUnits{disk: newDiskUnits(r), connect: func(context.Context) (*systemd.Conn, error) { return nil, gone }}
	_, err := units.State(context.Background(), "ssh.service")
	require.ErrorIs(t, err, gone)
}
