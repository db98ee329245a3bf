package clean

import (
	"context"

	"imgcheck/distro"
)

func privateKeys() *Step {
	return &Step{
		ID:    "private-keys",
		Title: "No private key lies in an .ssh folder",
		Doc: "Removes what the check private-keys finds: private keys of any type and name in the .ssh folders of all accounts, and files that are named like one. " +
			"It is not done by default, as a key may be needed: what it opens should get another one, whoever had a copy of the disk has this.",
		Script: "cleanup.sh does nothing here.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/16",
			"https://github.com/digitalocean/marketplace-partners/issues/49",
		},
		Stages: []Stage{StageSecrets},
		Plan: func(ctx context.Context, s *Scope) ([]*Action, error) {
			p := newPlan(s)
			files, err := s.SSHFiles(ctx)
			p.problem(err)
			homes, _ := s.Homes(ctx) // the error above holds this one
			tops := newTops(homes)
			for _, f := range files {
				p.problem(f.Err)
				if f.Role == distro.SSHPrivateKey {
					p.remove(tops.place(f.Path))
				}
			}
			return p.end()
		},
	}
}
