package check

import "testing"

func TestOSRelease(t *testing.T) {
	testCheck(t, osRelease(), []row{
		{
			name: "Debian 12", want: Pass,
			findings: []string{"note /etc/os-release Debian GNU/Linux 12 (bookworm)"},
		},
		{
			name: "the minor release of the Red Hat family does not count", machine: "rocky-9", want: Pass,
			findings: []string{"note /etc/os-release Rocky Linux 9"},
		},
		{
			name: "Rocky without a minor release, which img_check.sh refuses", machine: "rocky-8", want: Pass,
			overlay:  "-- etc/os-release --\nID=rocky\nNAME=\"Rocky Linux\"\nVERSION_ID=8\n",
			findings: []string{"note /etc/os-release Rocky Linux 8"},
		},
		{
			name: "Ubuntu 26.04", machine: "ubuntu-26.04", want: Warn,
			findings: []string{"warn /etc/os-release DigitalOcean ships 1-Clicks on Ubuntu 26.04 (resolute), but its published list and " +
				"img_check.sh v1.8.1, which FAILs it, do not name it yet: ask before you submit"},
		},
		{
			name: "Debian 14", want: Fail,
			overlay:  "-- etc/os-release --\nID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=14\n",
			findings: []string{`fail /etc/os-release Debian GNU/Linux "14" is not a supported release`},
		},
		{
			name: "Debian sid has no number", want: Fail,
			overlay:  "-- etc/os-release --\nID=debian\nNAME=\"Debian GNU/Linux\"\n",
			findings: []string{"fail /etc/os-release Debian GNU/Linux without a VERSION_ID is not a supported release"},
		},
		{
			name: "Fedora", machine: "fedora-42", want: Fail,
			findings: []string{`fail /etc/os-release no release of "Fedora Linux" is supported`},
		},
		{
			name: "no system at all", machine: "not-a-system", want: Fail,
			findings: []string{"fail  no Linux system, so no release of one"},
		},
		{
			name: "a carriage return, which belongs to the value", want: Fail,
			overlay:  "-- etc/os-release --\nID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\r\n",
			findings: []string{`fail /etc/os-release Debian GNU/Linux "12\r" is not a supported release`},
		},
		{
			name: "a supported release, though a line is odd", want: Error,
			overlay: "-- etc/os-release --\nID=debian\nNAME=Debian\nVERSION_ID=12\nexport VERSION_ID=99\n",
			err:     "/etc/os-release: line 4 is not an assignment",
		},
		{
			name: "a release that is not, and an odd line", want: Fail,
			overlay:  "-- etc/os-release --\nID=debian\nNAME=Debian\nVERSION_ID=12;VERSION_ID=99\n",
			findings: []string{"fail /etc/os-release Debian without a VERSION_ID is not a supported release"},
			err:      "/etc/os-release: line 3 is not an assignment",
		},
	})
}
