package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Outputs as dnf 4.14 gave them on this project's lab tree, and as the sources of
// dnf 4.7 (output.py: columns of 80 characters) and yum 3.4.3 (output.py, cli.py) print them.
const (
	dnf414List = "\n" +
		"a-very-long-package-name-that-goes-on-and-on-for-testing-wrapped-lines-of-dnf.noarch 2.0-1.el9    baseos\n" +
		"dbus.noarch                                                                          1:1.14-1.el9 baseos\n" +
		"kernel-core.x86_64                                                                   5.14.0-503.el9_5 baseos\n"
	dnf47List = `Last metadata expiration check: 0:00:12 ago on Sat Nov 21 10:00:00 2026.

bind-export-libs.x86_64         32:9.11.36-16.el8_10.4    baseos
java-1.8.0-openjdk-headless.x86_64
                                1:1.8.0.432.b06-2.el8     appstream
python3-perf.x86_64             4.18.0-553.30.1.el8_10    baseos
tzdata-java-with-a-long-name.noarch
                                2026a-1.el8_with_a_very_long_release
                                                          appstream-of-somebody
Obsoleting Packages
grub2-tools.x86_64              1:2.02-156.el8            baseos
    grub2-tools.x86_64          1:2.02-123.el8            @anaconda
Security: kernel-core-4.18.0-553.30.1.el8_10.x86_64 is an installed security update
Security: kernel-core-4.18.0-553.el8_10.x86_64 is the currently running version
`
	yum34List = `Loaded plugins: fastestmirror
Loading mirror speeds from cached hostfile
 * base: mirror.example.org
This system is receiving updates from RHN Classic or Red Hat Satellite.

NetworkManager.x86_64             1:1.18.8-2.el7_9          updates
bash.x86_64                       4.2.46-35.el7_9           updates
kernel.x86_64                     3.10.0-1160.119.1.el7     updates
python-backports-ssl_match_hostname.noarch
                                  3.5.0.1-1.el7             base
Obsoleting Packages
postgresql-libs.i686              9.2.24-9.el7_9            updates
    postgresql-libs.x86_64        9.2.24-8.el7_9            @updates
`
	dnfAdvisories = `Last metadata expiration check: 0:00:12 ago on Sat Nov 21 10:00:00 2026.
i RLSA-2026:0999 Unknown/Sec.   bash-1.0-1.el9.noarch
  RLSA-2026:1005 Unknown/Sec.   dbus-1:1.14-1.el9.noarch
  RLSA-2026:1003 Moderate/Sec.  kernel-core-2.0-1.el9.noarch
  RLSA-2026:1001 Important/Sec. openssl-libs-1.5-1.el9.noarch
  RLBA-2026:1002 bugfix         openssl-libs-2.0-1.el9.noarch
  RLEA-2026:1004 enhancement    tzdata-2.0-1.el9.noarch
Security: kernel-core-5.14.0-503.el9.x86_64 is an installed security update
`
	yumAdvisories = `i FEDORA-EPEL-2026-aaa  bugfix         nginx-1:1.20.1-10.el7.x86_64
  FEDORA-EPEL-2026-bbb  Important/Sec. 1:nginx-1.20.1-11.el7.x86_64
  FEDORA-EPEL-2026-ccc  security       htop-2.2.0-4.el7.x86_64
updateinfo list done
`
)

