package clean

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const cached = `
-- var/cache/apt/archives/lab_1_all.deb --
deb
-- var/cache/apt/archives/linked.deb link=/srv/canary --
-- var/cache/apt/archives/folder.deb/x --
-- var/cache/apt/archives/lock --
-- var/cache/apt/archives/readme --
-- var/cache/apt/archives/partial/half.deb --
x
-- var/cache/apt/pkgcache.bin --
x
-- var/cache/apt/pkgcache.bin.kMiHPw --
x
-- var/cache/apt/mine.bin.txt --
-- var/cache/dnf/baseos-0123/packages/a.rpm --
x
-- var/cache/dnf/baseos-0123/repodata link=/srv --
-- var/cache/dnf/baseos.solv --
x
-- var/cache/dnf/metadata_lock.pid --
-- var/cache/yum link=/srv/yum --
-- srv/yum/x86_64/a.rpm --
x
-- var/lib/snapd/snaps/core.snap --
snap
-- var/lib/snapd/cache/0123 hardlink=var/lib/snapd/snaps/core.snap --
-- var/cache/PackageKit --
a file
-- srv/canary --
`

func TestPackageCache(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "debian-12", cached)
	rows, err := lab.plan(packageCache())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"wait the package locks (at most 300ms)",
		"leave /var/cache/apt/archives/folder.deb (a folder, left alone)",
		"remove /var/cache/apt/archives/lab_1_all.deb",
		"unlink /var/cache/apt/archives/linked.deb (a link, whose target stays)",
		"remove /var/cache/apt/archives/partial/half.deb",
		"remove /var/cache/apt/pkgcache.bin",
		"remove /var/cache/apt/pkgcache.bin.kMiHPw",
		"remove /var/cache/dnf/baseos-0123/packages/a.rpm",
		"unlink /var/cache/dnf/baseos-0123/repodata (a link, whose target stays)",
		"remove-folder /var/cache/dnf/baseos-0123/packages",
		"remove-folder /var/cache/dnf/baseos-0123",
		"remove /var/cache/dnf/baseos.solv",
		"remove /var/cache/yum/x86_64/a.rpm",
		"remove-folder /var/cache/yum/x86_64",
		"leave /var/cache/PackageKit (no folder, left alone)",
		"unlink /var/lib/snapd/cache/0123 (a file with other names, which keep what it holds)",
	}, rows)
	_, err = lab.clean(packageCache())
	require.NoError(t, err)
	for _, stays := range []string{
		"srv/canary", "var/lib/snapd/snaps/core.snap", "var/cache/apt/archives/lock", "var/cache/apt/archives/readme", "var/cache/apt/mine.bin.txt",
		"var/cache/apt/archives/partial", "var/cache/dnf/metadata_lock.pid", "srv/yum", "var/lib/apt/lists",
	} {
		assert.True(t, lab.there(stays), stays)
	}
	rows, err = lab.plan(packageCache())
	require.NoError(t, err)
	assert.Equal(t, []string{
		"wait the package locks (at most 300ms)", "leave /var/cache/apt/archives/folder.deb (a folder, left alone)",
		"leave /var/cache/PackageKit (no folder, left alone)",
	}, rows, "a second run finds nothing")
}

// TestPackageCacheOfATree needs no running machine.
func TestPackageCacheOfATree(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "debian-12", cached)
	lab.host.Live = false
	rows, err := lab.clean(packageCache())
	require.NoError(t, err)
	assert.Contains(t, rows, "done remove /var/cache/apt/archives/lab_1_all.deb")
	assert.NotContains(t, rows[0], "wait")
}

func TestAptLists(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "-- var/lib/apt/lists/lock --\n-- var/lib/apt/lists/partial/x --\nx\n-- var/lib/apt/lists/auxfiles/y --\ny\n")
	rows, err := lab.plan(aptLists())
	require.NoError(t, err)
	assert.Contains(t, rows, "remove /var/lib/apt/lists/mirrors.digitalocean.com_ubuntu_dists_noble_InRelease")
	assert.Contains(t, rows, "remove /var/lib/apt/lists/partial/x")
	for r := range New(lab.scope, []*Step{aptLists()}, lab.recovery).Seal(t.Context()) {
		require.False(t, r.Failed(), r.Err)
	}
	for name, stays := range map[string]bool{"lock": true, "partial": true, "auxfiles": true, "auxfiles/y": false, "mirrors.digitalocean.com_ubuntu_dists_noble_InRelease": false} {
		assert.Equal(t, stays, lab.there("var/lib/apt/lists/"+name), name)
	}
}
