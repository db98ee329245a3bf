//go:build e2e

package e2e

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/internal/host"
)

// usedMachine plants what a build leaves, beside what the machine itself has.
const usedMachine = `
account app 1000 /srv/app '*'
for home in /root /srv/app; do
  mkdir -p $home/.ssh
  for name in authorized_keys authorized_keys2 known_hosts known_hosts.old; do fill $home/.ssh/$name 300; done
  fill $home/.bash_history 900
  fill $home/.lesshst 90
done
for name in syslog auth.log syslog.1 app/app.log-20261119 app/old.gz journal/0f/system.journal; do fill /var/log/$name 900; done
fill /var/mail/root 90
fill /tmp/.hidden/deep/file 90
fill /var/tmp/file 90
mkfifo /tmp/fifo
ln -s /etc/passwd /tmp/link
ln /etc/passwd /var/tmp/passwd
fill /var/lib/cloud/instances/1/user-data.txt 90
ln -sfn /var/lib/cloud/instances/1 /var/lib/cloud/instance
fill /var/lib/cloud/scripts/per-instance/001_onboot 90
fill /etc/shadow- 90
echo 6c3f9a1e0b7d4f52a8c1d2e3f4051627 >/etc/machine-id
`

// TestStepsChangeWhatTheyPlan: on real trees the default steps do all they plan, change
// nothing that they did not plan, and leave what passes.
func TestStepsChangeWhatTheyPlan(t *testing.T) {
	for name, make := range map[string]func(testing.TB) *tree{"debian": debianTree, "rocky": rockyTree} {
		t.Run(name, func(t *testing.T) {
			own := make(t)
			own.plant(usedMachine)
			before := own.changes()
			done := own.cleanTree()
			for file, is := range own.changes() {
				assert.True(t, before[file] == is || reaches(done, file), "changed though not planned: %s", file)
				delete(before, file)
			}
			for file := range before {
				assert.True(t, reaches(done, file), "gone though not planned: %s", file)
			}
			assert.Empty(t, own.cleanTree(), "done again")

			statuses := own.checkRoot().statuses()
			for _, id := range []string{"log-archives", "log-files", "authorized-keys", "known-hosts", "ssh-files", "shell-history"} {
				assert.Equal(t, "pass", statuses[id], id)
			}
		})
	}
}

// TestStepsLeaveMounts: what is mounted below a folder that is emptied stays, with the
// folders above it; what is mounted at such a folder is the image's and is emptied.
func TestStepsLeaveMounts(t *testing.T) {
	own := debianTree(t)
	for _, at := range []string{"/tmp/build/data", "/var/log/app", "/var/crash/nfs", "/var/tmp"} {
		dir := filepath.Join(own.root, at)
		require.NoError(t, os.MkdirAll(dir, 0o755))
		require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"))
		t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
		own.write(at+"/canary.log", "alive")
	}
	own.write("/tmp/build/file", "x")
	done := own.cleanTree()
	assert.Contains(t, done, "/tmp/build/file")
	assert.Contains(t, done, "/var/tmp/canary.log")
	for _, at := range []string{"/tmp/build/data", "/var/log/app", "/var/crash/nfs"} {
		data, err := os.ReadFile(filepath.Join(own.root, at, "canary.log"))
		require.NoError(t, err)
		assert.Equal(t, "alive", string(data), at)
	}
}

// cleanTree takes the default steps over the tree and returns the paths that they changed.
func (own *tree) cleanTree() []string {
	own.t.Helper()
	h, err := host.OpenTree(own.root)
	require.NoError(own.t, err)
	defer func() { require.NoError(own.t, h.Close()) }()
	steps := slices.DeleteFunc(clean.Catalogue(), func(s *clean.Step) bool { return !s.Default })
	look := func() *clean.Scope {
		return &clean.Scope{Machine: distro.Detect(h, distro.Settings{}), ZeroFill: clean.LeaveSpace}
	}
	c := clean.New(look, steps, &host.Recovery{})
	results := slices.Collect(c.Before(context.Background()))
	results = append(results, slices.Collect(c.Seal(context.Background()))...)
	var done []string
	for _, r := range results {
		assert.False(own.t, r.Failed(), "%s: %v", r.Step.ID, r.Err)
		for _, o := range r.Outcomes {
			if o.Status == clean.Done {
				done = append(done, o.At.Path)
			}
		}
	}
	return done
}

// reaches reports whether a path was changed, or is a folder on the way to one that was:
// the times of those change with it.
func reaches(done []string, name string) bool {
	return slices.ContainsFunc(done, func(changed string) bool {
		return changed == name || path.Dir(changed) == name || strings.HasPrefix(changed, strings.TrimSuffix(name, "/")+"/")
	})
}
