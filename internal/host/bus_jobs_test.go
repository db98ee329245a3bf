package host

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	systemd "github.com/coreos/go-systemd/v22/dbus"
	"github.com/godbus/dbus/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// manager plays the part of systemd that does jobs.
type manager struct {
	mu    sync.Mutex
	conn  *dbus.Conn
	units map[string]*played
	jobs  uint32
	calls []string
}

// played is a unit that is stopped and started.
type played struct {
	load, active string
	// result is what a job ends with, "done" where it is empty; then is the state after.
	result, then string
	refused      bool // RefuseManualStop=
	stuck        bool // its jobs never end
	after        time.Duration
}

func (p *played) properties() unit { return states(p.load, p.active) }

// GetAll and Get answer for one unit.
type playedProperties struct {
	m    *manager
	name string
}

func (p playedProperties) GetAll(string) (map[string]dbus.Variant, *dbus.Error) {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	return p.m.units[p.name].properties(), nil
}

func (p playedProperties) Get(_, name string) (dbus.Variant, *dbus.Error) {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	return p.m.units[p.name].properties()[name], nil
}

func (m *manager) StopUnit(name, mode string) (dbus.ObjectPath, *dbus.Error) {
	u, err := m.called("stop", name, mode)
	switch {
	case err != nil:
		return "", err
	case u.load == "not-found":
		return "", dbus.NewError(errorNoUnit, []any{"Unit " + name + " not loaded."})
	case u.refused:
		return "", dbus.NewError(errorRefused, []any{"Operation refused, unit " + name + " may be requested by dependency only."})
	}
	return m.job(name, "inactive"), nil
}

func (m *manager) StartUnit(name, mode string) (dbus.ObjectPath, *dbus.Error) {
	u, err := m.called("start", name, mode)
	switch {
	case err != nil:
		return "", err
	case u.load == "not-found": // as systemd 219 has it
		return "", dbus.NewError("org.freedesktop.systemd1.LoadFailed", []any{"Unit " + name + " failed to load: No such file or directory."})
	case u.load == "masked":
		return "", dbus.NewError("org.freedesktop.systemd1.UnitMasked", []any{"Unit " + name + " is masked."})
	}
	return m.job(name, "active"), nil
}

func (m *manager) KillUnit(name, whom string, signal int32) *dbus.Error {
	_, err := m.called("kill", name, fmt.Sprintf("%s %d", whom, signal))
	m.job(name, "inactive")
	return err
}

func (m *manager) called(what, name, how string) (*played, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, what+" "+name+" "+how)
	u, known := m.units[name]
	if !known {
		return nil, dbus.NewError(errorNoUnit, nil)
	}
	return u, nil
}

// job ends after a while, and tells whoever listens.
func (m *manager) job(name, state string) dbus.ObjectPath {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.jobs++
	id, u := m.jobs, m.units[name]
	path := dbus.ObjectPath(fmt.Sprintf("/org/freedesktop/systemd1/job/%d", id))
	if u.stuck {
		return path
	}
	result := "done"
	if u.result != "" {
		result, state = u.result, u.then
	}
	time.AfterFunc(u.after, func() {
		m.mu.Lock()
		u.active = state
		m.mu.Unlock()
		_ = m.conn.Emit("/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager.JobRemoved", id, path, name, result)
	})
	return path
}

