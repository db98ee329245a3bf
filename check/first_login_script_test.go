package check

import "testing"

func TestFirstLoginScript(t *testing.T) {
	const hook = "-- root/.bashrc append --\n"
	const setup = "-- opt/myapp/setup.sh mode=0755 --\n#!/bin/bash\nread -p 'Domain: ' domain\n"
	const restores = "cp -f /etc/skel/.bashrc /root/.bashrc\n"
	const called = " (/root/.bashrc line 9 runs it)"
	testCheck(t, firstLoginScript(), []row{
		{name: "the distribution's own", want: Pass},
		{name: "Ubuntu's", machine: "ubuntu-24.04", want: Pass},
		{name: "Rocky's", machine: "rocky-9", want: Pass},
		{name: "none", overlay: "-- root/.bashrc removed --\n", want: Pass},
		{name: "a script that restores it", overlay: hook + "/opt/myapp/setup.sh\n" + setup + restores, want: Pass},
		{name: "with sed", overlay: hook + "bash -x ~/setup.sh\n-- root/setup.sh --\nB=\"/root/.bashrc\"\nsed -i '/setup.sh/d' \"$B\"\n", want: Pass},
		{name: "restored by the start-up file", overlay: hook + "/opt/myapp/setup.sh; " + restores + setup, want: Pass},
		{name: "made executable by the start-up file", overlay: hook + "chmod +x $HOME/s\n\"$HOME/s\"\n-- root/s --\n" + restores, want: Pass},
		{name: "a program of the distribution", overlay: hook + "/usr/bin/neofetch\n/usr/games/fortune || true\n", want: Warn,
			findings: []string{"warn /usr/games/fortune is not there (/root/.bashrc line 10 runs it)"}},
		{name: "a binary", overlay: hook + "/opt/top\n-- opt/top mode=0755 --\n\x7fELF\n", want: Pass},
		{name: "what cannot be told", overlay: hook + "eval \"$(/opt/x)\"\n$APP/setup.sh\nalias s=/opt/gone\n. \"$HOME/.cargo/env\" || true\n[ -s /opt/a ] && . /opt/a # /opt/b\n" +
			"-- root/.cargo/env --\n", want: Pass},
		{
			name: "it is missing", overlay: hook + "sudo /opt/myapp/setup.sh --first\n. /opt/env\n", want: Warn,
			findings: []string{"warn /opt/env is not there (/root/.bashrc line 10 runs it)", "warn /opt/myapp/setup.sh is not there" + called},
		},
		{
			name: "it is not executable", overlay: hook + "/opt/myapp/setup.sh\n" + "-- opt/myapp/setup.sh mode=0644 --\n#!/bin/sh\n" + restores, want: Warn,
			findings: []string{"warn /opt/myapp/setup.sh is not executable" + called},
		},
		{
			name: "its interpreter is missing", overlay: hook + "/opt/s\n-- opt/s mode=0755 --\n#!/usr/bin/fish\n" + restores, want: Warn,
			findings: []string{"warn /opt/s names an interpreter that is not there: /usr/bin/fish" + called},
		},
		{
			name: "it runs at every login", overlay: hook + "/opt/myapp/setup.sh\n/opt/myapp/setup.sh\n" + setup + "# cp /etc/skel/.bashrc /root/.bashrc\necho x >>/root/.bashrc\n", want: Warn,
			findings: []string{"warn /opt/myapp/setup.sh does not restore /root/.bashrc from /etc/skel/.bashrc, so that it runs at every login" + called},
		},
		{
			name: "it runs under a condition", overlay: hook + "if [ ! -f /root/.done ]; then /opt/myapp/setup.sh; fi\n" + setup, want: Pass,
			findings: []string{"note /opt/myapp/setup.sh does not restore /root/.bashrc; it runs under a condition" + called},
		},
		{
			name: "there is nothing to restore it from", overlay: hook + "/opt/myapp/setup.sh\n" + setup + restores + "-- etc/skel/.bashrc removed --\n", want: Warn,
			findings: []string{"warn /opt/myapp/setup.sh copies /etc/skel/.bashrc, which is not there" + called},
		},
		{name: "the start-up file cannot be read", overlay: "-- root/.bashrc removed --\n-- root/.bashrc fifo --\n", want: Error, err: "reading root's start-up file"},
		{
			name: "a script that cannot be looked at", overlay: hook + "/opt/loop\n-- opt/loop link=loop --\n", want: Error,
			err: "looking at what runs at root's login: stat /opt/loop: too many levels of symbolic links",
		},
	})
}
