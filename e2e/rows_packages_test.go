//go:build e2e

package e2e

// updateFaults are pending updates of every kind that apt knows.
func updateFaults() []fault {
	web := func(in string) []deb { return []deb{{name: "lab-web", have: "1.0", next: "1.1", in: in}} }
	return []fault{
		{name: "security update", debs: web("security"), want: "security-updates=fail", says: "security-updates: lab-web"},
		{name: "security update names both versions", debs: web("security"), want: "security-updates=fail", says: "security-updates: 1.1"},
		{name: "ordinary update", bug: "B8", debs: web("updates"), want: "updates=warn", says: "updates: lab-web 1.0"},
		{name: "update in the release itself", debs: web("main"), want: "updates=warn"},
		{name: "held security update", bug: "B7", debs: web("security"), after: `echo 'lab-web hold' | dpkg --set-selections`,
			want: "security-updates=fail", says: "security-updates: held"},
		{name: "kept back: a new dependency", bug: "B7", debs: []deb{{name: "lab-kernel", have: "1.0", next: "1.1", in: "security", depends: "lab-kernel-1.1"},
			{name: "lab-kernel-1.1", next: "1", in: "security"}}, want: "security-updates=fail", says: "security-updates: lab-kernel"},
		{name: "kept back: a dependency that does not exist", bug: "B7", debs: []deb{{name: "lab-web", have: "1.0", next: "1.1", in: "security", depends: "lab-nowhere"}},
			want: "security-updates=fail", says: "security-updates: kept back"},
		{name: "security fix behind a later ordinary update", bug: "B8", debs: []deb{{name: "lab-web", have: "1.0", next: "1.1", in: "security"},
			{name: "lab-web", next: "1.2", in: "updates"}}, want: "security-updates=fail"},
		{name: "security fix that is installed", debs: []deb{{name: "lab-web", have: "1.1", next: "1.1", in: "security"}}},
		{name: "installed is newer than the fix", debs: []deb{{name: "lab-web", have: "1.2", next: "1.1", in: "security"}}},
		{name: "fix of a package that is not installed", debs: []deb{{name: "lab-web", next: "1.1", in: "security"}}},
		{name: "fix of a package that was removed", debs: web("security"), after: `dpkg --log=/dev/null --remove lab-web >/dev/null`},
		{name: "pinned away", bug: "B7", debs: web("security"), after: `printf 'Package: lab-web\nPin: release l=Debian-Security\nPin-Priority: -1\n' >/etc/apt/preferences.d/no`,
			want: "security-updates=fail", says: "security-updates: pin"},
		{name: "pinned to what is installed", bug: "B7", debs: web("security"), after: `printf 'Package: lab-web\nPin: version 1.0\nPin-Priority: 1001\n' >/etc/apt/preferences.d/no`,
			want: "security-updates=fail"},
		{name: "phased out of reach", debs: []deb{{name: "lab-web", have: "1.0", next: "1.1", in: "updates", fields: "Phased-Update-Percentage: 0\n"}},
			after: `echo 'APT::Get::Never-Include-Phased-Updates "true";' >/etc/apt/apt.conf.d/phased`},
		{name: "epoch and tilde", debs: []deb{{name: "lab-web", have: "1:1.0~rc1", next: "1:1.0", in: "security"}}, want: "security-updates=fail"},
		{name: "a newer epoch is installed", debs: []deb{{name: "lab-web", have: "1:1.0", next: "2.0", in: "security"}}},
		{name: "many at once", bug: "B9", debs: []deb{{name: "lab-a", have: "1", next: "2", in: "security"}, {name: "lab-b", have: "1", next: "2", in: "security"},
			{name: "lab-c", have: "1", next: "2", in: "updates"}}, want: "security-updates=fail updates=warn", says: "security-updates: lab-b"},
	}
}

// securityNameFaults look like security updates and are none.
func securityNameFaults() []fault {
	return []fault{
		{name: "security in the name", bug: "B8", debs: []deb{{name: "libapache2-mod-security2", have: "1.0", next: "1.1", in: "updates"}}, want: "updates=warn"},
		{name: "security in the version", bug: "B8", debs: []deb{{name: "lab-web", have: "1.0", next: "1.0+security1", in: "updates"}}, want: "updates=warn"},
		{name: "a third party's suite of that name", bug: "B8", debs: []deb{{name: "lab-web", have: "1.0", next: "1.1", in: "foreign"}}, want: "updates=warn"},
		{name: "security and a lookalike", bug: "B8", debs: []deb{{name: "mod-security", have: "1.0", next: "1.1", in: "foreign"},
			{name: "lab-web", have: "1.0", next: "1.1", in: "security"}}, want: "security-updates=fail updates=warn", says: "security-updates: lab-web"},
	}
}

// packageFaults are about the package database and its sources.
func packageFaults() []fault {
	return []fault{
		{name: "half-installed", plant: `installed lab-web 1; state lab-web half-installed`, want: "package-state=warn", says: "package-state: lab-web"},
		{name: "unpacked", plant: `installed lab-web 1; state lab-web unpacked`, want: "package-state=warn"},
		{name: "half-configured", plant: `installed lab-web 1; state lab-web half-configured`, want: "package-state=warn"},
		{name: "waits for a trigger", plant: `installed lab-web 1; state lab-web triggers-pending`, want: "package-state=warn"},
		{name: "no security source", bug: "B6", plant: `sed -i '/^$/,$d' /etc/apt/sources.list.d/debian.sources; rm /var/lib/apt/lists/*security*`,
			want: "security-updates=error"},
		{name: "no source at all", bug: "B6", plant: `rm /etc/apt/sources.list.d/*; rm -r /var/lib/apt/lists/*`, want: "security-updates=error updates=error package-sources=warn"},
		{name: "no index", plant: `rm -r /var/lib/apt/lists/*`, root: "security-updates=skip updates=skip"},
		{name: "an old index", plant: `sed -i 's/^Date: .*/Date: Mon, 06 Jan 2025 10:00:00 UTC/' /var/lib/apt/lists/*InRelease`, root: "security-updates=warn updates=warn"},
		{name: "a source that nobody signs", plant: `echo 'deb [trusted=yes] file:/srv/repo/debian bookworm main' >/etc/apt/sources.list.d/x.list`,
			only: "package-sources", want: "package-sources=warn", says: "package-sources: is taken without a signature: trusted"},
		{name: "dpkg status cut in the middle", plant: `head -c 30000 /var/lib/dpkg/status >/run/s; cat /run/s >/var/lib/dpkg/status; rm /run/s`,
			only: "package-state,security-updates,updates", want: "package-state=error security-updates=error updates=error"},
		{name: "dpkg status is empty", plant: `: >/var/lib/dpkg/status`, only: "package-state,security-updates,updates", want: "package-state=error security-updates=error updates=error"},
		{name: "the reboot marker", plant: `touch /run/reboot-required`, live: "reboot-required=warn"},
		{name: "a newer kernel is installed", plant: `installed linux-image-99.9.9-amd64 99.9.9-1; fill /boot/vmlinuz-99.9.9-amd64 10; mkdir -p /lib/modules/99.9.9-amd64`,
			live: "reboot-required=warn"},
	}
}
