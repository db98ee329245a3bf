package clean

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

const (
	aptUpgrade = "run DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1 NEEDRESTART_MODE=a " +
		"apt-get -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "
	summary = "0 upgraded, 0 newly installed, 9 to remove and 0 not upgraded.\n"
)

func TestUpgradePlan(t *testing.T) {
	t.Parallel()
	rows, err := newLab(t, "ubuntu-24.04", "").plan(stepNamed(t, "upgrade"))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"run DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1 NEEDRESTART_MODE=a " +
			"apt-get -o APT::Update::Error-Mode=any update (fetches the package index)",
		aptUpgrade + "dist-upgrade (brings all packages up to date; configuration that was changed here stays)",
	}, rows)
	lab := newLab(t, "rocky-9", "")
	lab.says("dnf", "")
	rows, err = lab.plan(stepNamed(t, "upgrade"))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"run dnf -y --setopt=exit_on_lock=1 '--setopt=*.skip_if_unavailable=0' --refresh makecache (fetches the package index)",
		"run dnf -y --setopt=exit_on_lock=1 '--setopt=*.skip_if_unavailable=0' upgrade (brings all packages up to date)",
	}, rows)
	_, err = newLab(t, "alpine-3.20", "").plan(stepNamed(t, "upgrade"))
	require.ErrorIs(t, err, distro.ErrNoManager)
}

func TestUpgrade(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "")
	lab.says("apt-get update", "")
	lab.says("apt-get dist-upgrade", "1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n")
	rows, err := lab.clean(upgrade())
	require.NoError(t, err)
	assert.Equal(t, []string{"apt-get update", "apt-get dist-upgrade"}, lab.calls)
	assert.Contains(t, rows[1], "(1 upgraded, 0 newly installed, 0 to remove and 0 not upgraded)")
}

// TestUpgradeStopsAtTheRefresh: what an old index knows is not up to date.
func TestUpgradeStopsAtTheRefresh(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "-- root/.bash_history --\nx\n")
	lab.programs = append(lab.programs, program{words: "apt-get update", out: host.Output{
		Stderr: []byte("W: Failed to fetch http://u:hush@a/dists/x/InRelease  Could not connect\n"), // and exit 0
	}})
	rows, err := lab.clean(upgrade(), history())
	require.ErrorIs(t, err, distro.ErrRefresh)
	assert.NotContains(t, err.Error(), "hush")
	assert.Equal(t, []string{"apt-get update"}, lab.calls)
	require.Len(t, rows, 2)
	assert.Regexp(t, "^skipped run .* dist-upgrade ", rows[1])
	assert.True(t, lab.there("root/.bash_history"), "the stages that follow do not run")
}

// TestUpgradeThatDoesNotStart: a program that is not there is no file that is gone.
func TestUpgradeThatDoesNotStart(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "")
	lab.programs = append(lab.programs, program{words: "apt-get", err: &fs.PathError{Op: "fork/exec", Path: "/usr/bin/apt-get", Err: fs.ErrNotExist}})
	rows, err := lab.clean(upgrade())
	require.Error(t, err)
	assert.Regexp(t, "^failed run ", rows[0])
}

func TestUpgradeNamesThePackage(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "")
	lab.says("apt-get update", "")
	lab.fails("apt-get dist-upgrade", "dpkg: error processing package lab-web (--configure):\n exit status 1\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n")
	_, err := lab.clean(upgrade())
	require.EqualError(t, err, "apt-get: package lab-web could not be configured: exit status 1")
}

func TestAutoremove(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "")
	lab.says("apt-get -s autoremove", summary+"Purg lab-old [1]\nPurg linux-image-6.8.0-49-generic [1]\n")
	rows, err := lab.plan(autoremove())
	require.NoError(t, err)
	require.Len(t, rows, 1)
	assert.Contains(t, rows[0], "--purge autoremove (removes packages that nothing needs any more: lab-old, linux-image-6.8.0-49-generic)")

	lab = newLab(t, "ubuntu-24.04", "")
	lab.says("apt-get -s autoremove", summary+"Purg linux-image-6.8.0-51-generic [1]\n")
	rows, err = lab.clean(autoremove())
	require.NoError(t, err)
	assert.Equal(t, []string{"skipped leave  (refused: it would remove a kernel that is needed: package linux-image-6.8.0-51-generic)"}, rows)
	assert.Equal(t, []string{"apt-get -s autoremove"}, lab.calls)

	lab = newLab(t, "ubuntu-24.04", "")
	lab.says("apt-get -s autoremove", summary)
	rows, err = lab.plan(autoremove())
	require.NoError(t, err)
	assert.Empty(t, rows)
}

// TestPlansAreEmptyElsewhere: nothing is stopped or waited for where nothing runs.
func TestPlansAreEmptyElsewhere(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "")
	lab.units.absent = true
	for id, want := range map[string][]string{"quiet": nil, "wait": {"wait the package locks (at most 300ms)"}, "package-cache": nil, "apt-lists": nil} {
		if id == "apt-lists" {
			require.NoError(t, os.RemoveAll(filepath.Join(lab.root, "var/lib/apt/lists")))
		}
		rows, err := lab.plan(stepNamed(t, id))
		require.NoError(t, err, id)
		assert.Equal(t, want, rows, id)
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	lab := newLab(t, "ubuntu-24.04", "")
	lab.programs = []program{{words: "cloud-init status", out: host.Output{Stdout: []byte("status: done\n"), ExitCode: 2}}}
	rows, err := lab.clean(wait())
	require.NoError(t, err, "a cloud-init that ended badly stops nothing")
	assert.Equal(t, []string{
		"done wait cloud-init (cloud-init finished with warnings (cloud-init status --long))",
		"done wait the package locks (at most 300ms)",
	}, rows)
}

func TestWaitNamesTheHolder(t *testing.T) {
	t.Parallel()
	pid := strconv.Itoa(os.Getpid())
	lab := newLab(t, "rocky-9", "-- var/cache/dnf/metadata_lock.pid --\n"+pid+"\n-- proc/"+pid+"/stat --\n")
	lab.units.absent = true
	_, err := lab.clean(wait())
	require.ErrorIs(t, err, distro.ErrLocked)
	assert.ErrorContains(t, err, "/var/cache/dnf/metadata_lock.pid by process "+pid+" (packagekitd); waited 300ms: let it end")
}
