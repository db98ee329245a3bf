//go:build e2e

package e2e

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// changes describes everything that was changed in a tree since it was copied:
// whatever is written lands in the upper layer, so that this is the tree's hash at
// the price of its changes.
func (own *tree) changes() map[string]string {
	own.t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(own.upper, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(own.upper, file)
		if err != nil {
			return err
		}
		all["/"+name], err = describe(file, entry)
		return err
	})
	require.NoError(own.t, err)
	return all
}

func describe(file string, entry fs.DirEntry) (string, error) {
	info, err := entry.Info()
	if err != nil {
		return "", err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", fmt.Errorf("%s: no file system of ours", file)
	}
	text := fmt.Sprintf("%v %d:%d %v", info.Mode(), stat.Uid, stat.Gid, info.ModTime())
	const large = 64 << 20
	switch {
	case info.Mode().IsRegular() && info.Size() < large:
		data, err := os.ReadFile(file)
		return fmt.Sprintf("%s %x", text, sha256.Sum256(data)), err
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(file)
		return text + " " + target, err
	}
	return fmt.Sprintf("%s %d", text, info.Size()), nil
}

// What the package manager's own refresh may write on the live machine.
var refreshWrites = []string{
	"/var/lib/apt/lists", "/var/cache/apt", "/var/cache/dnf", "/var/lib/dnf", "/var/lib/rpm",
	"/run", "/var/lib/dpkg/lock", "/var/cache/yum", "/var/lib/yum", "/var/lib/apt",
}

// assertUntouched fails where a run changed more than it may: nothing with --root.
func assertUntouched(t *testing.T, mode string, before, after map[string]string) {
	t.Helper()
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, name := range names(all) {
		if before[name] == after[name] || mode == "live" && mayRefresh(name) {
			continue
		}
		assert.Failf(t, "the run changed the tree", "%s: %s was %q, is %q", mode, name, before[name], after[name])
	}
}

// mayRefresh reports whether a refresh may change that path. The folders on the
// way there are copied up with it, and keep what they hold. apt's own temporary
// files come and go, which changes the time of /tmp itself.
func mayRefresh(name string) bool {
	if name == "/tmp" {
		return true
	}
	return slices.ContainsFunc(refreshWrites, func(allowed string) bool {
		return name == allowed || strings.HasPrefix(name, allowed+"/") || strings.HasPrefix(allowed, strings.TrimSuffix(name, "/")+"/")
	})
}
