package check

import (
	"fmt"
	"testing"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func TestUpdates(t *testing.T) {
	some := distro.Updates{Refreshed: true, Advisories: true, List: []distro.Update{
		{Name: "libssl3", Installed: "1", Candidate: "2", Source: "Debian-Security:12/stable-security", Security: true},
		{Name: "nginx", Installed: "1.22.1-9", Candidate: "1.22.1-9+deb12u1", Source: "Debian:12.12/stable", Held: true},
		{Name: "tzdata", Installed: "1", Candidate: "2", Source: "Ubuntu:24.04/noble-updates", Phased: true},
	}}
	pending := func(u distro.Updates, err error) func(*testing.T, *distro.Machine) {
		return packages(fakePackages{updates: u, pendingErr: err})
	}
	nginx := []string{"warn  nginx 1.22.1-9 → 1.22.1-9+deb12u1 (Debian:12.12/stable), held"}
	centos := distro.Updates{Refreshed: true, List: some.List}
	old := distro.Updates{Advisories: true}
	testCheck(t, updates(), []row{
		{name: "none", change: pending(distro.Updates{Refreshed: true, Advisories: true}, nil), want: Pass},
		{name: "security updates are another check's, and phased ones wait", change: pending(some, nil), want: Warn, findings: nginx},
		{name: "no security source is another check's", change: pending(some, distro.ErrNoSecuritySource), want: Warn, findings: nginx},
		{
			name: "an old index", change: pending(old, nil), want: Warn,
			overlay:  "-- var/lib/apt/lists removed --\n-- var/lib/apt/lists/a_InRelease mtime=2026-11-13 --\n",
			findings: []string{"warn  the package index was not refreshed: the newest one is of 2026-11-13 00:00 UTC, so that what was published since is not known"},
		},
		{name: "a refresh that failed", change: pending(some, distro.ErrRefresh), want: Error, findings: nginx, err: "the package index could not be refreshed"},
		{name: "a tree without an index", change: pending(distro.Updates{}, distro.ErrNoIndex), want: Skip, err: "there is no package index: run imgcheck on the machine itself"},
		{name: "a tree of the Red Hat family", change: pending(distro.Updates{}, fmt.Errorf("a tree: %w", host.ErrOffline)), want: Skip, err: "needs the running machine"},
		{name: "no advisories", machine: "centos-stream-9", change: pending(centos, nil), want: Skip, err: "CentOS Stream publishes no advisories, see security-updates"},
		{name: "no package manager", machine: "not-a-system", want: Error, err: "no dpkg or rpm database"},
	})
}
