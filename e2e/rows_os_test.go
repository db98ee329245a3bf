//go:build e2e

package e2e

// osFaults replace what the tree says of itself. Only the checks that judge it
// run: for the others the tree would be another system.
func osFaults() []fault {
	const only = "os-supported,os-release,os-eol"
	release := func(id, name, version string) string {
		return "rm -f /etc/os-release; printf 'ID=%s\\nNAME=\"%s\"\\nVERSION_ID=\"%s\"\\n' '" + id + "' '" + name + "' '" + version + "' >/etc/os-release"
	}
	return []fault{
		{name: "fedora", bug: "B31", only: only, plant: release("fedora", "Fedora Linux", "43"), want: "os-supported=fail os-release=fail os-eol=skip"},
		{name: "alpine", bug: "B31", only: only, plant: release("alpine", "Alpine Linux", "3.22"), want: "os-supported=fail os-release=fail os-eol=skip"},
		{name: "every other check still runs on an unsupported system", bug: "B31", only: "os-supported,shell-history,root-password",
			plant: release("fedora", "Fedora Linux", "43") + `; fill /root/.bash_history 300`, want: "os-supported=fail shell-history=fail"},
		{name: "no release file", bug: "B30", only: only, plant: `rm -f /etc/os-release /usr/lib/os-release /etc/debian_version`,
			want: "os-supported=fail os-release=fail os-eol=skip"},
		{name: "usr/lib only", bug: "B30", only: only, plant: `rm /etc/os-release`},
		{name: "debian_version only", bug: "B30", only: only, plant: `rm -f /etc/os-release /usr/lib/os-release`},
		{name: "debian 7", only: only, plant: release("debian", "Debian GNU/Linux", "7"), want: "os-release=fail os-eol=skip"},
		{name: "debian 99", only: only, plant: release("debian", "Debian GNU/Linux", "99"), want: "os-release=fail os-eol=skip"},
		{name: "debian 9 has ended", bug: "B31", only: only, plant: release("debian", "Debian GNU/Linux", "9"), want: "os-eol=warn", says: "os-eol: 2022-06-30"},
		{name: "ubuntu 26.04", only: only, plant: release("ubuntu", "Ubuntu", "26.04"), want: "os-release=warn"},
		{name: "ubuntu 23.04", only: only, plant: release("ubuntu", "Ubuntu", "23.04"), want: "os-release=fail os-eol=skip"},
		{name: "ubuntu 16.04 has ended", only: only, plant: release("ubuntu", "Ubuntu", "16.04"), want: "os-eol=warn"},
		{name: "rocky 18.8 is not 8", bug: "B29", only: only, plant: release("rocky", "Rocky Linux", "18.8"), want: "os-release=fail os-eol=skip"},
		{name: "alma 10.8 is not 8", bug: "B29", only: only, plant: release("almalinux", "AlmaLinux", "10.8"), want: "os-release=fail os-eol=skip"},
		{name: "rocky 8 without a minor number", bug: "B29", only: only, plant: release("rocky", "Rocky Linux", "8")},
		{name: "centos stream 9", only: only, plant: release("centos", "CentOS Stream", "9")},
		{name: "an os-release that is a script", bug: "B30", only: only,
			plant: `rm -f /etc/os-release; printf 'ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nX=$(touch /tmp/executed)\n` + "Y=`touch /tmp/executed`" + `\n' >/etc/os-release`,
			want:  "os-supported=error os-release=error os-eol=error"},
		{name: "an os-release that is binary", only: only, plant: `rm -f /etc/os-release; head -c 4096 /dev/urandom >/etc/os-release`,
			want: "os-supported=fail os-release=fail os-eol=error"},
		{name: "an os-release with an assignment to VERSION", bug: "B30", only: only, plant: `echo 'VERSION="99"' >>/usr/lib/os-release`},
	}
}