func TestParseCheckUpdate(t *testing.T) {
	tests := []struct {
		name, data string
		want       []updateRow
		fails      bool
	}{
		{name: "empty"},
		{name: "blank lines", data: "\n\n  \n"},
		{name: "dnf 4.14", data: dnf414List, want: []updateRow{
			{"a-very-long-package-name-that-goes-on-and-on-for-testing-wrapped-lines-of-dnf", "noarch", "2.0-1.el9", "baseos"},
			{"dbus", "noarch", "1:1.14-1.el9", "baseos"},
			{"kernel-core", "x86_64", "5.14.0-503.el9_5", "baseos"},
		}},
		{name: "dnf 4.7, broken lines, obsoletes, running kernel", data: dnf47List, want: []updateRow{
			{"bind-export-libs", "x86_64", "32:9.11.36-16.el8_10.4", "baseos"},
			{"java-1.8.0-openjdk-headless", "x86_64", "1:1.8.0.432.b06-2.el8", "appstream"},
			{"python3-perf", "x86_64", "4.18.0-553.30.1.el8_10", "baseos"},
			{"tzdata-java-with-a-long-name", "noarch", "2026a-1.el8_with_a_very_long_release", "appstream-of-somebody"},
		}},
		{name: "yum 3.4", data: yum34List, want: []updateRow{
			{"NetworkManager", "x86_64", "1:1.18.8-2.el7_9", "updates"},
			{"bash", "x86_64", "4.2.46-35.el7_9", "updates"},
			{"kernel", "x86_64", "3.10.0-1160.119.1.el7", "updates"},
			{"python-backports-ssl_match_hostname", "noarch", "3.5.0.1-1.el7", "base"},
		}},
		{name: "only the running kernel's notes", data: "Security: kernel-core-4.18.0-1.el8.x86_64 is an installed security update\nSecurity: kernel-core-4.18.0-0.el8.x86_64 is the currently running version\n"},
		{name: "only obsoletes", data: "Obsoleting Packages\nnewbash.noarch 1.0-1.el9 obs\n    pinned.noarch 1.0-1.el9 @System\n"},
		{name: "plugins talk", data: "Updating Subscription Management repositories.\nUnable to read consumer identity\nThis system is not registered.\n"},
		{name: "cut off at the end", data: "bash.x86_64 5.1.8-9.el9", fails: true},
		{name: "cut off in the middle", data: "bash.x86_64 5.1.8-9.el9\nsetup.noarch 2-1 baseos\n", fails: true},
		{name: "too many columns", data: "bash.x86_64 5.1.8-9.el9 baseos surprise\n", fails: true},
		{name: "no version", data: "bash.x86_64 is broken\n", fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseCheckUpdate([]byte(tt.data))
			assert.Equal(t, tt.fails, err != nil, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestParseUpdateinfo(t *testing.T) {
	got, err := parseUpdateinfo([]byte(dnfAdvisories))
	require.NoError(t, err)
	assert.Equal(t, []advisory{
		{"RLSA-2026:0999", "", "bash", "1.0-1.el9", true, true},
		{"RLSA-2026:1005", "", "dbus", "1:1.14-1.el9", true, false},
		{"RLSA-2026:1003", "Moderate", "kernel-core", "2.0-1.el9", true, false},
		{"RLSA-2026:1001", "Important", "openssl-libs", "1.5-1.el9", true, false},
		{"RLBA-2026:1002", "", "openssl-libs", "2.0-1.el9", false, false},
		{"RLEA-2026:1004", "", "tzdata", "2.0-1.el9", false, false},
	}, got)

	got, err = parseUpdateinfo([]byte(yumAdvisories))
	require.NoError(t, err)
	assert.Equal(t, []advisory{
		{"FEDORA-EPEL-2026-aaa", "", "nginx", "1:1.20.1-10.el7", false, true},
		{"FEDORA-EPEL-2026-bbb", "Important", "nginx", "1:1.20.1-11.el7", true, false},
		{"FEDORA-EPEL-2026-ccc", "", "htop", "2.2.0-4.el7", true, false},
	}, got)

	for _, cut := range []string{"  RLSA-2026:1001 Important/Sec.\n", "  RLSA-2026:1001 Important/Sec. openssl\n", "RLSA-2026:1001 Important/Sec. openssl-1-1.x86_64 more\n"} {
		_, err = parseUpdateinfo([]byte(cut))
		assert.Error(t, err, cut)
	}
}

func FuzzDnfCheckUpdate(f *testing.F) {
	for _, seed := range []string{dnf414List, dnf47List, yum34List, "bash.x86_64 5", "a.noarch\n 1-1\n r"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := parseCheckUpdate(data)
		if err != nil && rows != nil {
			t.Error("a partial list")
		}
		for _, r := range rows {
			if r.name == "" || r.arch == "" || r.repo == "" || !strings.Contains(r.version, "-") {
				t.Errorf("no update: %+v", r)
			}
		}
		newestRows(rows)
	})
}

func FuzzUpdateinfo(f *testing.F) {
	for _, seed := range []string{dnfAdvisories, yumAdvisories, "i i Sec./Sec. a-1-1.b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := parseUpdateinfo(data)
		if err != nil && found != nil {
			t.Error("a partial list")
		}
		for _, a := range found {
			if a.id == "" || a.name == "" || !strings.Contains(a.version, "-") {
				t.Errorf("no advisory: %+v", a)
			}
		}
		gravestAdvisories(found)
	})
}

func TestDnfListUpdates(t *testing.T) {
	rows := []updateRow{
		{"openssl-libs", "x86_64", "1:3.0.7-28.el9", "mirror"},
		{"openssl-libs", "x86_64", "1:3.0.7-28.el9", "baseos"}, // the same from another repository
		{"openssl-libs", "i686", "1:3.0.7-28.el9", "baseos"},
		{"bash", "x86_64", "5.1.8-10.el9", "baseos"},
		{"kernel-core", "x86_64", "5.14.0-503.el9", "baseos"},
		{"locked", "noarch", "2-1", "baseos"},
		{"renamed", "x86_64", "2-1", "baseos"},
	}
	offered := []updateRow{rows[1], rows[2], rows[4], rows[6]}
	installed := []Package{
		{Name: "bash", Arch: "x86_64", Version: "5.1.8-9.el9"},
		{Name: "kernel-core", Arch: "x86_64", Version: "5.14.0-427.el9"},
		{Name: "kernel-core", Arch: "x86_64", Version: "5.14.0-70.el9"},
		{Name: "locked", Arch: "noarch", Version: "1-1", Held: true},
		{Name: "openssl-libs", Arch: "i686", Version: "1:3.0.7-26.el9"},
		{Name: "openssl-libs", Arch: "x86_64", Version: "1:3.0.7-27.el9"},
		{Name: "renamed", Arch: "noarch", Version: "1-1"},
	}
	advisories := []advisory{
		{"RLSA-1", "Moderate", "openssl-libs", "1:3.0.7-27.el9_1", true, false},
		{"RLSA-2", "Important", "openssl-libs", "1:3.0.7-27.el9_2", true, false},
		{"RLBA-3", "", "openssl-libs", "1:3.0.7-28.el9", false, false},
		{"RLSA-4", "Critical", "bash", "5.1.8-9.el9", true, true},
		{"RLEA-5", "", "locked", "2-1", false, false},
	}
	assert.Equal(t, []Update{
		{Name: "bash", Arch: "x86_64", Installed: "5.1.8-9.el9", Candidate: "5.1.8-10.el9", Source: "baseos", Pinned: true},
		{Name: "kernel-core", Arch: "x86_64", Installed: "5.14.0-427.el9", Candidate: "5.14.0-503.el9", Source: "baseos"},
		{Name: "locked", Arch: "noarch", Installed: "1-1", Candidate: "2-1", Source: "baseos", Advisory: "RLEA-5", Held: true},
		{Name: "openssl-libs", Arch: "i686", Installed: "1:3.0.7-26.el9", Candidate: "1:3.0.7-28.el9", Source: "baseos", Security: true, Advisory: "RLSA-2", Severity: "Important"},
		{Name: "openssl-libs", Arch: "x86_64", Installed: "1:3.0.7-27.el9", Candidate: "1:3.0.7-28.el9", Source: "baseos", Security: true, Advisory: "RLSA-2", Severity: "Important"},
		{Name: "renamed", Arch: "x86_64", Installed: "1-1", Candidate: "2-1", Source: "baseos"},
	}, listUpdates(rows, offered, advisories, installed))
}
