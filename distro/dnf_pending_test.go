package distro

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

var bashInstalled = rpmAnswer{words: "rpm -qa", out: says(0, rpmLine("bash", "(none)", "5.1.8", "9.el9", "x86_64", "Rocky"), "")}

const bashUpdate = "\nbash.x86_64    5.1.8-10.el9    baseos\n"

// What dnf 4.14 said on the lab tree.
const (
	deadRepo = "Errors during downloading metadata for repository 'dead':\n" +
		"  - Curl error (7): Couldn't connect to server for http://user:hush@127.0.0.1:1/x/repodata/repomd.xml?token=hush [Failed to connect]\n" +
		"Error: Failed to download metadata for repo 'dead': Cannot download repomd.xml: http://user:hush@127.0.0.1:1/x?token=hush All mirrors were tried\n"
	noGPG    = "Error: Failed to download metadata for repo 'bad': GPG verification is enabled, but GPG signature is not available. This may be an error or the repository does not support GPG verification: Curl error (37)\n"
	noRepos  = "Error: There are no enabled repositories in \"/etc/yum.repos.d\", \"/etc/yum/repos.d\", \"/etc/distro.repos.d\".\n"
	noCache  = "Error: Cache-only enabled but no cache for 'baseos'\n"
	badFile  = "Warning: failed loading '/etc/yum.repos.d/dead.repo', skipping.\n"
	ignoring = "Error: Failed to download metadata for repo 'dead': Cannot download repomd.xml\nIgnoring repositories: dead\n"
	isLocked = "metadata already locked by 30545\n  The application with PID 30545 is: dnf\n"
	noLock   = "Malformed lock file found: /var/cache/dnf/metadata_lock.pid.\nEnsure no other dnf/yum process is running.\n"
	yumOld   = "http://vault.example.org/7/os/repodata/repomd.xml: [Errno 14] curl#7 - \"Failed connect\"\nTrying other mirror.\n"
	yumNone  = "There are no enabled repos.\n Run \"yum repolist all\" to see the repos you have.\n"
)

func TestDnfCannotLook(t *testing.T) {
	tests := []struct {
		name string
		out  host.Output
		err  error
		is   error
		says string
		yum  bool
	}{
		{name: "repository unreachable", out: says(1, "", deadRepo), is: ErrRefresh, says: "'dead'"},
		{name: "skipped repository, exit code 0", out: says(0, "", ignoring), is: ErrRefresh, says: "'dead'"},
		{name: "skipped repository, exit code 100", out: says(100, bashUpdate, ignoring), is: ErrRefresh},
		{name: "broken repository file", out: says(0, "", badFile), is: ErrRefresh, says: "dead.repo"},
		{name: "signature", out: says(1, "", noGPG), is: ErrRefresh, says: "GPG"},
		{name: "no repository", out: says(1, "", noRepos), is: ErrNoSource},
		{name: "no cache", out: says(1, "", noCache), is: errNoCache},
		{name: "locked", out: says(200, "", isLocked), is: ErrLocked, says: "30545"},
		{name: "lock file is garbage", out: says(200, "", noLock), is: ErrRefresh, says: "Malformed"},
		{name: "usage", out: says(2, "", "usage: dnf check-update\n"), is: ErrRefresh, says: "exit code 2"},
		{name: "silent", out: says(1, "", ""), is: ErrRefresh, says: "exit code 1"},
		{name: "100 without a list", out: says(100, "\n", ""), says: "none is listed"},
		{name: "0 with a list", out: says(0, bashUpdate, ""), says: "some are listed"},
		{name: "list cut off", out: says(100, "bash.x86_64 5.1.8", ""), says: "cut off"},
		{name: "hangs", err: host.ErrTimeout, is: host.ErrTimeout},
		{name: "floods", err: host.ErrFlood, is: host.ErrFlood},
		{name: "killed", err: host.ErrKilled, is: host.ErrKilled},
		{name: "yum goes on with an old index", out: says(0, "", yumOld), is: ErrRefresh, says: "repomd.xml", yum: true},
		{name: "yum without repositories", out: says(1, "", yumNone), is: ErrNoSource, yum: true},
		{name: "yum locked", out: says(1, "", "Existing lock /var/run/yum.pid: another copy is running as pid 7.\nAnother app is currently holding the yum lock; exiting as configured by exit_on_lock\n"), is: ErrLocked, says: "pid 7", yum: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			play := &rpmScript{programs: []string{"dnf"}, answers: []rpmAnswer{
				{words: "clean expire-cache"}, {words: "check-update", out: tt.out, err: tt.err}, {words: "updateinfo list"}, bashInstalled,
			}}
			if tt.yum {
				play.programs = []string{"yum"}
			}
			updates, err := rpmMachine(t, true, play, nil).Packages.Pending(context.Background())
			require.Error(t, err)
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
			assert.ErrorContains(t, err, tt.says)
			assert.NotContains(t, err.Error(), "hush")
			assert.Zero(t, updates)
		})
	}
}

