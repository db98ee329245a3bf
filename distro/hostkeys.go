package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"

	"imgcheck/internal/host"
)

// SSHDir is where the SSH server has its configuration and its keys.
const SSHDir = "/etc/ssh"

// RevokedKeys is the file of keys that open nothing. A server that is told to look
// there refuses every key while it is missing.
const RevokedKeys = SSHDir + "/revoked_keys"

// hostKeyFiles are the names that ssh-keygen gives to host keys, the first of them for
// protocol 1; a CA's public key, or a key of another name, is the vendor's.
var hostKeyFiles = [...]string{
	SSHDir + "/ssh_host_key", SSHDir + "/ssh_host_key.pub",
	SSHDir + "/ssh_host_*_key", SSHDir + "/ssh_host_*_key.pub", SSHDir + "/ssh_host_*_key-cert.pub",
}

// HostKeys are the keys by which an SSH server shows that it is itself.
type HostKeys struct {
	// Files are the private keys, the public ones and the certificates, sorted.
	Files []string
	// Maker is what makes new keys on a droplet of the image, empty where nothing does;
	// NoMaker says why then.
	Maker, NoMaker string
}

// HostKeys looks for host keys and for what makes them anew. What could be found is
// returned beside an error; Maker is empty then.
func (m *Machine) HostKeys(ctx context.Context) (HostKeys, error) {
	var k HostKeys
	var problems []error
	for _, pattern := range hostKeyFiles {
		names, err := m.Root.Glob(pattern)
		k.Files, problems = append(k.Files, names...), append(problems, err)
	}
	slices.Sort(k.Files)
	why, err := m.cloudInitKeepsHostKeys(ctx)
	problems = append(problems, err)
	switch unit, unitErr := m.hostKeyUnit(ctx); {
	case why == "" && err == nil:
		k.Maker = cloudInitProgram
	case unitErr != nil:
		problems = append(problems, unitErr)
	case unit != "":
		k.Maker = unit
	}
	if err := errors.Join(problems...); err != nil {
		k.Maker = ""
		return k, fmt.Errorf("looking for what makes host keys: %w", err)
	}
	if k.Maker == "" {
		k.NoMaker = why
	}
	return k, nil
}

// hostKeyUnits make missing keys whenever Red Hat's server starts: older ones by a
// service, newer ones by a service for each type, which a target collects. Debian's
// package makes keys when it is configured, and never again.
var hostKeyUnits = [...]string{"sshd-keygen.target", "sshd-keygen.service"}

// hostKeyTemplate is the service for each type.
const hostKeyTemplate = "/etc/systemd/system/sshd-keygen@.service"

// hostKeyUnit returns the unit that makes host keys, empty where there is none.
func (m *Machine) hostKeyUnit(ctx context.Context) (string, error) {
	if m.Family != FamilyRPM {
		return "", nil
	}
	if to, err := m.Root.Resolve(hostKeyTemplate); err != nil || to == "/dev/null" {
		return "", err
	}
	for _, unit := range hostKeyUnits {
		state, err := m.Units.State(ctx, unit)
		if err != nil {
			return "", err
		}
		if state.Installed && !state.Masked {
			return unit, nil
		}
	}
	return "", nil
}

// The settings by which cloud-init is kept from making host keys.
var (
	keepsHostKeys = regexp.MustCompile(`(?m)^["']?ssh_deletekeys["']?[ \t]*:[ \t]*["']?([A-Za-z0-9]*)`)
	makesNoTypes  = regexp.MustCompile(`(?m)^["']?ssh_genkeytypes["']?[ \t]*:[ \t]*(\[[ \t]*\])?`)
	cloudYes      = regexp.MustCompile(`(?i)^(true|yes|on|1|y)$`)
)

// cloudInitKeepsHostKeys says why cloud-init makes no new host keys on a droplet,
// nothing where it does.
func (m *Machine) cloudInitKeepsHostKeys(ctx context.Context) (string, error) {
	program, err := m.Program(cloudInitProgram)
	switch {
	case err != nil:
		return "", err
	case program == "":
		return "cloud-init, which would make new ones, is not installed", nil
	}
	const disabled = "/etc/cloud/cloud-init.disabled"
	if off, err := m.exists(disabled); off || err != nil {
		return disabled + " switches cloud-init off, which would make new ones", err
	}
	state, err := m.Units.State(ctx, "cloud-init.service")
	if err != nil || state.Masked {
		return "cloud-init, which would make new ones, is masked", err
	}
	return m.cloudConfigKeepsHostKeys()
}

// cloudConfigKeepsHostKeys goes by the settings at the top level of cloud-init's
// files, of which the last one counts.
func (m *Machine) cloudConfigKeepsHostKeys() (string, error) {
	names, err := m.Root.Glob("/etc/cloud/cloud.cfg.d/*.cfg")
	if err != nil {
		return "", err
	}
	why := ""
	for _, name := range append([]string{"/etc/cloud/cloud.cfg"}, names...) {
		data, err := m.Root.ReadFile(name, metadataLimit)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, host.ErrNotRegular) {
			continue
		}
		if err != nil {
			return "", err
		}
		for _, set := range keepsHostKeys.FindAllSubmatch(data, -1) {
			why = ""
			if !cloudYes.Match(set[1]) {
				why = name + " keeps cloud-init from making new ones (ssh_deletekeys)"
			}
		}
		if types := makesNoTypes.FindSubmatch(data); types != nil && len(types[1]) > 0 {
			return name + " keeps cloud-init from making new ones (ssh_genkeytypes)", nil
		}
	}
	return why, nil
}
