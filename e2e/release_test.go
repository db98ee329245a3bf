//go:build e2e

package e2e

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// release makes a release of the last commit in a clone at dir.
func release(t *testing.T, dir string, env ...string) string {
	t.Helper()
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	require.NoError(t, command(root, "git", "clone", "-q", ".", dir))
	require.NoError(t, command(dir, "env", append(env, "make", "--no-print-directory", "release", "VERSION=1.2.3")...))
	return filepath.Join(dir, "dist")
}

// Whoever builds a release of the same commit gets the same bytes.
func TestRelease(t *testing.T) {
	one := release(t, filepath.Join(t.TempDir(), "a"))
	other := release(t, filepath.Join(t.TempDir(), "another", "folder"), "TZ=Asia/Tokyo", "LC_ALL=C.UTF-8", "GOFLAGS=-v", "GOAMD64=v3", "GOARCH=arm64")
	sums, err := os.ReadFile(filepath.Join(one, "SHA256SUMS"))
	require.NoError(t, err)
	again, err := os.ReadFile(filepath.Join(other, "SHA256SUMS"))
	require.NoError(t, err)
	assert.Equal(t, string(sums), string(again))
	require.NoError(t, command(one, "sha256sum", "--check", "--strict", "SHA256SUMS"))
	files, err := os.ReadDir(one)
	require.NoError(t, err)
	assert.Equal(t, len(files)-1, strings.Count(string(sums), "\n"), "each file has its sum")

	inside := releasedFiles(t, filepath.Join(one, "imgcheck-1.2.3.tar.gz"))
	for _, name := range []string{
		"bin/imgcheck", "bin/mp-submit", "sbom/imgcheck.cdx.json", "sbom/mp-submit.cdx.json", "completions/imgcheck.bash",
		"completions/mp-submit.zsh", "share/man/man1/imgcheck.1", "share/man/man1/imgcheck-clean.1", "share/man/man1/mp-submit.1", "docs/checks.md", "docs/submit.md", "LICENSE", "THIRD_PARTY.txt", "CHANGELOG.md", "SECURITY.md",
		"docs/packer.md", "packer/build.pkr.hcl", "packer/scripts/090-clean.sh", "packer/fabric/fabfile.py",
		"packer/files/var/lib/cloud/scripts/per-instance/001_onboot",
	} {
		assert.NotEmpty(t, inside[name], name)
	}
	assert.NotContains(t, inside["sbom/imgcheck.cdx.json"], "godo", "the droplet's binary has no client")
	assert.Contains(t, inside["sbom/mp-submit.cdx.json"], "pkg:golang/github.com/digitalocean/godo@")
	for name, text := range inside {
		assert.NotContains(t, text, filepath.Dir(one), "%s names the folder in which it was built", name)
	}
	for _, program := range []string{"imgcheck", "mp-submit"} {
		file := filepath.Join(one, program+"-linux-amd64")
		commit, err := output("..", "git", "rev-parse", "--short=12", "HEAD")
		require.NoError(t, err)
		said, err := output("/", file, "version")
		require.NoError(t, err)
		assert.Equal(t, program+" 1.2.3 ("+strings.TrimSpace(commit)+")\n", said)
		headers, err := output("/", "readelf", "--program-headers", file)
		require.NoError(t, err)
		assert.NotContains(t, headers, "INTERP", "it is static")
	}
}

// releasedFiles returns what a release's tarball holds, by name within its one folder.
func releasedFiles(t *testing.T, name string) map[string]string {
	t.Helper()
	file, err := os.Open(name)
	require.NoError(t, err)
	defer func() { assert.NoError(t, file.Close()) }()
	unzipped, err := gzip.NewReader(file)
	require.NoError(t, err)
	inside := map[string]string{}
	var names []string
	for archive := tar.NewReader(unzipped); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		assert.Zero(t, h.Uid+h.Gid, h.Name)
		assert.Empty(t, h.Uname+h.Gname, h.Name)
		data, err := io.ReadAll(archive)
		require.NoError(t, err)
		names = append(names, h.Name)
		inside[strings.TrimPrefix(h.Name, "imgcheck-1.2.3/")] = string(data)
	}
	inFolders := func(a, b string) int { return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/")) }
	assert.True(t, slices.IsSortedFunc(names, inFolders), "the order is that of the names, folder by folder")
	return inside
}
