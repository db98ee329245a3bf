package check

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

func sshFiles() *Check {
	return &Check{
		ID:       "ssh-files",
		Category: "ssh",
		Title:    "Nothing else lies in an .ssh folder",
		Found:    "%d other thing in an .ssh folder|%d other things in .ssh folders",
		Doc: "A configuration, an environment, an rc file that runs at every login, a public key or a copy of authorized_keys tells of the vendor " +
			"and acts on the customer's droplet. Everything in any account's .ssh that the checks of keys and known hosts do not judge is named, " +
			"in sub-folders too; a sub-folder itself only if it is empty, since what is in it is named otherwise. Links to folders are not followed.",
		Script: "img_check.sh warns of the same in root's folder, but passes over hidden files and what is in sub-folders. " +
			"It counts key files other than id_rsa here.",
		Sources:  []string{"https://github.com/digitalocean/marketplace-partners#readme"},
		Remedy:   "Delete what the image does not need: \"rm -r PATH\"",
		Upstream: true,
		Run:      judgeSSHFiles,
	}
}

func judgeSSHFiles(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	files, err := m.SSHFiles(ctx)
	var findings []Finding
	for _, f := range files {
		if f.Role != distro.SSHOther {
			continue
		}
		what := f.Kind
		switch {
		case f.Size > 0:
			what = fmt.Sprintf("%s, %d bytes", f.Kind, f.Size)
		case f.Kind == "file" || f.Kind == "folder":
			what = "empty " + f.Kind
		}
		findings = append(findings, Finding{Level: LevelWarn, Path: f.Path, Message: what})
	}
	return findings, err
}
