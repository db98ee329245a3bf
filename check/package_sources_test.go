package check

import "testing"

func TestPackageSources(t *testing.T) {
	const list = "-- etc/apt/sources.list --\n"
	const repo = "-- etc/yum.repos.d/x.repo --\n"
	testCheck(t, packageSources(), []row{
		{name: "DigitalOcean's mirror", want: Pass},
		{name: "Rocky's", machine: "rocky-9", want: Pass},
		{name: "an ended release's archive", machine: "debian-9", want: Pass},
		{
			name: "the distribution's own servers", want: Pass,
			overlay: list + "deb http://deb.debian.org/debian bookworm main\ndeb http://security.debian.org/debian-security bookworm-security main\n" +
				"deb http://user:hush@nyc1.archive.ubuntu.com/ubuntu noble-updates main\ndeb https://download.docker.com/linux/debian bookworm stable\n",
			findings: []string{
				"note /etc/apt/sources.list:1 http://deb.debian.org/debian bookworm is not DigitalOcean's mirror",
				"note /etc/apt/sources.list:3 http://nyc1.archive.ubuntu.com/ubuntu noble-updates is not DigitalOcean's mirror",
			},
		},
		{
			name: "sources that nobody signs", want: Warn,
			overlay: list + "deb [trusted=yes arch=amd64] http://10.0.0.1/repo ./\ndeb [ trusted=no allow-insecure=yes allow-weak=1 ] https://example.org/debian stable main\n" +
				"#deb [trusted=yes] http://10.0.0.2/repo ./\n-- etc/apt/sources.list.d/x.sources --\nTypes: deb\nURIs: https://example.org/x\nSuites: stable\nComponents: main\nTrusted: yes\n\n" +
				"Types: deb\nURIs: https://example.org/y\nSuites: stable\nComponents: main\nTrusted: yes\nEnabled: no\n",
			findings: []string{
				"warn /etc/apt/sources.list:1 http://10.0.0.1/repo ./ is taken without a signature: trusted",
				"warn /etc/apt/sources.list:2 https://example.org/debian stable is taken without a signature: allow-insecure, allow-weak",
				"warn /etc/apt/sources.list.d/x.sources:1 https://example.org/x stable is taken without a signature: trusted",
			},
		},
		{
			name: "a setting for all of them", want: Warn,
			overlay: "-- etc/apt/apt.conf.d/90x --\nAPT::Get::AllowUnauthenticated \"true\";\nAcquire::AllowInsecureRepositories \"1\";\n-- etc/apt/apt.conf.d/91y --\nAcquire { AllowInsecureRepositories \"false\"; };\n",
			findings: []string{
				"warn /etc/apt/apt.conf.d/90x every source is taken without a signature: APT::Get::AllowUnauthenticated",
			},
		},
		{
			name: "removed media", want: Warn,
			overlay: list + "deb cdrom:[Debian GNU/Linux 12 _Bookworm_ - Official amd64 NETINST]/ bookworm main\ndeb file:/media/usb/repo ./\ndeb file:/srv/repo ./\n",
			findings: []string{
				"warn /etc/apt/sources.list:1 cdrom:[Debian GNU/Linux 12 _Bookworm_ - Official amd64 NETINST] bookworm lies on a medium that no droplet has",
				"warn /etc/apt/sources.list:2 file:/media/usb/repo ./ lies on a medium that no droplet has",
			},
		},
		{
			name: "repositories that nobody signs, and on media", machine: "rocky-9", want: Warn,
			overlay: repo + "[one]\nname=One\nbaseurl=https://example.org/1\n  https://example.org/2\ngpgcheck=0\n\n[two]\nbaseurl=file:///media/cdrom/\n\tmedia://x\nenabled = 0\n[three]\n" +
				"baseurl=file:///mnt/cdrom\n# gpgcheck=0\n[four]\nbaseurl=https://example.org/4\ngpgcheck=False\nenabled=true\n",
			findings: []string{
				"warn /etc/yum.repos.d/x.repo:1 one is taken without a signature: gpgcheck=0",
				"warn /etc/yum.repos.d/x.repo:11 three lies on a medium that no droplet has",
				"warn /etc/yum.repos.d/x.repo:14 four is taken without a signature: gpgcheck=0",
			},
		},
		{
			name: "the default is not to look", machine: "rocky-9", want: Warn, overlay: "-- etc/dnf/dnf.conf --\n[main]\nbest=True\n" + repo + "[one]\nbaseurl=https://example.org/1\n",
			findings: []string{"warn /etc/yum.repos.d/x.repo:1 one is taken without a signature: gpgcheck=0"},
		},
		{name: "a list that apt would refuse", overlay: list + "deb [trusted=yes\n", want: Error, err: "/etc/apt/sources.list line 1 has options that cannot be read"},
		{
			name: "a file that dnf would refuse, beside another", machine: "rocky-9", want: Error, overlay: repo + "name=x\n-- etc/yum.repos.d/y.repo --\n[y]\ngpgcheck=0\n",
			findings: []string{"warn /etc/yum.repos.d/y.repo:1 y is taken without a signature: gpgcheck=0"}, err: "/etc/yum.repos.d/x.repo line 1 stands before any section",
		},
		{name: "none", overlay: list + "-- etc/apt/sources.list.d removed --\n", want: Warn, findings: []string{"warn  no package source is configured"}},
		{name: "no package manager", machine: "not-a-system", want: Skip, err: "no dpkg or rpm database"},
	})
}
