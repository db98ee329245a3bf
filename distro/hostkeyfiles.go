package distro

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// SSHDir is where the SSH server has its configuration and its keys.
const SSHDir = "/etc/ssh"

// RevokedKeys is the file of keys that open nothing. A server that is told to look
// there refuses every key while it is missing.
const RevokedKeys = SSHDir + "/revoked_keys"

// generatedKeys are the names that ssh-keygen gives to host keys, the first of them for
// protocol 1; a CA's public key, or a key of another name, is the vendor's.
var generatedKeys = [...]string{
	SSHDir + "/ssh_host_key", SSHDir + "/ssh_host_key.pub",
	SSHDir + "/ssh_host_*_key", SSHDir + "/ssh_host_*_key.pub", SSHDir + "/ssh_host_*_key-cert.pub",
}

// HostKeyFiles returns the private and public keys and the certificates by which the SSH
// server shows that it is itself, and which are made anew where they are missing, sorted.
func (m *Machine) HostKeyFiles(context.Context) ([]string, error) {
	var files []string
	var problems []error
	for _, pattern := range generatedKeys {
		names, err := m.Root.Glob(pattern)
		files, problems = append(files, names...), append(problems, err)
	}
	slices.Sort(files)
	if err := errors.Join(problems...); err != nil {
		return files, fmt.Errorf("looking for host keys: %w", err)
	}
	return files, nil
}
