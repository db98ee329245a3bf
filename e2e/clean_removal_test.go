//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCleanAgent: an agent with its own installer is gone, and nothing brings it back.
func TestCleanAgent(t *testing.T) {
	t.Parallel()
	own := debianTree(t)
	const installer = "#!/bin/sh\n[ -e /opt/digitalocean/bin/droplet-agent ] || apt-get -qq install -y droplet-agent\n"
	files := map[string]string{
		"/opt/digitalocean/bin/droplet-agent":          "#!/bin/sh\nexec sleep 4321\n",
		"/lib/systemd/system/droplet-agent.service":    "[Service]\nExecStart=/opt/digitalocean/bin/droplet-agent\n",
		"/etc/cron.hourly/droplet-agent":               installer,
		"/etc/apt/sources.list.d/droplet-agent.list":   "",
		"/usr/share/keyrings/droplet-agent-keyring.gp": "",
	}
	own.offer([]deb{
		{name: "droplet-agent", have: "1", next: "2", in: "updates", oldFiles: files, files: files},
		{name: "droplet-agent-keyring", have: "1", next: "1", in: "updates"},
		{name: "droplet-agent-of-mine", have: "1", next: "1", in: "updates"},
	})
	own.plant(`: >/var/log/droplet_agent.update.log; mkdir -p /opt/digitalocean/extra /var/lib/digitalocean/droplet-agent-install
		echo 'application_name="x"' >/var/lib/digitalocean/application.info; unit droplet-agent-update
		printf '#!/bin/sh\napt-get -qq install -y droplet-agent\n' >/etc/cron.daily/droplet-agent-install; chmod 755 /etc/cron.daily/droplet-agent-install`)
	require.Equal(t, "fail", own.checkLive("--only", "do-agent").statuses()["do-agent"])

	got := own.clean("upgrade,do-agent")
	require.Equal(t, 0, got.code, got.said)
	own.plant("run-parts --regex agent /etc/cron.hourly; run-parts --regex agent /etc/cron.daily")
	assert.Equal(t, "pass", own.checkLive("--only", "do-agent").statuses()["do-agent"])
	for _, gone := range []string{"opt/digitalocean", "etc/cron.hourly/droplet-agent", "var/lib/digitalocean/droplet-agent-install", "var/log/droplet_agent.update.log"} {
		assert.NoFileExists(t, filepath.Join(own.root, gone))
	}
	assert.Equal(t, `application_name="x"`, own.said("cat", "/var/lib/digitalocean/application.info"))
	assert.Equal(t, "1 installed", own.version("droplet-agent-of-mine"), "a name that only begins like it")
	assert.NotContains(t, own.said("dpkg", "-l"), "droplet-agent ")
	got = own.clean("do-agent")
	assert.Equal(t, 0, got.code)
	assert.Empty(t, got.actions, "a second run finds nothing")
}

// TestCleanAgentThatIsNeeded stays whole where a package of the vendor's needs it.
func TestCleanAgentThatIsNeeded(t *testing.T) {
	t.Parallel()
	own := debianTree(t)
	own.offer([]deb{{name: "do-agent", have: "1", oldFiles: map[string]string{"/opt/digitalocean/bin/do-agent": "x"}}})
	own.plant(`installed my-app 1; sed -i 's/^Package: my-app$/&\nDepends: do-agent/' /var/lib/dpkg/status`)
	got := own.clean("do-agent")
	require.Equal(t, 0, got.code, got.said)
	require.Len(t, got.actions, 1)
	assert.Equal(t, "other packages would be removed too: my-app", got.actions[0].Note)
	assert.FileExists(t, filepath.Join(own.root, "opt/digitalocean/bin/do-agent"))
}

