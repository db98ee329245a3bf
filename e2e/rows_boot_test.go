//go:build e2e

package e2e

// bootFaults are about what the droplet needs to come up and be reached.
func bootFaults() []fault {
	const unlink = `rm -f /etc/systemd/system/multi-user.target.wants/ssh.service /etc/systemd/system/sshd.service; `
	const noProgram = `rm -rf /usr/bin/cloud-init* /usr/lib/python3/dist-packages/cloudinit /usr/lib/python3/dist-packages/cloud_init-*; `
	return []fault{
		{name: "no cloud-init", bug: "B27", plant: `dpkg --log=/dev/null --force-all --remove cloud-init >/dev/null 2>&1; ` + noProgram,
			want: "cloud-init=fail cloud-init-enabled=skip ssh-host-keys=fail"},
		{name: "cloud-init 0.7.5", bug: "B27", plant: `version cloud-init 0.7.5-1`, want: "cloud-init=fail updates=warn", says: "cloud-init: 0.7.5"},
		{name: "cloud-init 0.7.7", bug: "B27", plant: `version cloud-init 0.7.7~bzr1-1`, want: "cloud-init=warn updates=warn"},
		{name: "cloud-init not from a package", bug: "B27", plant: `awk -v RS= -v ORS='\n\n' '!/^Package: cloud-init\n/' /var/lib/dpkg/status >/run/s
			cat /run/s >/var/lib/dpkg/status; rm /run/s /var/lib/dpkg/info/cloud-init.*`},
		{name: "no sshd", bug: "B27", plant: `dpkg --log=/dev/null --force-all --remove openssh-server >/dev/null 2>&1; ` + unlink +
			`rm -f /usr/sbin/sshd /lib/systemd/system/ssh.* /etc/init.d/ssh /etc/rc?.d/*ssh`, want: "openssh-server=fail ssh-host-keys=skip"},
		{name: "sshd not enabled", bug: "B27", plant: unlink + `rm -f /etc/rc?.d/S*ssh`, want: "openssh-server=fail"},
		{name: "sshd masked", bug: "B27", plant: unlink + `ln -s /dev/null /etc/systemd/system/ssh.service`, want: "openssh-server=fail"},
		{name: "sshd by its socket", plant: unlink + `mkdir -p /etc/systemd/system/sockets.target.wants
			ln -s /lib/systemd/system/ssh.socket /etc/systemd/system/sockets.target.wants/ssh.socket`},
		{name: "no sftp subsystem", bug: "B27", plant: `sed -i '/^Subsystem/d' /etc/ssh/sshd_config`, want: "openssh-server=warn"},
		{name: "sftp subsystem in a drop-in", plant: `sed -i '/^Subsystem/d' /etc/ssh/sshd_config
			echo 'Subsystem sftp internal-sftp' >/etc/ssh/sshd_config.d/sftp.conf`},
	}
}

// firstFaults are about a droplet's first boot and first login.
func firstFaults() []fault {
	const perInstance = `/var/lib/cloud/scripts/per-instance/001_onboot`
	return []fault{
		{name: "cloud-init switched off by its file", bug: "B27", plant: `: >/etc/cloud/cloud-init.disabled`, want: "cloud-init-enabled=fail ssh-host-keys=fail"},
		{name: "cloud-init switched off by the kernel", bug: "B27", plant: `echo 'GRUB_CMDLINE_LINUX="quiet cloud-init=disabled"' >/etc/default/grub`, want: "cloud-init-enabled=fail ssh-host-keys=fail"},
		{name: "cloud-init masked", bug: "B27", plant: `ln -s /dev/null /etc/systemd/system/cloud-init-local.service`, want: "cloud-init-enabled=fail ssh-host-keys=fail"},
		{name: "what the installer left", plant: `printf 'datasource:\n  None:\n    userdata_raw: x\ndatasource_list: [None]\n' >/etc/cloud/cloud.cfg.d/99-installer.cfg`,
			want: "cloud-init-datasource=warn"},
		{name: "a first-boot script that can run", plant: `printf '#!/usr/bin/env python3\n' >` + perInstance + `; chmod 755 ` + perInstance},
		{name: "a first-boot script that is passed over", plant: `printf '#!/bin/sh\n' >` + perInstance, want: "first-boot-scripts=warn"},
		{name: "a first-boot script without its interpreter", plant: `printf '#!/usr/bin/node\n' >` + perInstance + `; chmod 755 ` + perInstance,
			want: "first-boot-scripts=warn", says: "first-boot-scripts: /usr/bin/node"},
		{name: "a first login that never ends", plant: `echo /opt/setup.sh >>/root/.bashrc; program /opt/setup.sh`, want: "first-login-script=warn"},
		{name: "a first login that ends", plant: `echo /opt/setup.sh >>/root/.bashrc; program /opt/setup.sh; echo 'cp -f /etc/skel/.bashrc /root/.bashrc' >>/opt/setup.sh`},
		{name: "no greeting", plant: `rm /etc/update-motd.d/99-one-click`, want: "motd=warn"},
		{name: "a swap file", plant: `fill /swapfile 5000`, want: "swap=warn"},
	}
}

