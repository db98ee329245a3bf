package check

import (
	"testing"

	"imgcheck/distro"
)

func TestDOAgent(t *testing.T) {
	testCheck(t, doAgent(), []row{
		{name: "none", want: Pass},
		{
			name: "an empty folder", want: Fail,
			overlay:  "-- opt/digitalocean dir --\n",
			findings: []string{"fail /opt/digitalocean is there"},
		},
		{
			name: "a link to nothing in its place", want: Fail,
			overlay:  "-- opt/digitalocean link=/mnt --\n",
			findings: []string{"fail /opt/digitalocean is there, though not a folder"},
		},
		{
			name: "the packages", want: Fail,
			change:   packages(installedPackages("do-agent", "3.16.0", "droplet-agent", "1.3.1")),
			findings: []string{"fail  package do-agent 3.16.0 is installed", "fail  package droplet-agent 1.3.1 is installed"},
		},
		{
			name: "what would install it again", want: Fail,
			overlay: "-- etc/cron.hourly/droplet-agent-install --\n#!/bin/sh\n-- usr/lib/systemd/system/droplet-agent-update.timer --\n[Timer]\n" +
				"-- etc/systemd/system/timers.target.wants/droplet-agent-update.timer link=/lib/systemd/system/droplet-agent-update.timer --\n",
			findings: []string{
				"fail /etc/cron.hourly/droplet-agent-install a cron job that installs or updates the agent",
				"fail /usr/lib/systemd/system/droplet-agent-update.timer a timer that installs or updates the agent",
			},
		},
		{
			name: "residue", want: Warn,
			overlay: "-- etc/apt/sources.list.d/droplet-agent.list --\n-- usr/share/keyrings/droplet-agent-keyring.gpg --\n-- var/log/droplet_agent.update.log --\n" +
				"-- etc/systemd/system/droplet-agent.service link=/dev/null --\n-- etc/systemd/system/multi-user.target.wants/do-agent.service link=/gone --\n" +
				"-- etc/yum.repos.d/digitalocean-agent.repo --\n",
			findings: []string{
				"warn /etc/apt/sources.list.d/droplet-agent.list the agent's package source",
				"warn /etc/systemd/system/droplet-agent.service a unit of the agent",
				"warn /etc/systemd/system/multi-user.target.wants/do-agent.service a link that started the agent at boot",
				"warn /etc/yum.repos.d/digitalocean-agent.repo the agent's package source",
				"warn /usr/share/keyrings/droplet-agent-keyring.gpg the key of the agent's packages",
				"warn /var/log/droplet_agent.update.log a log of the agent",
			},
		},
		{name: "a tree whose database has no reader here", change: packages(fakePackages{err: distro.ErrNoReader}), want: Pass},
		{name: "a broken database", change: packages(fakePackages{err: errBroken}), want: Error, err: "the database is broken"},
		{
			name: "a broken database beside the folder", want: Fail,
			overlay: "-- opt/digitalocean/bin dir --\n", change: packages(fakePackages{err: errBroken}),
			findings: []string{"fail /opt/digitalocean is there"},
			err:      "the database is broken",
		},
		{name: "a loop of links", overlay: "-- opt removed --\n-- opt link=opt --\n", want: Error, err: "looking for the agent"},
	})
}