// TestCleanAutoremove: what came as a dependency goes, a kernel that is needed does not,
// whatever apt's own configuration says of kernels.
func TestCleanAutoremove(t *testing.T) {
	t.Parallel()
	own := debianTree(t)
	running := own.said("uname", "-r")
	kernel := func(release string) deb {
		return deb{name: "linux-image-" + release, have: "1", oldFiles: map[string]string{"/boot/vmlinuz-" + release: "x"}}
	}
	const newest, old = "999.1.0-1-amd64", "5.0.0-1-amd64"
	packages := []deb{
		kernel(running), kernel(newest), kernel(old), kernel("4.0.0-1-amd64"), {name: "lab-unneeded", have: "1"}, {name: "lab-needed", have: "1"},
		{name: "my-kernel", have: "1", oldFiles: map[string]string{"/boot/vmlinuz-999.2.0-1-rt-amd64": "x"}},
	}
	own.offer(packages)
	own.plant(`apt-mark -qq auto $(dpkg-query -W -f '${Package}\n' 'linux-image-*' lab-unneeded) >/dev/null
		echo 'APT::NeverAutoRemove "";' >/etc/apt/apt.conf.d/zz; rm -f /etc/apt/apt.conf.d/01autoremove*`)
	got := own.clean("autoremove")
	require.Equal(t, 0, got.code, got.said)
	left := own.said("sh", "-c", `dpkg-query -W -f '${Package}\n' 'linux-image-*' 'lab-*' my-kernel`)
	assert.ElementsMatch(t, []string{"linux-image-" + running, "linux-image-" + newest, "lab-needed", "my-kernel"}, strings.Fields(left))

	own.plant("apt-mark -qq auto my-kernel >/dev/null")
	got = own.clean("autoremove")
	require.Equal(t, 0, got.code, got.said)
	require.Len(t, got.actions, 1)
	assert.Contains(t, got.actions[0].Note, "refused: it would remove a kernel that is needed: package my-kernel")
	assert.Equal(t, "1 installed", own.version("my-kernel"))
}

// TestCleanPlan: a plan looks, and changes nothing.
func TestCleanPlan(t *testing.T) {
	t.Parallel()
	own := debianTree(t)
	own.offer([]deb{web(), {name: "do-agent", have: "1"}, {name: "lab-unneeded", have: "1"}})
	own.plant(`apt-mark -qq auto lab-unneeded >/dev/null; echo x >/var/cache/apt/archives/lab_1_all.deb`)
	argv := own.cleanArgv("wait,upgrade,autoremove,do-agent,package-cache,quiet", "--dry-run")
	before := own.changes()
	got := own.cleanBy(enterCommand(own.root, "", argv...))
	require.Equal(t, 0, got.code, got.said)
	after := own.changes()
	for _, changed := range []map[string]string{before, after} {
		delete(changed, "/tmp") // apt's own temporary files come and go
	}
	assert.Equal(t, before, after)
	want := []string{"planned run update", "planned run dist-upgrade", "planned run autoremove", "planned run do-agent", "planned remove /var/cache/apt/archives/lab_1_all.deb"}
	assert.Subset(t, got.rows(), want)
}

// TestCleanPackageCache: apt works as before.
func TestCleanPackageCache(t *testing.T) {
	t.Parallel()
	own := debianTree(t)
	own.offer([]deb{web()})
	own.plant(`apt-get update -q >/dev/null; echo x >/var/cache/apt/archives/lab_1_all.deb; echo x >/var/cache/apt/archives/partial/half.deb`)
	require.FileExists(t, filepath.Join(own.root, "var/cache/apt/pkgcache.bin"))
	const owner = "stat -c '%A %U' /var/cache/apt/archives/partial /var/lib/apt/lists/partial"
	before := own.said("sh", "-c", owner)
	got := own.clean("package-cache,apt-lists")
	require.Equal(t, 0, got.code, got.said)
	for _, gone := range []string{"pkgcache.bin", "srcpkgcache.bin", "archives/lab_1_all.deb", "archives/partial/half.deb"} {
		assert.NoFileExists(t, filepath.Join(own.root, "var/cache/apt", gone))
	}
	assert.Equal(t, before, own.said("sh", "-c", owner))
	lists, err := os.ReadDir(filepath.Join(own.root, "var/lib/apt/lists"))
	require.NoError(t, err)
	for _, e := range lists {
		assert.Contains(t, []string{"lock", "partial", "auxfiles"}, e.Name())
	}
	require.Equal(t, 0, own.clean("upgrade").code, "apt makes them again")
	assert.Equal(t, "1.1 installed", own.version("lab-web"))
}
