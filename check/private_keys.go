package check

import (
	"context"
	"errors"
	"fmt"

	"imgcheck/distro"
)

func privateKeys() *Check {
	return &Check{
		ID:       "private-keys",
		Category: "ssh",
		Title:    "No private key lies in an .ssh folder",
		Found:    "%d private key|%d private keys",
		Doc: "A private key of the vendor's would be handed to every customer, and with it whatever it opens. Keys are recognised by content, whatever their name: " +
			"OpenSSH, PEM, PKCS#8 (encrypted ones too), PuTTY, ssh.com and PGP, in the first MiB of each file in any account's .ssh and its sub-folders. " +
			"A file named id_rsa, id_ecdsa, id_ed25519 or id_dsa that is not empty fails whatever it holds.",
		Script: "img_check.sh knows id_rsa only, looks in root's folder only, and prints the key. An empty one is a warning there and here.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/16",
			"https://github.com/digitalocean/marketplace-partners/issues/49",
		},
		Remedy: "Run \"imgcheck clean --only private-keys\", or delete the file. If what it opens matters, replace the key there: " +
			"whoever had a copy of the disk has it. Create keys at first boot instead.",
		FixedBy:  []string{"private-keys"},
		Upstream: true,
		Run:      judgePrivateKeys,
	}
}

func judgePrivateKeys(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	files, err := m.SSHFiles(ctx)
	problems := []error{err}
	var findings []Finding
	for _, f := range files {
		problems = append(problems, f.Err)
		switch {
		case f.PrivateKey != "":
			findings = append(findings, Finding{
				Level: LevelFail, Path: f.Path, Message: fmt.Sprintf("%s, %d bytes", f.PrivateKey, f.Size),
			})
		case f.Role != distro.SSHPrivateKey:
		case f.Size > 0:
			findings = append(findings, Finding{
				Level: LevelFail, Path: f.Path, Message: fmt.Sprintf("%d bytes under the name of a private key", f.Size),
			})
		default:
			findings = append(findings, Finding{Level: LevelWarn, Path: f.Path, Message: "empty file under the name of a private key"})
		}
	}
	return findings, errors.Join(problems...)
}
