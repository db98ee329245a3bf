//go:build e2e

package e2e

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// deb is a tiny package of a row: the version that is installed, and the newer
// one that a suite offers.
type deb struct {
	name, have, next string
	in               string // suite, by the names of suites
	depends          string // of the newer version
	fields           string // further lines of the newer version

	// files are what the newer version holds, and oldFiles the installed one; those in
	// /etc are conffiles. script is the newer version's postinst.
	files, oldFiles map[string]string
	script          string
}

// offer installs the packages and publishes their newer versions in the tree.
func (own *tree) offer(debs []deb) {
	own.t.Helper()
	if len(debs) == 0 {
		return
	}
	offers := map[string]string{}
	for _, d := range debs {
		if d.have != "" {
			own.install(d)
		}
		if d.next != "" {
			offers[d.in] += own.stanza(d)
		}
	}
	for name, added := range offers {
		s, known := suites[name]
		require.True(own.t, known, "no suite is called %q", name)
		index, err := s.index(own.root)
		require.NoError(own.t, err)
		require.NoError(own.t, s.publish(own.root, index+added))
		if name == "foreign" {
			own.write("etc/apt/sources.list.d/vendor.list",
				fmt.Sprintf("deb [signed-by=/%s] file:///srv/repo/%s %s main\n", keyringFile, s.folder, s.name))
		}
	}
}

func (d deb) control(version string) string {
	depends := ""
	if d.depends != "" && version == d.next {
		depends = "Depends: " + d.depends + "\n"
	}
	return fmt.Sprintf("Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: Lab <lab@example.org>\n%s"+
		"Section: misc\nPriority: optional\nDescription: a tiny package\n", d.name, version, depends)
}

// pack builds the .deb of a version and returns its path.
func (own *tree) pack(d deb, version string) string {
	own.t.Helper()
	dir := filepath.Join(own.t.TempDir(), d.name)
	require.NoError(own.t, os.MkdirAll(filepath.Join(dir, "DEBIAN"), 0o755))
	require.NoError(own.t, os.WriteFile(filepath.Join(dir, "DEBIAN/control"), []byte(d.control(version)), 0o644))
	d.fill(own.t, dir, version)
	file := dir + ".deb"
	require.NoError(own.t, command("/", "dpkg-deb", "--root-owner-group", "-Znone", "--build", dir, file))
	return file
}

// fill lays what the version is made of beside its control file.
func (d deb) fill(t testing.TB, dir, version string) {
	t.Helper()
	files, script := d.oldFiles, ""
	if version == d.next {
		files, script = d.files, d.script
	}
	conffiles := ""
	for name, text := range files {
		if strings.HasPrefix(name, "/etc/") {
			conffiles += name + "\n"
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755))
	}
	if conffiles != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "DEBIAN/conffiles"), []byte(conffiles), 0o644))
	}
	if script != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "DEBIAN/postinst"), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
}

// install puts the older version in with the real dpkg, which leaves no log.
func (own *tree) install(d deb) {
	own.t.Helper()
	data, err := os.ReadFile(own.pack(d, d.have))
	require.NoError(own.t, err)
	own.write("run/"+d.name+".deb", string(data))
	_, err = enter(own.root, "", "dpkg", "--log=/dev/null", "-i", "/run/"+d.name+".deb")
	require.NoError(own.t, err)
	require.NoError(own.t, os.Remove(filepath.Join(own.root, "run", d.name+".deb")))
}

// stanza is the newer version's entry in an index; the package lies in the pool.
func (own *tree) stanza(d deb) string {
	own.t.Helper()
	data, err := os.ReadFile(own.pack(d, d.next))
	require.NoError(own.t, err)
	name := fmt.Sprintf("pool/%s_%s_all.deb", d.name, d.next)
	own.write(filepath.Join("srv/repo", suites[d.in].folder, name), string(data))
	return fmt.Sprintf("%sFilename: %s\nSize: %d\nSHA256: %x\n%s\n", d.control(d.next), name, len(data), sha256.Sum256(data), d.fields)
}

// refresh fetches the indexes with the tree's own apt: what --root then reads.
func (own *tree) refresh() {
	own.t.Helper()
	_, err := enter(own.root, "", "apt-get", "update", "-q")
	require.NoError(own.t, err)
}

// names returns the sorted keys of a set of statuses.
func names(statuses map[string]string) []string {
	all := make([]string, 0, len(statuses))
	for id := range statuses {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}
