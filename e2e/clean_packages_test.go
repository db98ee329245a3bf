//go:build e2e

package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// web is an update that waits.
func web() deb { return deb{name: "lab-web", have: "1.0", next: "1.1", in: "security"} }

func TestCleanUpgrades(t *testing.T) {
	t.Parallel()
	own := debianTree(t)
	d := web()
	d.depends = "lab-new"
	own.offer([]deb{d, {name: "lab-new", next: "1", in: "security"}, {name: "lab-app", have: "1", next: "2", in: "updates"}})
	got := own.clean("wait,upgrade")
	require.Equal(t, 0, got.code, got.said)
	assert.Equal(t, []string{"done wait the package locks", "done run update", "done run dist-upgrade"}, got.rows())
	assert.Equal(t, "2 upgraded, 1 newly installed, 0 to remove and 0 not upgraded", got.actions[2].Note)
	assert.Equal(t, "1.1 installed", own.version("lab-web"))
	assert.Equal(t, "2 installed", own.version("lab-app"))
	assert.Equal(t, "pass", own.checkLive("--only", "security-updates,package-state").statuses()["security-updates"])
	got = own.clean("upgrade")
	assert.Equal(t, 0, got.code, "a second run")
	assert.Equal(t, "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded", got.actions[1].Note)
}

// TestCleanKeepsConfiguration: dpkg would ask about a file that was changed here and in
// the package, and debconf what it likes.
func TestCleanKeepsConfiguration(t *testing.T) {
	t.Parallel()
	own := debianTree(t)
	d := web()
	d.oldFiles = map[string]string{"/etc/lab-web.conf": "port 1\n", "/etc/lab-own.conf": "a\n"}
	d.files = map[string]string{"/etc/lab-web.conf": "port 2\n", "/etc/lab-own.conf": "b\n"}
	d.script = `[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 9
		if read answer; then exit 8; fi
		if (: </dev/tty) 2>/dev/null; then exit 7; fi`
	own.offer([]deb{d})
	own.write("etc/lab-web.conf", "port 80\n")
	got := own.clean("upgrade")
	require.Equal(t, 0, got.code, got.said)
	assert.Equal(t, "port 80", own.said("cat", "/etc/lab-web.conf"), "what was changed here stays")
	assert.Equal(t, "port 2", own.said("cat", "/etc/lab-web.conf.dpkg-dist"))
	assert.Equal(t, "b", own.said("cat", "/etc/lab-own.conf"), "what was not follows the package")
}

func TestCleanUpgradeThatFails(t *testing.T) {
	t.Parallel()
	failing := web()
	failing.script = "echo a secret; exit 1"
	for name, row := range map[string]struct {
		offer   []deb
		plant   string
		says    string
		rows    []string
		version string
	}{
		"a script fails": {[]deb{failing, {name: "lab-app", have: "1", next: "2", in: "updates", depends: "lab-web (>= 1.1)"}}, "", "package lab-web could not be configured: ",
			[]string{"done run update", "failed run dist-upgrade"}, "1.1 half-configured"},
		"the mirror cannot be reached": {[]deb{web()}, `sed -i 's|file:///srv/repo/debian-security|http://u:hush@127.0.0.1:9/debian-security|' /etc/apt/sources.list.d/debian.sources`,
			"the package index could not be refreshed", []string{"failed run update", "skipped run dist-upgrade"}, "1.0 installed"},
		"the package is gone from the pool": {[]deb{web()}, `rm /srv/repo/debian-security/pool/lab-web*`,
			"Failed to fetch", []string{"done run update", "failed run dist-upgrade"}, "1.0 installed"},
		"apt-get is missing": {[]deb{web()}, `rm /usr/bin/apt-get`, "apt-get: program not found", []string{"failed run update", "skipped run dist-upgrade"}, "1.0 installed"},
		"no signature":       {[]deb{web()}, `rm /srv/repo/debian-security/dists/*/InRelease`, "no signed Release file", []string{"failed run update", "skipped run dist-upgrade"}, "1.0 installed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := debianTree(t)
			own.offer(row.offer)
			own.plant(row.plant)
			got := own.clean("upgrade")
			assert.Equal(t, 3, got.code)
			assert.Contains(t, got.said, row.says)
			assert.Equal(t, row.rows, got.rows())
			assert.Equal(t, row.version, own.version("lab-web"))
			assert.NotContains(t, got.said, "hush")
			assert.NotContains(t, got.said, "secret")
		})
	}
}

// TestCleanRepairs: dpkg was killed while it configured a package.
func TestCleanRepairs(t *testing.T) {
	t.Parallel()
	own := debianTree(t)
	d := deb{name: "lab-web", next: "1.1", in: "security", script: "[ -e /run/second ] && exit 0; : >/run/second; kill -9 $PPID; sleep 1"}
	own.offer([]deb{d})
	own.plant(`dpkg --log=/dev/null -i /srv/repo/debian-security/pool/lab-web_1.1_all.deb || :`)
	require.Equal(t, "1.1 half-configured", own.version("lab-web"))
	got := own.clean("upgrade")
	require.Equal(t, 0, got.code, got.said)
	assert.Equal(t, []string{"done run -a", "done run update", "done run dist-upgrade"}, got.rows())
	assert.Equal(t, "1.1 installed", own.version("lab-web"))
}

