//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dirty plants on a disk all that a build leaves, and all that must survive.
func (d *image) dirty(seed string) marks {
	d.t.Helper()
	d.plant(`account app 1000 /home/app '*'; account svc 990 /srv/svc '*'
		printf 'AuthorizedKeysFile .ssh/authorized_keys .ssh/authorized_keys2 /etc/ssh/authorized_keys.d/%%u\n' >>/etc/ssh/sshd_config
		mkdir -p /opt/build; echo 0123456789abcdef0123456789abcdef >/etc/machine-id`)
	plantSurvivors(d.t, d.root)
	return plantSecrets(d.t, d.root, seed) // last: what is deleted there must not be written over
}

// cleanAll runs a clean as on the machine whose disk this is, with the hostile links
// laid and their mount in place.
func (d *image) cleanAll(args ...string) (code int, stdout, stderr string) {
	d.t.Helper()
	return d.cleanLive("set -e\n"+hostileLinks, append([]string{"--yes", "--force", "--no-upgrade"}, args...)...)
}

// TestCleanLeavesNothingOnTheDisk is what the product is for: of all that was planted
// nothing is found in the raw bytes of the disk, and all that is the vendor's stands.
func TestCleanLeavesNothingOnTheDisk(t *testing.T) {
	for _, kind := range imageKinds() {
		t.Run(kind.name, func(t *testing.T) {
			d := debianImage(t, kind)
			planted := d.dirty(kind.name)
			found := planted.left(t, d.disk.image)
			for name := range secretFiles() {
				require.Contains(t, found, name, "what is planted can be found")
			}
			require.Greater(t, len(found), len(planted)-deletedFiles/2, "what was deleted is still there, most of it")
			before := standing(t, d.root)
			start := time.Now()
			code, stdout, stderr := d.cleanAll()
			t.Logf("cleaned in %s", time.Since(start).Round(100*time.Millisecond))
			require.Equal(t, 0, code, "%s\n%s", stdout, stderr)
			assert.Contains(t, stdout, "Power off now")
			assert.Equal(t, before, standing(t, d.root), "what is the vendor's")
			assert.NoDirExists(t, filepath.Join(d.root, "run/imgcheck"))
			d.sealed()
			left := d.left(planted)
			if kind.fs == "xfs" && !kind.discards {
				assert.Less(t, len(left), 10, "%q", left)
				assert.Contains(t, stdout, "takes no discards", "what cannot be reached is said")
			} else {
				assert.Empty(t, left)
			}
		})
	}
}

// sealed fails where something of the build is still there for a customer to see.
func (d *image) sealed() {
	d.t.Helper()
	for name := range secretFiles() {
		info, err := os.Lstat(filepath.Join(d.root, name))
		if err == nil {
			assert.Zero(d.t, info.Size(), name)
		} else {
			assert.ErrorIs(d.t, err, os.ErrNotExist, name)
		}
	}
	for _, name := range []string{"/tmp/folder", "/tmp/fifo", "/home/app/.histfile", "/home/app/.sh_history", "/var/lib/cloud/instance"} {
		assert.NoFileExists(d.t, filepath.Join(d.root, name))
	}
	id, err := os.ReadFile(filepath.Join(d.root, "etc/machine-id"))
	assert.NoError(d.t, err)
	assert.Empty(d.t, id)
	assert.DirExists(d.t, filepath.Join(d.root, "var/log/journal/0123456789abcdef0123456789abcdef"))
}
