package clean

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// agentThere is what droplet-agent leaves on a droplet, beside what is the vendor's.
const agentThere = `
-- var/lib/dpkg/status append --
Package: droplet-agent
Status: install ok installed
Architecture: amd64
Version: 1.2.8

-- opt/digitalocean/bin/droplet-agent mode=0755 --
agent
-- opt/digitalocean/share link=/srv/vendor --
-- srv/vendor/canary --
-- usr/lib/systemd/system/droplet-agent.service --
-- usr/lib/systemd/system/droplet-agent-update.timer --
-- etc/systemd/system/do-agent.service link=/dev/null --
-- etc/systemd/system/multi-user.target.wants/droplet-agent.service link=/usr/lib/systemd/system/droplet-agent.service --
-- etc/cron.hourly/droplet-agent-install --
#!/bin/sh
-- etc/apt/sources.list.d/droplet-agent.list --
-- var/log/droplet_agent.update.log --
log
-- var/lib/digitalocean/droplet-agent-install/state --
`

func agentLab(t *testing.T) *liveLab {
	t.Helper()
	lab := newLab(t, "ubuntu-24.04", agentThere)
	lab.units.active["droplet-agent.service"], lab.units.active["droplet-agent-update.timer"] = true, true
	lab.says("apt-get -s purge droplet-agent", summary+"Purg droplet-agent [1.2.8]\n")
	lab.says("apt-get -y purge droplet-agent", "")
	lab.says("systemctl daemon-reload", "")
	return lab
}

func TestDoAgent(t *testing.T) {
	t.Parallel()
	lab := agentLab(t)
	rows, err := lab.plan(doAgent())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"remove /etc/cron.hourly/droplet-agent-install",
		"stop droplet-agent-update.timer",
		"stop droplet-agent.service",
		aptUpgrade + "purge droplet-agent (removes DigitalOcean's agents: droplet-agent)",
		"remove /usr/lib/systemd/system/droplet-agent.service",
		"remove /usr/lib/systemd/system/droplet-agent-update.timer",
		"unlink /etc/systemd/system/multi-user.target.wants/droplet-agent.service (a link, whose target stays)",
		"remove /etc/apt/sources.list.d/droplet-agent.list",
		"remove /var/lib/digitalocean/droplet-agent-install/state",
		"remove-folder /var/lib/digitalocean/droplet-agent-install",
		"remove /var/log/droplet_agent.update.log",
		"remove /opt/digitalocean/bin/droplet-agent",
		"unlink /opt/digitalocean/share (a link, whose target stays)",
		"remove-folder /opt/digitalocean/bin",
		"remove-folder /opt/digitalocean",
		"run systemctl daemon-reload (makes systemd forget the units that are gone)",
	}, rows)

	lab.calls = nil
	// the package takes its own files with it, and needs its program until then
	lab.programs[1].does = func(root string) {
		program, err := os.ReadFile(filepath.Join(root, "opt/digitalocean/bin/droplet-agent"))
		require.NoError(t, err)
		assert.Equal(t, "agent\n", string(program), "nothing is overwritten before the package is gone")
		assert.NoFileExists(t, filepath.Join(root, "etc/cron.hourly/droplet-agent-install"))
		require.NoError(t, os.Remove(filepath.Join(root, "usr/lib/systemd/system/droplet-agent.service")))
	}
	_, err = lab.clean(doAgent())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"apt-get -s purge droplet-agent", "stop droplet-agent-update.timer", "stop droplet-agent.service",
		"apt-get -y purge droplet-agent", "systemctl daemon-reload",
	}, lab.calls)
	for _, gone := range []string{"opt/digitalocean", "etc/cron.hourly/droplet-agent-install", "var/lib/digitalocean/droplet-agent-install"} {
		assert.False(t, lab.there(gone), gone)
	}
	for _, stays := range []string{"srv/vendor/canary", "etc/systemd/system/do-agent.service", "var/lib/digitalocean/application.info"} {
		assert.True(t, lab.there(stays), stays)
	}
}

// TestDoAgentThatStays: half an agent is a broken one.
func TestDoAgentThatStays(t *testing.T) {
	t.Parallel()
	lab := agentLab(t)
	lab.programs[0].out.Stdout = []byte(summary + "Purg my-app [1]\nPurg droplet-agent [1.2.8]\n")
	rows, err := lab.clean(doAgent())
	require.NoError(t, err)
	assert.Equal(t, []string{"skipped leave  (other packages would be removed too: my-app)"}, rows)

	lab = agentLab(t)
	lab.programs[1].out = host.Output{ExitCode: 100, Stderr: []byte("dpkg: error processing package droplet-agent (--purge):\n exit status 1\n")}
	_, err = lab.clean(doAgent())
	require.ErrorContains(t, err, "package droplet-agent could not be purged")
	assert.True(t, lab.there("opt/digitalocean/bin/droplet-agent"))
}

func TestDoAgentIsNotThere(t *testing.T) {
	t.Parallel()
	rows, err := newLab(t, "ubuntu-24.04", "").plan(doAgent())
	require.NoError(t, err)
	assert.Empty(t, rows)

	lab := newLab(t, "ubuntu-24.04", "-- srv/canary --\n-- opt/digitalocean link=/srv --\n")
	_, err = lab.clean(doAgent())
	require.NoError(t, err)
	assert.False(t, lab.there("opt/digitalocean"))
	assert.True(t, lab.there("srv/canary"))
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "")
	for _, unit := range []string{"apt-daily.timer", "unattended-upgrades.service", "syslog.socket", "rsyslog.service", "ssh.service", "cron.service"} {
		lab.units.active[unit] = true
	}
	lab.units.refuses["syslog.socket"] = host.ErrNoUnit // another has taken it away
	rows, err := lab.clean(quiet())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"done stop cron.service", "done stop apt-daily.timer", "done wait the package locks (at most 300ms)",
		"done stop unattended-upgrades.service", "done stop syslog.socket", "done stop rsyslog.service",
	}, rows)
	assert.True(t, lab.units.active["ssh.service"])

	lab.calls = nil
	broken := errors.New("starting apt-daily.timer: no")
	lab.units.refuses["apt-daily.timer"] = broken
	err = PutBack(t.Context(), lab.scope(), lab.recovery)
	require.ErrorIs(t, err, broken)
	assert.Equal(t, []string{
		"start rsyslog.service", "start syslog.socket", "start unattended-upgrades.service", "start apt-daily.timer", "start cron.service",
	}, lab.calls, "the last that was stopped is started first")
	assert.Equal(t, []host.Debt{{Kind: host.DebtUnit, What: "apt-daily.timer"}}, lab.recovery.Debts(), "what could not be put back is still owed")
}

// TestQuietFails: a unit that cannot be stopped stops the run, and is owed its start.
func TestQuietFails(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "-- root/.bash_history --\nx\n")
	lab.units.active["rsyslog.service"] = true
	lab.units.refuses["rsyslog.service"] = host.ErrSlowUnit
	_, err := lab.clean(quiet(), history())
	require.ErrorIs(t, err, host.ErrSlowUnit)
	assert.True(t, lab.there("root/.bash_history"))
	assert.Equal(t, []host.Debt{{Kind: host.DebtUnit, What: "rsyslog.service"}}, lab.recovery.Debts())
}