func TestCleanWaitsForALock(t *testing.T) {
	t.Parallel()
	for lock, seconds := range map[string]string{"/var/lib/dpkg/lock-frontend": "12", "/var/lib/apt/lists/lock": "20"} { // a sign of life comes every 10 s
		own := debianTree(t)
		own.offer([]deb{web()})
		start := time.Now()
		got := own.cleanHeld(lock, seconds, "upgrade")
		require.Equal(t, 0, got.code, got.said)
		assert.Greater(t, time.Since(start), 10*time.Second)
		assert.Regexp(t, `waiting for `+lock+` by process [0-9]+ \((other-apt|python3)\)`, got.said)
		assert.Equal(t, "1.1 installed", own.version("lab-web"))

		got = own.cleanHeld(lock, "60", "wait,upgrade", "--timeout", "2s")
		assert.Equal(t, 3, got.code)
		assert.Regexp(t, `a package lock is held: `+lock+` by process [0-9]+ \((other-apt|python3)\); waited 2s: let it end, or end it, and run again`, got.said)
		assert.Equal(t, []string{"failed wait the package locks"}, got.rows(), "no stage follows")
	}
}

// cleanHeld cleans while another process of the tree holds the lock for some seconds.
func (own *tree) cleanHeld(lock, seconds, steps string, args ...string) *cleaned {
	own.t.Helper()
	own.write("usr/bin/other-apt", holder)
	own.plant("chmod 755 /usr/bin/other-apt; rm -f /run/held")
	return own.cleanBy(enterCommand(own.root, "", append([]string{"/bin/sh", "-c", whileHeld, "held", lock, seconds}, own.cleanArgv(steps, args...)...)...))
}

// startClean begins to clean, waits until the file is there, and returns the process of
// the cleaner itself.
func (own *tree) startClean(steps, until string) (c *exec.Cmd, stderr *bytes.Buffer) {
	own.t.Helper()
	c = enterCommand(own.root, "", own.cleanArgv(steps)...) // every program of it is replaced by the next
	stderr = &bytes.Buffer{}
	c.Stderr = stderr
	require.NoError(own.t, c.Start())
	require.Eventually(own.t, func() bool {
		_, err := os.Stat(filepath.Join(own.root, until))
		return err == nil
	}, time.Minute, 50*time.Millisecond, "%s", stderr)
	return c, stderr
}

// TestUpgradeInterrupted: dpkg comes to the end of what it is at, and nothing is left
// running; a run that is killed leaves apt-get to its work.
func TestUpgradeInterrupted(t *testing.T) {
	t.Parallel()
	slow := web()
	slow.script = ": >/run/configures; sleep 4; : >/run/configured"
	for name, signal := range map[string]syscall.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM, "SIGKILL": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := debianTree(t)
			own.offer([]deb{slow, {name: "lab-app", have: "1", next: "2", in: "updates", depends: "lab-web (>= 1.1)"}})
			c, stderr := own.startClean("upgrade", "run/configures")
			require.NoError(t, c.Process.Signal(signal))
			start := time.Now()
			require.Error(t, c.Wait())
			if signal == syscall.SIGKILL {
				assert.Less(t, time.Since(start), 2*time.Second)
				require.Eventually(t, func() bool { return own.version("lab-app") == "2 installed" }, 30*time.Second, time.Second)
			} else {
				assert.Less(t, time.Since(start), 20*time.Second)
				assert.Contains(t, stderr.String(), "interrupted by")
				_, err := os.Stat(filepath.Join(own.root, "run/configured"))
				require.NoError(t, err, "the script was cut off")
			}
			assert.Equal(t, "1.1 installed", own.version("lab-web"))
			assert.Empty(t, own.said("dpkg", "--audit"))
			assert.Equal(t, 0, own.clean("upgrade").code, "and the next run is whole")
		})
	}
}

// TestUpgradeInterruptedAtTheRefresh: an apt-get that hangs is not waited for.
func TestUpgradeInterruptedAtTheRefresh(t *testing.T) {
	t.Parallel()
	own := debianTree(t)
	own.write("usr/bin/apt-get", "#!/bin/sh\n: >/run/hangs\nsleep 4321\n")
	own.plant("chmod 755 /usr/bin/apt-get")
	c, _ := own.startClean("upgrade", "run/hangs")
	require.NoError(t, c.Process.Signal(syscall.SIGINT))
	start := time.Now()
	require.Error(t, c.Wait())
	assert.Less(t, time.Since(start), 10*time.Second)
	left, err := exec.Command("sh", "-c", "grep -al 'sleep.432[1]' /proc/[0-9]*/cmdline 2>/dev/null || :").Output()
	require.NoError(t, err)
	assert.Empty(t, strings.TrimSpace(string(left)), "left running")
}
