package check

import (
	"testing"
	"time"

	"imgcheck/distro"
)

func TestOSEOL(t *testing.T) {
	on := func(year int, month time.Month, day int) func(*testing.T, *distro.Machine) {
		return func(_ *testing.T, m *distro.Machine) {
			m.Now = func() time.Time { return time.Date(year, month, day, 23, 59, 0, 0, time.UTC) }
		}
	}
	testCheck(t, osEOL(), []row{
		{
			name: "supported", want: Pass,
			findings: []string{"note  Debian GNU/Linux 12 (bookworm): until 2028-06-30"},
		},
		{
			name: "its last day", change: on(2028, 6, 30), want: Pass,
			findings: []string{"note  Debian GNU/Linux 12 (bookworm): until 2028-06-30"},
		},
		{
			name: "the day after", change: on(2028, 7, 1), want: Warn,
			findings: []string{"warn /etc/os-release public security support of Debian GNU/Linux 12 (bookworm) ended on 2028-06-30 (https://wiki.debian.org/LTS)"},
		},
		{
			name: "Ubuntu Pro does not count", machine: "ubuntu-20.04", want: Warn,
			findings: []string{"warn /etc/os-release public security support of Ubuntu 20.04 (focal) ended on 2025-05-29 (https://ubuntu.com/about/release-cycle)"},
		},
		{
			name: "a release that is not known", machine: "fedora-42", want: Skip,
			err: "the release is not known here, see os-release",
		},
		{
			name: "a file that is no os-release", want: Error,
			overlay: "-- etc/os-release --\n$(touch /tmp/owned)\n",
			err:     "/etc/os-release: line 1 is not an assignment",
		},
	})
}
