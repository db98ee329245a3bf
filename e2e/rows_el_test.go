//go:build e2e

package e2e

// elFaults are the rows that need dnf and rpm. Under --root there is no reader of
// the rpm database that could be trusted, so that the updates are skipped there.
func elFaults() []fault {
	const publish = `cp /srv/pool/lab-web-1.1.rpm /srv/pool/lab-lib-1.1.rpm /srv/repo/baseos/; `
	const have = `rpm -i --nosignature /srv/pool/lab-web-1.0.rpm /srv/pool/lab-lib-1.0.rpm; ` + publish
	return []fault{
		{name: "advisory pending", bug: "B10", plant: have, advisories: []advisory{webAdvisory},
			live: "security-updates=fail updates=warn"},
		{name: "advisory of another kind", bug: "B10", plant: have, advisories: []advisory{
			{id: "LAB-2026:0002", kind: "bugfix", severity: "None", name: "lab-lib", version: "1.1"}}, live: "updates=warn"},
		{name: "advisory whose fix is installed", bug: "B10", plant: `rpm -i --nosignature /srv/pool/lab-web-1.1.rpm; ` + publish, advisories: []advisory{webAdvisory}},
		{name: "advisory of a package that is not installed", bug: "B10", plant: publish, advisories: []advisory{webAdvisory}},
		{name: "centos stream publishes none", bug: "B11", plant: have + stream, advisories: []advisory{}, live: "security-updates=warn updates=skip",
			root: "os-release=pass"},
		{name: "security in the name of a package", bug: "B8", plant: `rpm -i --nosignature /srv/pool/mod_security-1.0.rpm; cp /srv/pool/mod_security-1.1.rpm /srv/repo/baseos/`,
			advisories: []advisory{webAdvisory}, live: "updates=warn"},
		{name: "repository gone", bug: "B10", plant: `rm -rf /srv/repo/baseos /var/cache/dnf`, unread: true, live: "security-updates=error updates=error"},
		{name: "metadata that is damaged", bug: "B10", plant: `for f in /srv/repo/baseos/repodata/*; do echo damaged >"$f"; done; rm -rf /var/cache/dnf`, unread: true,
			live: "security-updates=error updates=error"},
		{name: "no repository at all", bug: "B10", plant: `rm /etc/yum.repos.d/*`, live: "security-updates=error updates=error",
			says: "package-sources: no package source is configured"},
		{name: "no firewall", bug: "B3", plant: `rpm -e --nodeps firewalld; rm -f /etc/systemd/system/multi-user.target.wants/firewalld.service`, want: "firewall=warn"},
		{name: "firewalld not enabled", bug: "B3", plant: `rm -f /etc/systemd/system/multi-user.target.wants/firewalld.service`, want: "firewall=warn"},
		{name: "csf beside a firewalld that is off", bug: "B4", plant: `rm -f /etc/systemd/system/multi-user.target.wants/firewalld.service
			mkdir -p /etc/csf; echo 'TESTING = "0"' >/etc/csf/csf.conf; program /usr/sbin/csf; program /usr/sbin/lfd; unit csf; enable csf; unit lfd; enable lfd`},
		{name: "EL's locked root", plant: `shadow root '!!'`},
		{name: "EL root hash", plant: `shadow root "$HASH"`, want: "root-password=fail"},
		{name: "EL user key", bug: "B2", plant: `account app 1000 /home/app '!!'; mkdir -p /home/app/.ssh; cp /mnt/rsa.pub /home/app/.ssh/authorized_keys`, want: "authorized-keys=fail"},
		{name: "EL agent", bug: "B28", plant: `mkdir -p /opt/digitalocean`, want: "do-agent=fail"},
		{name: "EL dated logs", plant: `fill /var/log/secure-20260101 10; fill /var/log/messages 100`, want: "log-archives=warn log-files=warn"},
		{name: "EL no cloud-init", bug: "B27", plant: `rpm -e --nodeps cloud-init; rm -f /usr/bin/cloud-init`, want: "cloud-init=fail cloud-init-enabled=skip ssh-host-keys=fail"},
		{name: "EL sshd not enabled", bug: "B27", plant: `rm -f /etc/systemd/system/multi-user.target.wants/sshd.service`, want: "openssh-server=fail"},
	}
}

var webAdvisory = advisory{id: "LAB-2026:0001", kind: "security", severity: "Important", name: "lab-web", version: "1.1"}

const stream = `sed -i -e 's/^ID=.*/ID="centos"/' -e 's/^NAME=.*/NAME="CentOS Stream"/' -e 's/^VERSION_ID=.*/VERSION_ID="9"/' /usr/lib/os-release
	echo 'CentOS Stream release 9' >/etc/redhat-release`
