//go:build e2e

package e2e

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRunParts has the real run-parts say which programs of the greeting it runs.
func TestRunParts(t *testing.T) {
	own := debianTree(t)
	const dir = "etc/update-motd.d"
	for _, name := range strings.Fields("99-one-click 99one 99- 99--a 99-a- 99.foo-bar 99_a-b 99-one.click 99-one_click 99-One-Click 99-x.sh 99-é 99-a.dpkg-old 99-a.dpkg-b 99.sh") {
		own.write(path.Join(dir, name), "#!/bin/sh\n")
		require.NoError(t, os.Chmod(filepath.Join(own.root, dir, name), 0o755))
	}
	listed, err := enter(own.root, "", "run-parts", "--lsbsysinit", "--list", "/"+dir)
	require.NoError(t, err)
	said := strings.Split(own.checkRoot("--only", "motd").said("motd"), "\n")
	entries, err := os.ReadDir(filepath.Join(own.root, dir))
	require.NoError(t, err)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "99") {
			continue
		}
		runs := strings.Contains(listed, "/"+dir+"/"+e.Name()+"\n")
		skipped := false
		for _, line := range said {
			skipped = skipped || strings.Contains(line, "/"+e.Name()+" has a name that run-parts passes over")
		}
		assert.NotEqual(t, runs, skipped, e.Name())
	}
}
