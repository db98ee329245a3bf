//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	oldWeb = `rpm -i --nodeps --nosignature /srv/pool/lab-web-1.0.rpm`
	// A process of that id is there: the shell that runs the program.
	dnfHeld = `echo $$ >/var/cache/dnf/metadata_lock.pid; (sleep "$1"; : >/var/cache/dnf/metadata_lock.pid) >/dev/null 2>&1 & shift; "$@"`
)

// buildRPM builds a tiny package into a folder of the tree.
func (own *tree) buildRPM(into, spec string) {
	own.t.Helper()
	own.write("run/spec", "Summary: x\nLicense: BSD\n"+spec)
	args := []string{"-bb", "--quiet", "--define", "_topdir " + own.t.TempDir(), "--define", "_rpmdir " + filepath.Join(own.root, into),
		"--define", "_rpmfilename %%{NAME}-%%{VERSION}.rpm", "--define", "__os_install_post %{nil}", filepath.Join(own.root, "run/spec")}
	require.NoError(own.t, command("/", "rpmbuild", args...))
}

func TestCleanUpgradesEL(t *testing.T) {
	t.Parallel()
	own := rockyTree(t)
	own.plant(oldWeb)
	got := own.clean("wait,upgrade")
	require.Equal(t, 0, got.code, got.said)
	assert.Equal(t, []string{"done wait the package locks", "done run makecache", "done run upgrade"}, got.rows())
	assert.Equal(t, "upgrade 1", got.actions[2].Note)
	assert.Contains(t, own.version("lab-web"), "lab-web-1.1-1.el9")
	assert.Equal(t, 0, own.clean("upgrade").code, "a second run")
}

func TestCleanUpgradeThatFailsEL(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		plant, says string
		rows        []string
	}{
		"the mirror cannot be reached": {`sed -i 's|file:///srv/repo|http://u:hush@127.0.0.1:9|' /etc/yum.repos.d/rocky.repo`, "could not be refreshed", []string{"failed run makecache", "skipped run upgrade"}},
		"it may be left out":           {`sed -i 's|file:///srv/repo|http://u:hush@127.0.0.1:9|' /etc/yum.repos.d/rocky.repo; echo skip_if_unavailable=1 >>/etc/yum.repos.d/rocky.repo`, "could not be refreshed", []string{"failed run makecache", "skipped run upgrade"}},
		"the package is gone":          {`rm /srv/repo/baseos/lab-web-1.1.rpm`, "incorrect checksum", []string{"done run makecache", "failed run upgrade"}},
		"dnf is missing":               {`rm /usr/bin/dnf /usr/bin/yum`, "program not found", []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := rockyTree(t)
			own.plant(oldWeb + "; " + row.plant)
			got := own.clean("upgrade")
			assert.Equal(t, 3, got.code)
			assert.Contains(t, got.said, row.says)
			assert.NotContains(t, got.said, "hush")
			assert.ElementsMatch(t, row.rows, got.rows())
			assert.Contains(t, own.version("lab-web"), "lab-web-1.0")
		})
	}
}

func TestCleanScriptThatFailsEL(t *testing.T) {
	t.Parallel()
	own := rockyTree(t)
	own.plant(oldWeb)
	own.buildRPM(repoDir, "Name: lab-web\nEpoch: 1\nVersion: 1\nRelease: 1\nBuildArch: noarch\nProvides: /bin/sh\n%description\nx\n%post\nexit 1\n%files\n")
	require.NoError(t, indexRPMs(own.root, nil))
	got := own.clean("upgrade")
	assert.Equal(t, 3, got.code)
	assert.Contains(t, got.said, "could not be configured: %post failed, exit status 1")
	assert.Contains(t, got.said, "package lab-web-1:1-1.noarch")
}

func TestCleanWaitsForALockEL(t *testing.T) {
	t.Parallel()
	own := rockyTree(t)
	own.plant(oldWeb)
	held := func(seconds string, args ...string) *cleaned {
		argv := append([]string{"/bin/sh", "-c", dnfHeld, "held", seconds}, own.cleanArgv("upgrade", args...)...)
		return own.cleanBy(enterCommand(own.root, "", argv...))
	}
	got := held("30", "--timeout", "1s")
	assert.Equal(t, 3, got.code)
	assert.Regexp(t, `a package lock is held: /var/cache/dnf/metadata_lock.pid by process [0-9]+ \((sh|dash)\); waited 1s`, got.said)
	got = held("12")
	require.Equal(t, 0, got.code, got.said)
	assert.Regexp(t, `waiting for /var/cache/dnf/metadata_lock.pid by process [0-9]+ \((sh|dash)\)`, got.said)
	assert.Contains(t, own.version("lab-web"), "lab-web-1.1")
}

func TestCleanAgentEL(t *testing.T) {
	t.Parallel()
	own := rockyTree(t)
	own.buildRPM("srv/pool", `Name: droplet-agent
Version: 1
Release: 1
BuildArch: noarch
%description
x
%install
mkdir -p %{buildroot}/opt/digitalocean/bin %{buildroot}/etc/cron.hourly %{buildroot}/etc/yum.repos.d
echo x >%{buildroot}/opt/digitalocean/bin/droplet-agent
echo x >%{buildroot}/etc/cron.hourly/droplet-agent
%files
/opt/digitalocean/bin/droplet-agent
/etc/cron.hourly/droplet-agent
`)
	own.plant(`rpm -i --nosignature /srv/pool/droplet-agent-1.rpm; : >/etc/yum.repos.d/droplet-agent.repo`)
	got := own.clean("do-agent")
	require.Equal(t, 0, got.code, got.said)
	assert.NotContains(t, own.said("rpm", "-qa"), "droplet-agent")
	assert.NoDirExists(t, filepath.Join(own.root, "opt/digitalocean"))
	assert.Equal(t, "pass", own.checkLive("--only", "do-agent").statuses()["do-agent"])
	got = own.clean("do-agent")
	assert.Equal(t, 0, got.code)
	assert.Empty(t, got.actions, "a second run finds nothing")
}

// TestCleanOldKernelsEL leaves the running kernel, the newest, and what needs one.
func TestCleanOldKernelsEL(t *testing.T) {
	t.Parallel()
	own := rockyTree(t)
	for _, version := range []string{"1", "2", "3"} {
		own.buildRPM("srv/pool", strings.ReplaceAll(`Name: kernel-core
Version: 5.14.VERSION
Release: 1.el9
BuildArch: x86_64
%description
x
%install
mkdir -p %{buildroot}/boot
echo x >%{buildroot}/boot/vmlinuz-5.14.VERSION-1.el9.x86_64
%files
/boot/vmlinuz-5.14.VERSION-1.el9.x86_64
`, "VERSION", version))
	}
	own.plant(`rpm -i --nosignature --ignorearch /srv/pool/kernel-core-*.rpm`)
	got := own.clean("autoremove,package-cache")
	require.Equal(t, 0, got.code, got.said)
	assert.Equal(t, "kernel-core-5.14.3-1.el9.x86_64", own.version("kernel-core"), "it also is the only flavour here")
}
