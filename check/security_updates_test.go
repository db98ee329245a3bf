package check

import (
	"fmt"
	"testing"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func TestSecurityUpdates(t *testing.T) {
	pending := func(u distro.Updates) func(*testing.T, *distro.Machine) { return packages(fakePackages{updates: u}) }
	unable := func(err error) func(*testing.T, *distro.Machine) { return packages(fakePackages{pendingErr: err}) }
	update := distro.Update{
		Name: "libssl3", Installed: "3.0.17-1~deb12u2", Candidate: "3.0.17-1~deb12u3",
		Source: "Debian-Security:12/stable-security", Security: true,
	}
	all := update
	all.Name, all.Held, all.KeptBack, all.Pinned, all.Phased, all.Unconfigured = "zlib1g", true, true, true, true, true
	advised := distro.Update{
		Name: "kernel-core", Installed: "5.14.0-570.el9", Candidate: "5.14.0-611.el9", Source: "baseos",
		Security: true, Advisory: "RLSA-2026:1234", Severity: "Important",
	}
	other := distro.Update{Name: "libapache2-mod-security2", Installed: "2.9.7-1", Candidate: "2.9.7-2", Source: "Debian:12.12/stable"}

	testCheck(t, securityUpdates(), []row{
		{name: "none", change: pending(distro.Updates{Refreshed: true, Advisories: true}), want: Pass},
		{
			name: "a name is no evidence", want: Pass,
			change: pending(distro.Updates{Refreshed: true, Advisories: true, List: []distro.Update{other}}),
		},
		{
			name: "an index that was not refreshed", want: Pass, change: pending(distro.Updates{Advisories: true}),
			overlay: "-- var/lib/apt/lists removed --\n-- var/lib/apt/lists/a_InRelease mtime=2026-11-20T07:00:00Z --\n" +
				"-- var/lib/apt/lists/b_InRelease mtime=2026-11-20T08:30:00Z --\n",
			findings: []string{"note  the package index was not refreshed: the newest one is of 2026-11-20 08:30 UTC"},
		},
		{
			name: "a date in the index is better than the file's", want: Warn, change: pending(distro.Updates{Advisories: true}),
			overlay: "-- var/lib/apt/lists removed --\n-- var/lib/apt/lists/a_InRelease mtime=2026-11-20T07:00:00Z --\n-----BEGIN PGP SIGNED MESSAGE-----\n\nOrigin: Debian\n" +
				"Date: Fri, 13 Nov 2026 10:00:00 UTC\n",
			findings: []string{"warn  the package index was not refreshed: the newest one is of 2026-11-13 10:00 UTC, so that what was published since is not known"},
		},
		{
			name: "the last index of a release that has ended", machine: "debian-10", want: Pass, change: pending(distro.Updates{Advisories: true}),
			findings: []string{"note  the package index was not refreshed: the newest one is of 2024-06-30 16:07 UTC"},
		},
		{
			name: "an older one of it", machine: "debian-10", want: Warn, change: pending(distro.Updates{Advisories: true}),
			overlay:  "-- var/lib/apt/lists removed --\n-- var/lib/apt/lists/a_Release --\nDate: Sat, 1 Jun 2024 10:00:00 UTC\n",
			findings: []string{"warn  the package index was not refreshed: the newest one is of 2024-06-01 10:00 UTC, so that what was published since is not known"},
		},
		{
			name: "an index of no known age", want: Warn, change: pending(distro.Updates{Advisories: true}),
			overlay:  "-- var/lib/apt/lists removed --\n",
			findings: []string{"warn  the package index was not refreshed, and its age is not known"},
		},
		{
			name: "what needs a subscription", want: Pass, change: pending(distro.Updates{Refreshed: true, Advisories: true, Pro: []distro.Update{
				{Name: "libheif1", Installed: "1.17.6-1", Candidate: "1.17.6-1ubuntu4.1+esm1", Source: "esm-apps", Security: true},
			}}),
			findings: []string{"note  libheif1 1.17.6-1 → 1.17.6-1ubuntu4.1+esm1 (esm-apps), needs Ubuntu Pro"},
		},
		{
			name: "some", want: Fail, change: pending(distro.Updates{Refreshed: true, Advisories: true, List: []distro.Update{advised, other, update, all}}),
			findings: []string{
				"fail  kernel-core 5.14.0-570.el9 → 5.14.0-611.el9 (baseos, RLSA-2026:1234 Important)",
				"fail  libssl3 3.0.17-1~deb12u2 → 3.0.17-1~deb12u3 (Debian-Security:12/stable-security)",
				"fail  zlib1g 3.0.17-1~deb12u2 → 3.0.17-1~deb12u3 (Debian-Security:12/stable-security), held, kept back, hidden by a pin, phased, unpacked but not configured",
			},
		},
		{
			name: "CentOS Stream", machine: "centos-stream-9", want: Warn,
			change: pending(distro.Updates{Refreshed: true, List: []distro.Update{{Name: "bash", Installed: "5.1.8-9", Candidate: "5.1.8-10", Source: "baseos"}}}),
			findings: []string{
				"warn  bash 5.1.8-9 → 5.1.8-10 (baseos), perhaps a security update",
				"note  CentOS Stream publishes no advisories, so security updates cannot be told from others; 1 update pending",
			},
		},
		{
			name: "CentOS Stream with a security advisory of EPEL's", machine: "centos-stream-9", want: Fail,
			change: pending(distro.Updates{Refreshed: true, List: []distro.Update{
				{Name: "bash", Installed: "5.1.8-9", Candidate: "5.1.8-10", Source: "baseos"},
				{Name: "nginx", Installed: "1.26.1-1", Candidate: "1.26.3-1", Source: "epel", Security: true, Advisory: "FEDORA-EPEL-2026-1"},
			}}),
			findings: []string{
				"fail  nginx 1.26.1-1 → 1.26.3-1 (epel, FEDORA-EPEL-2026-1)",
				"warn  bash 5.1.8-9 → 5.1.8-10 (baseos), perhaps a security update",
				"note  CentOS Stream publishes no advisories, so security updates cannot be told from others; 2 updates pending",
			},
		},
		{
			name: "CentOS Stream, up to date", machine: "centos-stream-9", want: Pass,
			change:   pending(distro.Updates{Refreshed: true}),
			findings: []string{"note  CentOS Stream publishes no advisories, so security updates cannot be told from others; 0 updates pending"},
		},
		{name: "a tree without an index", change: unable(distro.ErrNoIndex), want: Skip, err: "there is no package index: run imgcheck on the machine itself"},
		{name: "a running machine without one", change: both(running(nil, nil), unable(distro.ErrNoIndex)), want: Error, err: "there is no package index"},
		{name: "a tree of the Red Hat family", change: unable(fmt.Errorf("a tree: %w", host.ErrOffline)), want: Skip, err: "needs the running machine"},
		{name: "no security source", change: unable(distro.ErrNoSecuritySource), want: Error, err: "no security source is configured"},
		{name: "a refresh that failed", change: unable(distro.ErrRefresh), want: Error, err: "the package index could not be refreshed"},
		{
			name: "a refresh that failed, and an update in the old index", want: Fail, err: "the package index could not be refreshed",
			change:   packages(fakePackages{updates: distro.Updates{Advisories: true, List: []distro.Update{other, update}}, pendingErr: distro.ErrRefresh}),
			findings: []string{"fail  libssl3 3.0.17-1~deb12u2 → 3.0.17-1~deb12u3 (Debian-Security:12/stable-security)"},
		},
		{name: "a lock", change: unable(distro.ErrLocked), want: Error, err: "a package lock is held"},
		{name: "no package manager", machine: "not-a-system", want: Error, err: "no dpkg or rpm database"},
	})
}
