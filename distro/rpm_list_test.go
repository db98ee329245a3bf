package distro

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

func TestParseRPMList(t *testing.T) {
	tests := []struct {
		name, data string
		want       []Package
		fails      bool
	}{
		{name: "empty"},
		{
			name: "sorted, epochs shown, keys left out",
			data: rpmLine("openssl-libs", "1", "3.0.7", "27.el9", "x86_64", "Rocky Enterprise Software Foundation") +
				rpmLine("gpg-pubkey", "(none)", "350d275d", "6279464b", "(none)", "(none)") +
				rpmLine("bash", "(none)", "5.1.8", "9.el9", "x86_64", "Rocky\nEnterprise") +
				rpmLine("bash", "0", "5.1.10", "1.el9", "x86_64", "(none)"),
			want: []Package{
				{Name: "bash", Arch: "x86_64", Version: "5.1.8-9.el9", Vendor: "Rocky\nEnterprise"},
				{Name: "bash", Arch: "x86_64", Version: "5.1.10-1.el9"},
				{Name: "openssl-libs", Arch: "x86_64", Version: "1:3.0.7-27.el9", Vendor: "Rocky Enterprise Software Foundation"},
			},
		},
		{name: "cut off", data: rpmLine("bash", "0", "5", "9", "x86_64", "x") + "setup\x1f0\x1f2", fails: true},
		{name: "cut off before the last separator", data: strings.TrimSuffix(rpmLine("bash", "0", "5", "9", "x86_64", "x"), rpmRecord), fails: true},
		{name: "a field too many", data: rpmLine("bash", "0", "5", "9", "x86_64", "x", "y"), fails: true},
		{name: "no name", data: rpmLine("", "0", "5", "9", "x86_64", "x"), fails: true},
		{name: "not a list", data: "rpm: command not found\n", fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseRPMList([]byte(tt.data))
			assert.Equal(t, tt.fails, err != nil, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

func FuzzRpmList(f *testing.F) {
	f.Add([]byte(rpmLine("bash", "(none)", "5.1.8", "9.el9", "x86_64", "Rocky")))
	f.Add([]byte(rpmLine("gpg-pubkey", "(none)", "350d275d", "6279464b", "(none)", "(none)")))
	f.Add([]byte("bash\x1f5"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := parseRPMList(data)
		if err != nil && list != nil {
			t.Error("a partial list")
		}
		for _, p := range list {
			if p.Name == "" || !strings.Contains(p.Version, "-") {
				t.Errorf("no package: %+v", p)
			}
		}
	})
}

func TestRPMInstalledLive(t *testing.T) {
	one := rpmLine("bash", "(none)", "5.1.8", "9.el9", "x86_64", "Rocky")
	tests := []struct {
		name string
		out  host.Output
		err  error
		want string // part of the error, empty for none
	}{
		{name: "plain", out: says(0, one, "")},
		{name: "a warning is none of ours", out: says(0, one, "warning: Converting database from bdb_ro to sqlite backend\n")},
		{name: "skipped header, rpm 4.16", out: says(0, one, "error: rpmdbNextIterator: skipping h#     12 \nHeader SHA256 digest: BAD\n"), want: "skipping h#"},
		{name: "damaged header, rpm 4.11", out: says(0, one, "rpmdb: damaged header #12 retrieved -- skipping.\n"), want: "damaged header"},
		{name: "Berkeley panic, rpm 4.11", out: says(0, one, "rpmdb: BDB0113 Thread/process 2190/140 failed: BDB1507 Thread died\n"), want: "BDB0113"},
		{name: "no database", out: says(1, "", "error: cannot open Packages database in /var/lib/rpm\n"), want: "cannot open Packages"},
		{name: "exit code alone", out: says(1, one, ""), want: "exit code 1"},
		{name: "cut off", out: says(0, one+"setup", ""), want: "cut off"},
		{name: "empty", out: says(0, "", ""), want: "no package"},
		{name: "no rpm", err: host.ErrNoProgram, want: "not found"},
		{name: "hangs", err: host.ErrTimeout, want: "did not end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			play := &rpmScript{answers: []rpmAnswer{{words: "rpm -qa", out: tt.out, err: tt.err}}}
			list, err := rpmMachine(t, true, play, nil).Packages.Installed(context.Background())
			if tt.want != "" {
				require.ErrorContains(t, err, tt.want)
				assert.Nil(t, list)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, []Package{{Name: "bash", Arch: "x86_64", Version: "5.1.8-9.el9", Vendor: "Rocky"}}, list)
		})
	}
}

func TestVersionLocksHold(t *testing.T) {
	p := Package{Name: "openssl-libs", Arch: "x86_64", Version: "1:3.0.7-27.el9"}
	for pattern, want := range map[string]bool{
		"openssl-libs-1:3.0.7-27.el9.*": true, // dnf
		"1:openssl-libs-3.0.7-27.el9.*": true, // yum
		"openssl-libs":                  true,
		"openssl*":                      true,
		"openssl-libs-3.0.7-*":          true,
		"openssl-libs.x86_64":           true,
		"openssl-libs-0:3.0.7-27.el9.*": false,
		"openssl-libs-1:3.0.1-1.el9.*":  false,
		"openssl":                       false,
		"openssl[":                      false,
	} {
		assert.Equal(t, want, versionLocks{pattern}.hold(p), pattern)
	}
	assert.True(t, versionLocks{"bash-0:5.1.8-9.el9.*"}.hold(Package{Name: "bash", Arch: "x86_64", Version: "5.1.8-9.el9"}))
	assert.Equal(t, versionLocks{"bash"}, parseVersionLocks([]byte("# Added lock\n\n bash \n!setup-0:1-1.*\n")))
}

func TestRPMInstalledHeld(t *testing.T) {
	play := &rpmScript{answers: []rpmAnswer{{words: "rpm -qa", out: says(0, rpmLine("bash", "(none)", "5.1.8", "9.el9", "x86_64", "Rocky"), "")}}}
	m := rpmMachine(t, true, play, map[string]string{"etc/dnf/plugins/versionlock.list": "bash-0:5.1.8-9.el9.*\n"})
	list, err := m.Packages.Installed(context.Background())
	require.NoError(t, err)
	assert.True(t, list[0].Held)
}

func TestRPMProblems(t *testing.T) {
	list := rpmLine("bash", "(none)", "5.1.8", "9.el9", "x86_64", "R") + rpmLine("bash", "(none)", "5.1.10", "1.el9", "x86_64", "R") +
		rpmLine("kernel-core", "(none)", "5.14.0", "1.el9", "x86_64", "R") + rpmLine("kernel-core", "(none)", "5.14.0", "2.el9", "x86_64", "R") +
		rpmLine("glibc", "(none)", "2.34", "1.el9", "x86_64", "R") + rpmLine("glibc", "(none)", "2.34", "1.el9", "i686", "R")
	unmet := "Unsatisfied dependencies for broken-1.0-1.el9.noarch:\n\tno-such-thing >= 2 is needed by (installed) broken-1.0-1.el9.noarch\n"
	play := &rpmScript{answers: []rpmAnswer{
		{words: "rpm -qa", out: says(0, list, "")},
		{words: "rpm -Va --nofiles --noscripts", out: says(1, unmet, "")},
	}}
	m := rpmMachine(t, true, play, map[string]string{"var/lib/yum/transaction-all.2026-01-01.10:00.00": "x"})
	got, err := m.Packages.Problems(context.Background())
	require.NoError(t, err)
	assert.Equal(t, []Problem{
		{"/var/lib/yum/transaction-all.2026-01-01.10:00.00", "a yum transaction did not finish"},
		{"bash.x86_64", "installed more than once: 5.1.8-9.el9, 5.1.10-1.el9"},
		{"broken-1.0-1.el9.noarch", "requires no-such-thing >= 2, which is not installed"},
	}, got)
}

func TestRPMProblemsCannotLook(t *testing.T) {
	ok := rpmAnswer{words: "rpm -qa", out: says(0, rpmLine("bash", "0", "5", "9", "x86_64", "R"), "")}
	for name, va := range map[string]rpmAnswer{
		"error":         {out: says(1, "", "error: cannot open Packages database\n")},
		"silent":        {out: says(1, "", "")},
		"hangs":         {err: host.ErrTimeout},
		"database gone": {out: says(1, "", "error: rpmdb: x")},
	} {
		va.words = "rpm -Va"
		play := &rpmScript{answers: []rpmAnswer{ok, va}}
		_, err := rpmMachine(t, true, play, nil).Packages.Problems(context.Background())
		assert.Error(t, err, name)
	}
}
