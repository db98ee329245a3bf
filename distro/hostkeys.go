package distro

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// HostKey is a private key of the SSH server.
type HostKey struct {
	Path string
	// Kind is the kind of key that the file holds, empty where only its name says so.
	Kind string
	Size int64 // in bytes
	// Own: it lies elsewhere than cloud-init looks for keys to replace.
	Own bool
}

// HostKeys returns the private keys of the SSH server that exist and are not empty:
// those of OpenSSH's usual names, with copies of them, and those that HostKey in sshd's
// configuration names, sorted by path. What could be read is returned beside an error
// that names what could not.
func (m *Machine) HostKeys(ctx context.Context) ([]HostKey, error) {
	config, err := m.SSHD(ctx)
	problems := []error{err}
	names, err := m.Root.Glob(hostKeyFiles)
	problems = append(problems, err)
	for _, s := range config.All("hostkey") {
		if len(s.Args) > 0 && path.IsAbs(s.Args[0]) {
			names = append(names, path.Clean(s.Args[0]))
		}
	}
	slices.Sort(names)
	var keys []HostKey
	for _, name := range slices.Compact(names) {
		data, _, err := m.Root.ReadHead(name, privateKeyLimit)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, host.ErrNotRegular) {
			continue
		}
		problems = append(problems, err)
		kind := PrivateKeyKind(data)
		if kind != "" || err == nil && len(data) > 0 && !strings.HasSuffix(name, ".pub") {
			keys = append(keys, HostKey{Path: name, Kind: kind, Size: int64(len(data)), Own: !hostKeyFile(name)})
		}
	}
	if err := errors.Join(problems...); err != nil {
		return keys, fmt.Errorf("looking for host keys: %w", err)
	}
	return keys, nil
}

// HostKeyFate is what becomes of the SSH server's keys at a droplet's first boot.
type HostKeyFate struct {
	// ReplacedBy removes the keys of the image so that new ones are made; empty where
	// nothing does, and Kept says why.
	ReplacedBy, Kept string
	// MadeBy makes keys where there are none; empty where nothing does, and NotMade says
	// why.
	MadeBy, NotMade string
}

// HostKeysRenewed reports whether something makes host keys at the first boot where
// there are none, and what it is, or why nothing does.
func (m *Machine) HostKeysRenewed(ctx context.Context) (bool, string, error) {
	fate, err := m.HostKeyFate(ctx)
	if fate.MadeBy != "" {
		return true, fate.MadeBy, nil
	}
	return false, fate.NotMade, err
}

// HostKeyFate finds out what replaces and what makes the SSH server's keys at the
// first boot: cloud-init's module ssh, Red Hat's sshd-keygen, an init script, or a
// script of the image's own. With an error it says less than there is.
func (m *Machine) HostKeyFate(ctx context.Context) (HostKeyFate, error) {
	var fate HostKeyFate
	off, offErr := m.cloudInitOff(ctx)
	config, configErr := m.CloudConfig(ctx)
	fate.byCloudInit(off, config)
	keygen, keygenErr := m.sshdKeygen(ctx, off == "")
	scripts, scriptsErr := m.bootScripts(ctx)
	if fate.MadeBy == "" {
		fate.MadeBy = keygen
	}
	sshd, sshdErr := m.SSHD(ctx)
	if keys := sshd.All("hostkey"); len(keys) > 0 && !slices.ContainsFunc(keys, usualHostKey) {
		fate.MadeBy, fate.NotMade = "", "sshd's configuration names other keys than those that "+cmp.Or(fate.MadeBy, "ssh-keygen -A")+" makes"
	}
	fate.byScripts(scripts)
	if err := errors.Join(offErr, configErr, keygenErr, scriptsErr, sshdErr); err != nil {
		return fate, fmt.Errorf("looking what renews host keys: %w", err)
	}
	return fate, nil
}

func usualHostKey(s SSHDSetting) bool { return len(s.Args) > 0 && hostKeyFile(path.Clean(s.Args[0])) }

// byCloudInit reads the settings of cloud-init's module ssh, as cc_ssh.py does.
func (f *HostKeyFate) byCloudInit(off string, config CloudConfig) {
	if off == "" && !slices.ContainsFunc(cloudModules[:], func(list string) bool {
		modules, _ := config.List(list)
		return slices.ContainsFunc(modules, func(name string) bool { return name == "ssh" || name == "cc_ssh" })
	}) {
		off = "cloud-init's module ssh is not among those that run"
	}
	if off != "" {
		f.Kept, f.NotMade = off, off
		return
	}
	f.ReplacedBy = "cloud-init"
	if !config.Bool("ssh_deletekeys", true) {
		setting, _ := config.Setting("ssh_deletekeys")
		f.ReplacedBy, f.Kept = "", fmt.Sprintf("ssh_deletekeys in %s line %d tells cloud-init to keep it", setting.File, setting.Line)
	}
	types, set := config.List("ssh_genkeytypes")
	if _, given := config.Setting("ssh_keys"); given || !set || len(types) > 0 {
		f.MadeBy = "cloud-init"
		return
	}
	f.NotMade = "ssh_genkeytypes tells cloud-init to make none"
}

var (
	makesHostKeys   = regexp.MustCompile(`(?m)^[^#\n]*\b(ssh-keygen\b[^\n]*(\s-A\b|ssh_host_)|dpkg-reconfigure\b[^\n]*\bopenssh-server)`)
	removesHostKeys = regexp.MustCompile(`(?m)^[^#\n]*\b(rm|find|shred)\b[^\n]*ssh_host_`)
)

func (f *HostKeyFate) byScripts(scripts []bootScript) {
	for _, s := range scripts {
		if f.ReplacedBy == "" && removesHostKeys.MatchString(s.text) {
			f.ReplacedBy = s.path
		}
		if f.MadeBy == "" && makesHostKeys.MatchString(s.text) {
			f.MadeBy = s.path
		}
	}
}