func TestDnfPending(t *testing.T) {
	play := &rpmScript{programs: []string{"dnf", "yum"}, answers: []rpmAnswer{
		{words: "--refresh --disableexcludes=all --disableplugin=versionlock check-update", out: says(100, bashUpdate, "No matches found for the following disable plugin patterns: versionlock\n")},
		{words: "-C --disableexcludes=all updateinfo list --all", out: says(0, "  RLSA-2026:1 Important/Sec. bash-5.1.8-10.el9.x86_64\n", "")},
		{words: "-C check-update", out: says(0, "", "")},
		bashInstalled,
	}}
	m := rpmMachine(t, true, play, nil)
	updates, err := m.Packages.Pending(context.Background())
	require.NoError(t, err)
	assert.Equal(t, Updates{Refreshed: true, Advisories: true, List: []Update{{
		Name: "bash", Arch: "x86_64", Installed: "5.1.8-9.el9", Candidate: "5.1.8-10.el9", Source: "baseos",
		Security: true, Advisory: "RLSA-2026:1", Severity: "Important", Pinned: true,
	}}}, updates)
	for _, call := range play.calls {
		if strings.HasPrefix(call, "dnf ") {
			assert.Contains(t, call, "--setopt=logdir=")
			assert.Contains(t, call, "--setopt=*.skip_if_unavailable=0")
			assert.NotContains(t, call+" ", " -q ")
		}
	}
}

func TestDnfNothingPending(t *testing.T) {
	for _, tt := range []struct {
		name, release, advisories, index string
		want                             bool
	}{
		{"Rocky with advisories", rockyRelease, "i RLSA-2026:1 Important/Sec. bash-5.1.8-9.el9.x86_64\n", "", true},
		{"Rocky with advisories of other packages only", rockyRelease, "", `<repomd><data type="updateinfo"/></repomd>`, true},
		{"Rocky without", rockyRelease, "", `<repomd><data type="primary"/></repomd>`, false},
		{
			"CentOS with EPEL's", "NAME=\"CentOS Stream\"\nID=\"centos\"\nVERSION_ID=\"9\"\n",
			"i FEDORA-EPEL-2026-1 Important/Sec. nginx-1-1.el9.x86_64\n", `<repomd><data type="updateinfo"/></repomd>`, false,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play := &rpmScript{programs: []string{"dnf"}, answers: []rpmAnswer{
				{words: "--refresh check-update"}, {words: "updateinfo list --all", out: says(0, tt.advisories, "")}, bashInstalled,
			}}
			updates, err := rpmMachine(t, true, play, map[string]string{
				"etc/os-release": tt.release, "var/cache/dnf/baseos-0123/repodata/repomd.xml": tt.index,
			}).Packages.Pending(context.Background())
			require.NoError(t, err)
			assert.Equal(t, Updates{Refreshed: true, Advisories: tt.want}, updates)
		})
	}
}

func TestDnfWithoutRefresh(t *testing.T) {
	play := &rpmScript{programs: []string{"dnf"}, answers: []rpmAnswer{
		{words: "-C check-update"}, {words: "updateinfo list --all"}, bashInstalled,
	}}
	m := rpmMachine(t, true, play, nil)
	m.Packages = newRPMPackages(m, Settings{})
	updates, err := m.Packages.Pending(context.Background())
	require.NoError(t, err)
	assert.False(t, updates.Refreshed)
}

func TestYumPending(t *testing.T) {
	play := &rpmScript{programs: []string{"yum"}, answers: []rpmAnswer{
		{words: "yum clean expire-cache"},
		{words: "yum --disableplugin=priorities check-update", out: says(100, yum34List, "")},
		{words: "yum -C updateinfo list all", out: says(1, "", "No such command: updateinfo. Please use /usr/bin/yum --help\n")},
		{words: "yum -C check-update", out: says(100, yum34List, "")},
		bashInstalled,
	}}
	m := rpmMachine(t, true, play, map[string]string{"etc/os-release": "NAME=\"CentOS Linux\"\nID=\"centos\"\nVERSION_ID=\"7\"\n"})
	updates, err := m.Packages.Pending(context.Background())
	require.NoError(t, err)
	assert.False(t, updates.Advisories)
	assert.Len(t, updates.List, 4)
	for _, u := range updates.List {
		assert.False(t, u.Pinned || u.Security)
	}
}

func TestDnfManager(t *testing.T) {
	tests := []struct {
		name     string
		programs []string
		link     map[string]string
		want     rpmManager
		fails    bool
	}{
		{name: "dnf", programs: []string{"dnf", "yum"}, want: rpmManager{"dnf", false}},
		{name: "yum 3", programs: []string{"yum"}, want: rpmManager{"yum", true}},
		{name: "yum is dnf", programs: []string{"yum"}, link: map[string]string{"yum": "dnf-3"}, want: rpmManager{"yum", false}},
		{name: "dnf 5", programs: []string{"dnf"}, link: map[string]string{"dnf": "dnf5"}, fails: true},
		{name: "none", fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := rpmMachine(t, true, &rpmScript{programs: tt.programs}, map[string]string{"usr/bin/x": ""})
			for name, target := range tt.link {
				require.NoError(t, os.Symlink(target, filepath.Join(m.Root.Dir(), "usr/bin", name)))
			}
			got, err := rpmPackages{m, Settings{}}.manager()
			assert.Equal(t, tt.fails, err != nil, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestDnfSpoken(t *testing.T) {
	assert.Equal(t, "Cannot open https://example.org/a [x]", spoken(" Cannot open https://me:secret@example.org/a?token=secret [x]\n"))
	assert.Equal(t, "for https://example.org/a", spoken("for https://me:sec@ret@example.org/a"))
	assert.Len(t, []rune(spoken(strings.Repeat("é", 1000))), spokenLimit+1)
	assert.Equal(t, "a?", spoken("a\xff"))
}
