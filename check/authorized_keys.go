package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"imgcheck/distro"
)

const (
	// populated is the size in bytes above which img_check.sh takes files of keys
	// for filled. The shortest line with a key in it has 80.
	populated    = 50
	keyFileLimit = 1 << 20
)

func authorizedKeys() *Check {
	return &Check{
		ID:       "authorized-keys",
		Category: "ssh",
		Title:    "No SSH key opens an account",
		Found:    "%d authorized key|%d authorized keys",
		Doc: "Whoever holds such a key could log in to every customer's droplet. Looked at are .ssh/authorized_keys and authorized_keys2 of every account " +
			"in its home, root's in /root and users' in /home/NAME too, and the files that AuthorizedKeysFile in sshd's configuration names, in Match blocks too. " +
			"A key whose comment begins with packer_ is the one by which Packer itself is logged in: remove it in the last provisioner.",
		Script: "img_check.sh fails on authorized_keys of more than 50 bytes, and prints the keys. A quoting mistake makes it look in root's folder only. " +
			"The 50 bytes stay: a larger file without any readable key fails here too, a smaller one with a key as well.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/43",
			"https://github.com/digitalocean/marketplace-partners/pull/12",
			"https://man.openbsd.org/sshd_config#AuthorizedKeysFile",
		},
		Remedy: "Run \"imgcheck clean --only ssh-keys\", or \"truncate -s 0 FILE\", as the last thing before the snapshot: " +
			"you cannot log in by a key afterwards. Remove AuthorizedKeysFile settings that the image does not need.",
		FixedBy:  []string{"ssh-keys"},
		Upstream: true,
		Run:      judgeAuthorizedKeys,
	}
}

func judgeAuthorizedKeys(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	files, err := m.AuthorizedKeysFiles(ctx)
	problems := []error{err}
	var findings []Finding
	for _, file := range files {
		found, err := judgeKeyFile(m, file)
		if err != nil {
			err = fmt.Errorf("reading authorized keys: %w", err)
		}
		findings, problems = append(findings, found...), append(problems, err)
	}
	return findings, errors.Join(problems...)
}

func judgeKeyFile(m *distro.Machine, file string) ([]Finding, error) {
	data, whole, err := m.Root.ReadHead(file, keyFileLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return []Finding{{Level: LevelWarn, Path: file, Message: "is a link that leads to nothing here"}}, nil
	}
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for _, key := range distro.ParseAuthorizedKeys(data) {
		findings = append(findings, Finding{Level: LevelFail, Path: file, Line: key.Line, Message: describeKey(key)})
	}
	switch {
	case !whole:
		findings = append(findings, Finding{Level: LevelFail, Path: file, Message: "over 1 MiB; the rest of it was not read"})
	case len(findings) == 0 && len(data) > populated:
		findings = append(findings, Finding{
			Level: LevelFail, Path: file,
			Message: fmt.Sprintf("%d bytes without a readable key; over %d, img_check.sh takes the file for filled", len(data), populated),
		})
	}
	return findings, nil
}

// describeKey names a key by type, fingerprint and comment.
func describeKey(key distro.AuthorizedKey) string {
	text := key.Type + " " + key.Fingerprint
	if key.CertAuthority {
		text = "certificate authority " + text
	}
	if key.Comment != "" {
		text += " " + key.Comment
	}
	if strings.HasPrefix(key.Comment, "packer_") {
		text += ", Packer's own temporary key"
	}
	return text
}
