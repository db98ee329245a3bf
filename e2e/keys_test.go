//go:build e2e

package e2e

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// keyFiles makes the key pairs that planted scripts find under /mnt: secrets are
// made when they are needed and are in no repository.
func keyFiles(cache string) (string, error) {
	dir := filepath.Join(cache, "keys")
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	fresh := dir + ".unfinished"
	if err := errors.Join(os.RemoveAll(fresh), os.Mkdir(fresh, 0o755)); err != nil {
		return "", err
	}
	for _, kind := range []string{"ed25519", "ecdsa", "rsa"} {
		if err := command(fresh, "ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "deploy@ci", "-f", kind); err != nil {
			return "", err
		}
	}
	err := errors.Join(
		command(fresh, "ssh-keygen", "-q", "-t", "ed25519", "-N", "a passphrase", "-C", "locked", "-f", "encrypted"),
		command(fresh, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "packer_0123456789abcdef", "-f", "packer"),
		command(fresh, "openssl", "genpkey", "-algorithm", "RSA", "-out", "pkcs8"),
		command(fresh, "openssl", "rsa", "-in", "pkcs8", "-traditional", "-out", "pem"),
		puttyKey(filepath.Join(fresh, "putty")),
	)
	if err != nil {
		return "", err
	}
	return dir, os.Rename(fresh, dir)
}

// puttyKey writes the shape of PuTTY's format; no Debian machine needs PuTTY for it.
func puttyKey(file string) error {
	text := "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: laptop\nPublic-Lines: 1\n" +
		strings.Repeat("QUFB", 16) + "\nPrivate-Lines: 1\n" + strings.Repeat("UExBTlRFRA==", 3) + "\nPrivate-MAC: 00\n"
	return os.WriteFile(file, []byte(text), 0o600)
}

// secretsOf returns the lines of the planted private keys, and the planted hash:
// no report may ever hold one of them.
func secretsOf(dir string) ([]string, error) {
	secrets := []string{"PlantedPlanted", "UExBTlRFRA=="}
	for _, name := range []string{"ed25519", "ecdsa", "rsa", "encrypted", "packer", "pkcs8", "pem"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); len(line) > 40 && !strings.HasPrefix(line, "-----") {
				secrets = append(secrets, line)
			}
		}
	}
	return secrets, nil
}
