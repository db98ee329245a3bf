//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// advisory is one entry of a repository's updateinfo.
type advisory struct {
	id, kind, severity string
	name, version      string // the package that solves it
}

const repoDir = "srv/repo/baseos"

// buildPool builds the rpm packages that the tree is made of, and the tiny ones
// that the tests publish.
func buildPool(root string) error {
	pool := filepath.Join(root, "srv/pool")
	errs := []error{os.MkdirAll(filepath.Join(root, repoDir), 0o755), rpmbuild("base.spec", filepath.Join(pool, "base"))}
	for _, name := range []string{"lab-web", "lab-lib", "mod_security"} {
		for _, version := range []string{"1.0", "1.1"} {
			errs = append(errs, rpmbuild("update.spec", pool,
				"--define", "lab_name "+name, "--define", "lab_version "+version))
		}
	}
	return errors.Join(errs...)
}

// rpmbuild builds a spec of testdata; its packages lie in the folder then.
func rpmbuild(spec, into string, defines ...string) error {
	text, err := testdata.ReadFile("testdata/" + spec)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "rpmbuild")
	if err != nil {
		return err
	}
	args := append([]string{"-bb", "--quiet", "--define", "_topdir " + work, "--define", "_rpmdir " + into,
		"--define", "_rpmfilename %%{NAME}-%%{VERSION}.rpm", "--define", "__os_install_post %{nil}"}, defines...)
	err = errors.Join(
		os.MkdirAll(into, 0o755),
		os.WriteFile(filepath.Join(work, spec), text, 0o600),
		command(work, "rpmbuild", append(args, filepath.Join(work, spec))...),
	)
	return errors.Join(err, os.RemoveAll(work))
}

// indexRPMs makes the repository's metadata of what lies in its folder; without
// advisories it publishes no updateinfo at all, as CentOS does.
func indexRPMs(root string, advisories []advisory) error {
	repo := filepath.Join(root, repoDir)
	err := errors.Join(os.RemoveAll(filepath.Join(repo, "repodata")), command("/", "createrepo_c", "--quiet", repo))
	if err != nil || len(advisories) == 0 {
		return err
	}
	file := filepath.Join(repo, "updateinfo.xml")
	return errors.Join(
		os.WriteFile(file, []byte(updateinfo(advisories)), 0o644),
		command("/", "modifyrepo_c", file, filepath.Join(repo, "repodata")),
		os.Remove(file),
	)
}

func updateinfo(advisories []advisory) string {
	var xml strings.Builder
	xml.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<updates>\n")
	for _, a := range advisories {
		fmt.Fprintf(&xml, `<update from="lab@example.org" status="final" type="%s" version="1">
<id>%s</id><title>%s</title><severity>%s</severity><release>9</release>
<issued date="2026-01-01 00:00:00"/><updated date="2026-01-01 00:00:00"/><description>x</description>
<pkglist><collection short="baseos"><name>baseos</name>
<package name="%s" version="%s" release="1.el9" epoch="0" arch="noarch" src="%s.src.rpm"><filename>%s-%s.rpm</filename></package>
</collection></pkglist></update>
`, a.kind, a.id, a.id, a.severity, a.name, a.version, a.name, a.name, a.version)
	}
	xml.WriteString("</updates>\n")
	return xml.String()
}
