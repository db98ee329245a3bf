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

func planSSHKeys(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	keys, err := s.AuthorizedKeysFiles(ctx)
	p.problem(err)
	homes, _ := s.Homes(ctx)    // the error above holds this one
	files, _ := s.SSHFiles(ctx) // and this one
	tops, taken := newTops(homes), map[string]bool{}
	for _, name := range keys {
		at := tops.place(name)
		taken[name] = true
		// To a reviewer an .ssh folder holds nothing but an authorized_keys that is empty.
		if path.Base(path.Dir(name)) == ".ssh" && path.Base(name) != "authorized_keys" {
			p.remove(at)
		} else {
			p.truncate(at)
		}
	}
	for _, f := range files {
		if f.Role == distro.SSHKnownHosts && !taken[f.Path] {
			p.remove(tops.place(f.Path))
		}
	}
	return p.end()
}

// tops are the folders that the links of users are not to lead a change out of: the
// homes, of which there may be many.
type tops map[string]bool

func newTops(homes []distro.Home) tops {
	t := tops{}
	for _, h := range homes {
		if dir := path.Clean("/" + h.Dir); dir != "/" {
			t[dir] = true
		}
	}
	return t
}

// place is the place of a file below the nearest home that it lies in, else in its folder.
func (t tops) place(name string) host.Place {
	for dir := path.Dir(name); dir != "/" && dir != "."; dir = path.Dir(dir) {
		if t[dir] {
			return host.Place{Top: dir, Path: name}
		}
	}
	return host.At(name)
}
