package clean

import (
	"context"
	"path"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func sshKeys() *Step {
	return &Step{
		ID:    "ssh-keys",
		Title: "No key opens an account",
		Doc: "Empties authorized_keys, authorized_keys2, the files that AuthorizedKeysFile names, and known_hosts, of all accounts. " +
			"The connection you are in stays open. Private keys are never removed: the check private-keys fails, and --also private-keys removes them.",
		Script: "cleanup.sh removes root's authorized_keys, and with /etc/ssh/*key* whatever else has \"key\" in its name.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/43",
		},
		Stages:  []Stage{StageSecrets},
		Default: true,
		Plan:    planSSHKeys,
	}
}

func planSSHKeys(ctx context.Context, s *Scope) ([]Action, error) {
	p := newPlan(s)
	keys, err := s.AuthorizedKeysFiles(ctx)
	p.problem(err)
	homes, err := s.Homes(ctx)
	p.problem(err)
	for _, name := range keys {
		p.truncate(host.Place{Top: topOf(homes, name), Path: name})
	}
	files, err := s.SSHFiles(ctx)
	p.problem(err)
	for _, f := range files {
		if f.Role == distro.SSHKnownHosts {
			p.truncate(host.Place{Top: topOf(homes, f.Path), Path: f.Path})
		}
	}
	return p.end()
}

// topOf returns the home that a file lies in, else its folder: the links of a
// user's home are not to lead a change out of it.
func topOf(homes []distro.Home, name string) string {
	top := path.Dir(name)
	for _, h := range homes {
		if host.Inside(h.Dir, name) {
			top = h.Dir
		}
	}
	return top
}
