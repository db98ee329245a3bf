//go:build e2e

package e2e

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

const signer = "lab@example.org"

// signing is the folder of a throw-away key, made once and kept with the trees,
// which trust it.
var signing = sync.OnceValues(func() (string, error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "gpg")
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	fresh := dir + ".new"
	err = errors.Join(os.RemoveAll(fresh), os.Mkdir(fresh, 0o700))
	if err != nil {
		return "", err
	}
	err = errors.Join(
		command("/", "gpg", "--homedir", fresh, "--batch", "--passphrase", "", "--quick-gen-key", signer, "ed25519", "sign", "never"),
		command("/", "gpgconf", "--homedir", fresh, "--kill", "gpg-agent"),
	)
	if err != nil {
		return "", err
	}
	return dir, os.Rename(fresh, dir)
})

// sign writes the text with its signature, as apt wants it.
func sign(file, signed string) error {
	dir, err := signing()
	if err != nil {
		return err
	}
	return command("/", "gpg", "--homedir", dir, "--batch", "--yes", "--local-user", signer,
		"--digest-algo", "SHA256", "--clearsign", "--output", signed, file)
}

func publicKey(file string) error {
	dir, err := signing()
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(filepath.Dir(file), 0o755),
		command("/", "gpg", "--homedir", dir, "--batch", "--yes", "--output", file, "--export", signer))
}

// stopSigning ends the agent that gpg left running for our folder.
func stopSigning() error {
	dir, err := signing()
	if err != nil {
		return err
	}
	return command("/", "gpgconf", "--homedir", dir, "--kill", "gpg-agent")
}