func startManager(t *testing.T, units map[string]*played) (*manager, Units) {
	t.Helper()
	address := startBus(t)
	conn, err := dbus.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	m := &manager{conn: conn, units: units}
	require.NoError(t, conn.Export(m, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"))
	for name := range units {
		path := dbus.ObjectPath("/org/freedesktop/systemd1/unit/" + systemd.PathBusEscape(name))
		require.NoError(t, conn.Export(playedProperties{m, name}, path, "org.freedesktop.DBus.Properties"))
	}
	_, err = conn.RequestName("org.freedesktop.systemd1", dbus.NameFlagDoNotQueue)
	require.NoError(t, err)
	r, _ := tree(t)
	return m, busUnits{disk: newDiskUnits(r), connect: func(ctx context.Context) (*systemd.Conn, error) {
		return systemd.NewConnection(func() (*dbus.Conn, error) { return dbus.Connect(address, dbus.WithContext(ctx)) })
	}}
}

func TestBusJobs(t *testing.T) {
	const soon = 50 * time.Millisecond
	m, units := startManager(t, map[string]*played{
		"rsyslog.service": {load: "loaded", active: "active", after: soon},
		"auditd.service":  {load: "loaded", active: "active", after: 300 * time.Millisecond, refused: true},
		"raced.service":   {load: "loaded", active: "active", after: soon, result: "canceled", then: "inactive"},
		"broken.service":  {load: "loaded", active: "active", after: soon, result: "failed", then: "active"},
		"gone.service":    {load: "not-found", active: "inactive"},
		"masked.service":  {load: "masked", active: "inactive"},
		"idle.service":    {load: "loaded", active: "inactive", after: soon},
		"sick.service":    {load: "loaded", active: "inactive", after: soon, result: "failed", then: "failed"},
	})
	ctx := t.Context()
	state := func(unit string) string {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.units[unit].active
	}

	require.NoError(t, units.Stop(ctx, "rsyslog.service"))
	assert.Equal(t, "inactive", state("rsyslog.service"), "it is waited for")
	require.NoError(t, units.Start(ctx, "rsyslog.service"))
	assert.Equal(t, "active", state("rsyslog.service"))

	require.NoError(t, units.Stop(ctx, "auditd.service"))
	assert.Equal(t, "inactive", state("auditd.service"), "it is waited for where there is no job")
	require.NoError(t, units.Start(ctx, "auditd.service"))
	m.mu.Lock()
	calls := slices.Clone(m.calls)
	m.mu.Unlock()
	assert.Equal(t, []string{
		"stop rsyslog.service replace", "start rsyslog.service replace",
		"stop auditd.service replace", "kill auditd.service main 15", "start auditd.service replace",
	}, calls)

	require.NoError(t, units.Stop(ctx, "raced.service"), "another has stopped it meanwhile")
	require.NoError(t, units.Stop(ctx, "idle.service"))
	require.EqualError(t, units.Stop(ctx, "broken.service"), `stopping broken.service: systemd says "failed"`)
	require.EqualError(t, units.Start(ctx, "sick.service"), `starting sick.service: systemd says "failed"`)
	require.ErrorContains(t, units.Start(ctx, "masked.service"), "is masked")
	for _, unit := range []string{"gone.service", "unheard-of.service"} {
		require.ErrorIs(t, units.Stop(ctx, unit), ErrNoUnit, unit)
	}
	require.ErrorIs(t, units.Start(ctx, "gone.service"), ErrNoUnit)
}

// TestBusJobThatHangs: the end of ctx is the end of the wait.
func TestBusJobThatHangs(t *testing.T) {
	_, units := startManager(t, map[string]*played{
		"stuck.service":  {load: "loaded", active: "active", stuck: true},
		"auditd.service": {load: "loaded", active: "active", stuck: true, refused: true},
	})
	for _, unit := range []string{"stuck.service", "auditd.service"} {
		ctx, stop := context.WithTimeoutCause(context.Background(), 300*time.Millisecond, ErrSlowUnit)
		start := time.Now()
		require.ErrorIs(t, units.Stop(ctx, unit), ErrSlowUnit, unit)
		assert.Less(t, time.Since(start), 5*time.Second)
		stop()
	}
}

func TestUnitsOffline(t *testing.T) {
	r, _ := tree(t)
	require.ErrorIs(t, newDiskUnits(r).Stop(t.Context(), "ssh.service"), ErrOffline)
	require.ErrorIs(t, newDiskUnits(r).Start(t.Context(), "ssh.service"), ErrOffline)
}
