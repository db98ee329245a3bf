package clean

import (
	"context"
	"path"
	"slices"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func sshKeys() *Step {
	return &Step{
		ID:    "ssh-keys",
		Title: "No key opens an account",
		Doc: "Empties authorized_keys of all accounts and the files elsewhere that AuthorizedKeysFile names, and removes authorized_keys2, " +
			"the other files in .ssh that it names, known_hosts, known_hosts2 and known_hosts.old. " +
			"The connection you are in stays open; another one is not let in. " +
			"Private keys are never removed: the check private-keys fails, and --also private-keys removes them.",
		Script: "cleanup.sh removes root's authorized_keys, and with /etc/ssh/*key* whatever else has \"key\" in its name there.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/43",
			"https://github.com/digitalocean/marketplace-partners#readme",
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
	homes, _ := s.Homes(ctx)    // the error above holds this one
	files, _ := s.SSHFiles(ctx) // and this one
	for _, name := range keys {
		at := host.Place{Top: topOf(homes, name), Path: name}
		// To a reviewer an .ssh folder holds nothing but an authorized_keys that is empty.
		if path.Base(path.Dir(name)) == ".ssh" && path.Base(name) != "authorized_keys" {
			p.remove(at)
		} else {
			p.truncate(at)
		}
	}
	for _, f := range files {
		if f.Role == distro.SSHKnownHosts && !slices.Contains(keys, f.Path) {
			p.remove(host.Place{Top: topOf(homes, f.Path), Path: f.Path})
		}
	}
	return p.end()
}

// topOf returns the home that a file lies in, else its folder: the links of a
// user's home are not to lead a change out of it.
func topOf(homes []distro.Home, name string) string {
	top := path.Dir(name)
	for _, h := range homes {
		if h.Dir != "/" && host.Inside(h.Dir, name) { // the last one is the nearest
			top = h.Dir
		}
	}
	return top
}
