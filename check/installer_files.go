package check

import (
	"context"
	"errors"
	"path"
	"strings"

	"imgcheck/distro"
)

func installerFiles() *Check {
	return &Check{
		ID:       "installer-files",
		Category: "leftovers",
		Title:    "Nothing of the installer and the build remains",
		Found:    "%d file of the installer or the build|%d files of the installer or the build",
		Doc: "The answers of Red Hat's installer in /root hold the hash of root's password, the logs in /var/log/installer what was answered, and Ansible's folders in a home the modules it ran with their parameters. " +
			"This program's own reports in /root or a home below /home count too: they say what was wrong with the image. Collections and roles of Ansible do not; Packer's scripts lie in /tmp, where temp-files finds them.",
		Sources: []string{
			"https://libguestfs.org/virt-sysprep.1.html",
			"https://docs.ansible.com/ansible/latest/reference_appendices/config.html#default-remote-tmp",
		},
		Remedy:  "Run \"imgcheck clean --only installer-files\", or delete them: \"rm FILE\"",
		FixedBy: []string{"installer-files"},
		Run:     judgeInstallerFiles,
	}
}

func judgeInstallerFiles(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	var findings []Finding
	found := func(name, message string) {
		findings = append(findings, Finding{Level: LevelWarn, Path: name, Message: message})
	}
	answers, err := filled(m, distro.InstallerFiles()...)
	logs, logsErr := filesBelow(ctx, m, []string{distro.InstallerLogDir})
	residue, residueErr := buildFolders(ctx, m)
	work, workErr := filesBelow(ctx, m, residue)
	reports, reportsErr := m.Reports()
	for _, f := range append(answers, logs...) {
		found(f.Path, "of the installer")
	}
	for _, f := range work {
		found(f.Path, "left by Ansible")
	}
	for _, name := range reports {
		found(name, "a report of this program")
	}
	return findings, looking("for what the installer and the build left", errors.Join(err, logsErr, residueErr, workErr, reportsErr))
}

// buildFolders returns where in the homes the tools that build images work.
func buildFolders(ctx context.Context, m *distro.Machine) ([]string, error) {
	homes, err := m.Homes(ctx)
	var folders []string
	for _, home := range homes {
		for _, below := range distro.BuildResidue() {
			if first, _, _ := strings.Cut(below, "/"); home.Has(first) {
				folders = append(folders, path.Join(home.Dir, below))
			}
		}
	}
	return folders, err
}
