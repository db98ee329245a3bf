package check

import "testing"

func TestOSSupported(t *testing.T) {
	testCheck(t, osSupported(), []row{
		{
			name: "Debian", want: Pass,
			findings: []string{"note /etc/os-release Debian GNU/Linux"},
		},
		{
			name: "Fedora", machine: "fedora-42", want: Fail,
			findings: []string{`fail /etc/os-release Fedora Linux (ID "fedora") is not supported`},
		},
		{
			name: "no system at all", machine: "not-a-system", want: Fail,
			findings: []string{"fail  no Linux system: none of the release files is there"},
		},
		{
			name: "a supported ID under a name that img_check.sh does not know", want: Fail,
			overlay:  "-- etc/os-release --\nID=ubuntu\nNAME=Mintbuntu\nVERSION_ID=24.04\n",
			findings: []string{`fail /etc/os-release Mintbuntu (ID "ubuntu") is not supported`},
		},
		{
			name: "a file that is no os-release", want: Fail,
			overlay:  "-- etc/os-release --\n$(touch /tmp/owned)\n",
			findings: []string{`fail /etc/os-release a distribution without a NAME (ID "") is not supported`},
			err:      "/etc/os-release: line 1 is not an assignment",
		},
		{
			name: "a supported one, though a line is odd", want: Error,
			overlay: "-- etc/os-release --\nID=debian\nNAME=Debian\nunset NAME\n",
			err:     "/etc/os-release: line 3 is not an assignment",
		},
		{
			name: "a fifo in its place", want: Error,
			overlay: "-- etc/os-release removed --\n-- etc/os-release fifo --\n",
			err:     "/etc/os-release: not a regular file",
		},
	})
}
