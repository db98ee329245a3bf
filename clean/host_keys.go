package clean

import (
	"context"
	"errors"
	"io/fs"
	"path"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func hostKeys() *Step {
	return &Step{
		ID:    "host-keys",
		Title: "Every droplet makes its own host keys",
		Doc: "Removes the host keys of the SSH server, /etc/ssh/ssh_host_*_key with .pub and -cert.pub, as the last thing after the checks: without them nobody can log in. " +
			"It is done only where something makes new ones on a droplet: cloud-init, unless it is switched off or ssh_deletekeys is false, or Red Hat's sshd-keygen. Else they are left, with the reason. " +
			"CA keys, principals and keys of other names are the vendor's and stay. /etc/ssh/revoked_keys is made, empty and with mode 0600, where it is missing: a server that is told to look there lets nobody in without it.",
		Script: "cleanup.sh removes /etc/ssh/*key* in the middle of its work, CA keys and all, and ends there if one is a folder; then it makes revoked_keys.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/pull/85",
			"https://docs.cloud-init.io/en/latest/reference/modules.html#ssh",
		},
		Stages:  []Stage{StageSeal},
		Default: true,
		Plan:    planHostKeys,
	}
}

func planHostKeys(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	files, err := s.HostKeyFiles(ctx)
	p.problem(err)
	renewed, why, err := s.HostKeysRenewed(ctx)
	p.problem(err)
	switch {
	case renewed:
		for _, name := range files {
			p.remove(host.At(name))
		}
	case len(files) > 0 && err == nil:
		p.leave(host.Place{Top: path.Dir(distro.SSHDir), Path: distro.SSHDir}, "its host keys (%d files) are left alone: %s", len(files), why)
	}
	p.revokedKeys()
	return p.end()
}

// revokedKeys plans to make the file where the SSH server is and the file is not.
func (p *plan) revokedKeys() {
	if _, err := p.scope.Root.Stat(distro.SSHDConfigFile); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			p.problem(err)
		}
		return
	}
	at := host.At(distro.RevokedKeys)
	info, err := p.scope.Root.Lstat(at.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.add(Action{Op: OpWrite, At: at, Perm: 0o600, Note: "an empty list of revoked keys"})
	case err != nil:
		p.problem(err)
	case info.IsDir():
		p.leave(at, "a folder where the list of revoked keys is due, left alone")
	}
}
