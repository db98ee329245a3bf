//go:build e2e

package e2e

import "fmt"

// vmStates are about what no chroot has: a service manager, a kernel and a boot of
// its own. The first is the freshly booted machine.
func vmStates() []vmState {
	var all []vmState
	for _, states := range [][]vmState{
		{{fault: fault{name: "freshly booted"}}},
		vmFirewallStates(), vmSSHStates(), vmKernelStates(), vmBusStates(), vmProcessStates(),
	} {
		all = append(all, states...)
	}
	return all
}

// firewalldLoaded starts firewalld and waits for its rules: it is active before the kernel
// has them.
const firewalldLoaded = `systemctl enable --now firewalld
	for i in $(seq 120); do
		if firewall-cmd --state && nft list ruleset | grep -q 'jump filter_INPUT_ZONES'; then break; fi
		sleep 0.5
	done`

// vmFirewallStates begin with ufw running and end with it.
func vmFirewallStates() []vmState {
	const only = "firewall"
	const rules = `echo 'table inet filter { chain input { type filter hook input priority 0; policy drop; tcp dport 22 accept; }; }' >/etc/nftables.conf
		systemctl start nftables`
	return []vmState{
		{
			fault: fault{name: "ufw's unit not enabled", plant: `systemctl disable ufw`, only: only, want: "firewall=warn",
				says: "firewall: ufw: active now, but gone after a boot: ufw.service is not enabled"},
			undo: `systemctl enable ufw`,
		},
		{fault: fault{name: "ufw switched off", plant: `ufw disable`, only: only, want: "firewall=warn",
			says: "firewall: ufw: installed but inactive: ENABLED"}},
		{
			fault: fault{name: "firewalld", plant: firewalldLoaded, only: only, says: "firewall: firewalld: enabled at boot, running"},
			undo:  `systemctl disable --now firewalld`,
		},
		{fault: fault{name: "nftables not enabled", plant: rules, only: only, want: "firewall=warn",
			says: "firewall: nftables: active now, but gone after a boot"}},
		{fault: fault{name: "nftables", plant: `systemctl enable nftables`, only: only, says: "firewall: nftables: enabled at boot, running"}},
		{fault: fault{name: "nftables stopped", plant: `systemctl stop nftables`, only: only, want: "firewall=warn",
			says: "firewall: nftables: enabled at boot, but inactive now"}},
		{
			fault: fault{name: "nftables failed", plant: `echo nonsense >>/etc/nftables.conf; ! systemctl start nftables`, only: only, want: "firewall=warn",
				says: "firewall: nftables: enabled at boot, but nftables.service has failed"},
			undo: `systemctl disable nftables`,
		},
		{fault: fault{name: "ufw switched on", plant: `ufw --force enable`, only: only, says: "firewall: ufw: enabled at boot, running"}},
	}
}

// vmSSHStates end with the server started by its socket.
func vmSSHStates() []vmState {
	const only = "openssh-server"
	return []vmState{
		{
			fault: fault{name: "ssh masked", plant: `systemctl mask ssh`, only: only, want: "openssh-server=fail", says: "openssh-server: masked are ssh.service"},
			undo:  `systemctl unmask ssh`,
		},
		{fault: fault{name: "ssh not enabled", plant: `systemctl disable ssh`, only: only, want: "openssh-server=fail",
			says: "openssh-server: neither its service nor its socket is enabled"}},
		{fault: fault{name: "ssh by its socket", plant: `systemctl enable ssh.socket`, only: only, says: "openssh-server: started at boot by ssh.socket"}},
	}
}

func vmKernelStates() []vmState {
	const newer = `have=$(uname -r)
		next=$(echo "$have" | sed 's/-[0-9]*-/-999-/')
		ln /boot/vmlinuz-$have /boot/vmlinuz-$next
		cp -al /lib/modules/$have /lib/modules/$next`
	return []vmState{
		{
			fault: fault{name: "newer kernel", plant: newer, only: "reboot-required", want: "reboot-required=warn", says: "reboot-required: -999-cloud-amd64 is installed"},
			undo:  `rm -r /boot/*-999-* /lib/modules/*-999-*`,
		},
		{
			fault: fault{name: "reboot asked for", plant: `echo linux-image-x >/run/reboot-required.pkgs; : >/run/reboot-required`, only: "reboot-required", want: "reboot-required=warn", says: "reboot-required: a reboot is asked for by linux-image-x"},
			undo:  `rm /run/reboot-required*`,
		},
		{fault: fault{name: "no reboot asked for", only: "reboot-required"}},
	}
}

// vmBusStates are about a service manager that runs and cannot be asked: its sockets
// are hidden in a mount namespace of the program's own.
func vmBusStates() []vmState {
	const alone = `exec unshare --mount sh -euc '
		mount -t tmpfs none /run/dbus
		%s
		exec imgcheck check -v --only firewall,openssh-server --output json=report.json'`
	const unknown = "firewall=error openssh-server=error"
	const only = "firewall,openssh-server"
	return []vmState{
		{
			fault: fault{name: "bus that refuses", only: only, want: unknown, says: "firewall: asking systemd for "},
			run:   fmt.Sprintf(alone, "mount --bind /dev/null /run/systemd/private"),
		},
		{
			fault: fault{name: "bus that is gone", only: only, want: unknown, says: "openssh-server: asking systemd for "},
			run:   fmt.Sprintf(alone, "mount -t tmpfs none /run/systemd; mkdir /run/systemd/system"),
		},
		{fault: fault{name: "bus that is back", only: only}},
	}
}

func vmProcessStates() []vmState {
	// A shell's background program ignores SIGINT unless told otherwise.
	const interrupt = `env --default-signal=INT imgcheck check --only security-updates --output json=report.json & program=$!
		until [ -e /run/hangs ]; do sleep 0.1; done
		kill -INT $program
		code=0; wait $program || code=$?
		grep -alE '432[1]|apt-ge[t]' /proc/[0-9]*/cmdline >left 2>/dev/null || :
		exit $code`
	return []vmState{
		{
			fault: fault{name: "interrupted", plant: `mv /usr/bin/apt-get /usr/bin/apt-get.real
				printf '#!/bin/sh\n: >/run/hangs\nsleep 4321\n' >/usr/bin/apt-get; chmod 755 /usr/bin/apt-get`},
			run: interrupt, judge: judgeInterrupted, undo: `mv /usr/bin/apt-get.real /usr/bin/apt-get`,
		},
		{
			fault: fault{name: "on a terminal"},
			run:   `export TERM=xterm; exec script -qec 'imgcheck check --no-refresh' /dev/null`, judge: judgeTerminal,
		},
	}
}