// firewallFaults are about what is left of the firewall after a boot.
func firewallFaults() []fault {
	const off = `sed -i 's/^ENABLED=.*/ENABLED=no/' /etc/ufw/ufw.conf; `
	const nft = `echo 'table inet filter { chain input { type filter hook input priority 0; policy drop; tcp dport 22 accept; }; }' >/etc/nftables.conf; `
	return []fault{
		{name: "ufw not enabled", bug: "B24", plant: off, want: "firewall=warn", says: "firewall: ufw"},
		{name: "ufw's unit not enabled", bug: "B24", plant: `rm /etc/systemd/system/multi-user.target.wants/ufw.service`, want: "firewall=warn"},
		{name: "ufw's unit masked", bug: "B24", plant: `ln -s /dev/null /etc/systemd/system/ufw.service`, want: "firewall=warn"},
		{name: "no firewall at all", bug: "B3", plant: `dpkg --log=/dev/null --force-all --purge ufw nftables iptables >/dev/null 2>&1
			rm -rf /usr/sbin/ufw /etc/ufw /lib/systemd/system/ufw.service /etc/systemd/system/multi-user.target.wants/ufw.service; : >/var/log/alternatives.log`, want: "firewall=warn"},
		{name: "firewalld instead", bug: "B5", plant: off + `installed firewalld 1.3; program /usr/sbin/firewalld; program /usr/bin/firewall-cmd; unit firewalld; enable firewalld`},
		{name: "firewalld that does not come back", bug: "B5", plant: off + `installed firewalld 1.3; program /usr/sbin/firewalld; unit firewalld`, want: "firewall=warn"},
		{name: "nftables instead", bug: "B25", plant: off + nft + `enable nftables`},
		{name: "nftables without its unit", bug: "B25", plant: off + nft, want: "firewall=warn"},
		{name: "nftables that lets everything in", bug: "B25", plant: off + `enable nftables`, want: "firewall=warn"},
		{name: "iptables that come back", bug: "B25", plant: off + `
			program /usr/sbin/netfilter-persistent; unit netfilter-persistent; enable netfilter-persistent; mkdir -p /etc/iptables
			printf '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n' >/etc/iptables/rules.v4`},
		{name: "csf", bug: "B4", plant: off + `mkdir -p /etc/csf; echo 'TESTING = "0"' >/etc/csf/csf.conf; program /usr/sbin/csf; program /usr/sbin/lfd
			unit csf; enable csf; unit lfd; enable lfd`},
		{name: "csf that is being tested", bug: "B4", plant: off + `mkdir -p /etc/csf; echo 'TESTING = "1"' >/etc/csf/csf.conf; program /usr/sbin/csf
			unit csf; enable csf`, want: "firewall=warn"},
		{name: "csf that does not come back", bug: "B4", plant: off + `mkdir -p /etc/csf; echo 'TESTING = "0"' >/etc/csf/csf.conf; program /usr/sbin/csf; unit csf`,
			want: "firewall=warn", says: "firewall: csf"},
	}
}

// agentFaults are DigitalOcean's own agents, which a customer did not ask for.
func agentFaults() []fault {
	return []fault{
		{name: "/opt/digitalocean", bug: "B28", plant: `mkdir -p /opt/digitalocean/droplet-agent`, want: "do-agent=fail"},
		{name: "droplet-agent package", bug: "B28", plant: `installed droplet-agent 1.3.1`, want: "do-agent=fail", says: "do-agent: droplet-agent"},
		{name: "do-agent package", bug: "B28", plant: `installed do-agent 3.16.0`, want: "do-agent=fail"},
		{name: "agent's unit", bug: "B28", plant: `unit droplet-agent`, want: "do-agent=fail"},
		{name: "agent's cron entry", bug: "B28", plant: `echo '0 0 * * * root /bin/true' >/etc/cron.daily/droplet-agent; chmod 755 /etc/cron.daily/droplet-agent`, want: "do-agent=fail"},
		{name: "agent's repository", plant: `echo '# deb https://repos.example.org main' >/etc/apt/sources.list.d/droplet-agent.list`, want: "do-agent=warn"},
	}
}
