package distro

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWriters: what starts a unit comes before it, and nothing that a run or a login
// needs is among them.
func TestWriters(t *testing.T) {
	t.Parallel()
	at := map[string]int{}
	for i, w := range Writers() {
		_, twice := at[w.Unit]
		assert.False(t, twice, w.Unit)
		at[w.Unit] = i
	}
	for unit, i := range at {
		if name, service := strings.CutSuffix(unit, ".service"); service {
			for _, kind := range []string{".timer", ".path", ".socket"} {
				if starter, known := at[name+kind]; known {
					assert.Less(t, starter, i, unit)
				}
			}
		}
	}
	assert.Less(t, at["syslog.socket"], at["rsyslog.service"])
	assert.Less(t, at["apt-daily-upgrade.timer"], at["unattended-upgrades.service"])
	for _, word := range []string{"ssh", "cloud", "network", "journald", "dbus", "systemd-networkd", "systemd-resolved"} {
		assert.False(t, slices.ContainsFunc(Writers(), func(w Writer) bool { return strings.Contains(w.Unit, word) }), word)
	}
}

func TestCaches(t *testing.T) {
	t.Parallel()
	for _, c := range append(PackageCaches(), AptLists()...) {
		for _, pattern := range append([]string{c.Names}, c.Stays...) {
			_, err := path.Match(pattern, "x")
			require.NoError(t, err, pattern)
		}
	}
}

func TestAgentsFound(t *testing.T) {
	t.Parallel()
	m := treeMachine(t, `
-- lib link=usr/lib --
-- usr/lib/systemd/system/droplet-agent.service --
-- usr/lib/systemd/system/droplet-agent-update.service --
-- usr/lib/systemd/system/droplet-agent-update.timer --
-- etc/systemd/system/do-agent.service link=/dev/null --
-- etc/systemd/system/multi-user.target.wants/droplet-agent.service link=/lib/systemd/system/droplet-agent.service --
-- etc/cron.hourly/droplet-agent-install --
-- etc/cron.d/droplet-agent link=/dev/null --
-- var/lib/digitalocean/application.info --
-- var/lib/digitalocean/droplet-agent-install --
`)
	units, err := m.AgentUnits()
	require.NoError(t, err)
	assert.Equal(t, []string{"droplet-agent-update.timer", "do-agent.service", "droplet-agent-update.service", "droplet-agent.service"}, units)
	traces, err := m.FoundAgentTraces()
	require.NoError(t, err)
	var found []string
	for _, trace := range traces {
		found = append(found, trace.Path)
		assert.Equal(t, trace.Path == "/etc/cron.hourly/droplet-agent-install", trace.Cron, trace.Path)
	}
	assert.Equal(t, []string{
		"/usr/lib/systemd/system/droplet-agent-update.service", "/usr/lib/systemd/system/droplet-agent.service",
		"/usr/lib/systemd/system/droplet-agent-update.timer", "/etc/cron.hourly/droplet-agent-install",
		"/etc/systemd/system/multi-user.target.wants/droplet-agent.service", "/var/lib/digitalocean/droplet-agent-install",
	}, found, "each once, no mask, nothing of the vendor's")
}
