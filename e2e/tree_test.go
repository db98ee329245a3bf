//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// tree is a test's own copy of a base.
type tree struct {
	base
	t     testing.TB
	root  string // the tree to look at
	upper string // what was changed in it
}

// copyOf lays an empty layer over a base: nothing is copied, and whatever is
// written is seen in upper.
func copyOf(t testing.TB, b base) *tree {
	t.Helper()
	layer, err := binary()
	require.NoError(t, err)
	dir, err := os.MkdirTemp("", "imgcheck-e2e") // t.TempDir has the row's name in it, and a comma ends a mount option
	require.NoError(t, err)
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("removing the test's tree: %v", err)
		}
	})
	own := &tree{base: b, t: t, root: filepath.Join(dir, "root"), upper: filepath.Join(dir, "upper")}
	for _, name := range []string{"root", "upper", "work"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o755))
	}
	options := fmt.Sprintf("lowerdir=%s:%s,upperdir=%s,workdir=%s", layer, b.dir, own.upper, filepath.Join(dir, "work"))
	require.NoError(t, syscall.Mount("overlay", own.root, "overlay", 0, options))
	t.Cleanup(func() {
		if err := syscall.Unmount(own.root, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmounting the test's tree: %v", err)
		}
	})
	return own
}

func debianTree(t testing.TB) *tree {
	t.Helper()
	b, err := debian()
	require.NoError(t, err)
	return copyOf(t, b)
}

func rockyTree(t testing.TB) *tree {
	t.Helper()
	b, err := rocky()
	require.NoError(t, err)
	return copyOf(t, b)
}

// enterScript runs a command by chroot with the kernel's file systems, in a mount
// and a network namespace of its own: nothing is left mounted, and nothing but the
// machine itself can be reached.
const enterScript = `set -eu
tree=$1 keys=$2
shift 2
mount -t proc proc "$tree/proc"
mount --rbind /sys "$tree/sys"
mount --rbind /dev "$tree/dev"
if [ -n "$keys" ]; then mount --bind "$keys" "$tree/mnt"; fi
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C TZ=UTC chroot "$tree" "$@"`

func enterCommand(dir, keys string, argv ...string) *exec.Cmd {
	args := append([]string{"--mount", "--net", "sh", "-c", enterScript, "enter", dir, keys}, argv...)
	return exec.Command("unshare", args...)
}

func enter(dir, keys string, argv ...string) (string, error) {
	out, err := enterCommand(dir, keys, argv...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("inside the tree: %s: %w: %s", argv[0], err, tail(string(out)))
	}
	return string(out), nil
}

// plant runs shell text inside the tree, with the words of prelude.sh and the
// generated keys under /mnt.
func (own *tree) plant(text string) {
	own.t.Helper()
	prelude, err := testdata.ReadFile("testdata/prelude.sh")
	require.NoError(own.t, err)
	_, err = enter(own.root, own.keys, "/bin/sh", "-c", string(prelude)+text)
	require.NoError(own.t, err)
}

// write puts a file into the tree.
func (own *tree) write(name, text string) {
	own.t.Helper()
	file := filepath.Join(own.root, name)
	require.NoError(own.t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(own.t, os.WriteFile(file, []byte(text), 0o644))
}

// checkRoot runs the binary over the tree from outside.
func (own *tree) checkRoot(args ...string) *outcome {
	own.t.Helper()
	argv := append([]string{"check", "--root", own.root, "--format", "json"}, args...)
	layer, err := binary()
	require.NoError(own.t, err)
	return own.finish(exec.Command(filepath.Join(layer, programPath), argv...))
}

// checkLive runs the binary in the tree as on a machine. No service manager runs
// there.
func (own *tree) checkLive(args ...string) *outcome {
	own.t.Helper()
	argv := append([]string{programPath, "check", "--format", "json"}, args...)
	return own.finish(enterCommand(own.root, "", argv...))
}

// finish runs the command and reads its report.
func (own *tree) finish(c *exec.Cmd) *outcome {
	own.t.Helper()
	var stdout, stderr strings.Builder
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	var failure *exec.ExitError
	if err != nil && !errors.As(err, &failure) {
		require.NoError(own.t, err)
	}
	out := &outcome{code: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), usage: c.ProcessState}
	out.read(own.t, own.keys)
	return out
}
