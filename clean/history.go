package clean

import (
	"context"
	"fmt"
	"path"
	"strings"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func history() *Step {
	return &Step{
		ID:    "history",
		Title: "No account remembers what was typed",
		Doc: "Removes the histories of shells, languages, database clients, pagers, editors and wget in the homes of all accounts. " +
			"A shell that is open writes its history when it ends, after this step: every one that somebody types into is named, with the way to leave it. " +
			"The one you started this program from is among them.",
		Script: "cleanup.sh empties .bash_history of root and clears the history of its own shell, which has none.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/41",
			"https://github.com/digitalocean/marketplace-partners#readme",
		},
		Stages:  []Stage{StageSecrets},
		Default: true,
		Plan:    planHistory,
	}
}

func planHistory(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	homes, err := s.Homes(ctx)
	p.problem(err)
	for _, home := range homes {
		for _, h := range distro.Histories() {
			if first, _, _ := strings.Cut(h.Path, "/"); home.Has(first) {
				p.remove(host.Place{Top: home.Dir, Path: path.Join(home.Dir, h.Path)})
			}
		}
	}
	if s.Live {
		p.shells(ctx)
	}
	return p.end()
}

// shells warns of the shells that will write their histories again.
func (p *plan) shells(ctx context.Context) {
	shells, err := p.scope.Facts.Shells(ctx)
	p.problem(err)
	if len(shells) == 0 {
		return
	}
	accounts, _ := p.scope.Accounts(ctx) // for names alone
	names := map[int]string{}
	for _, a := range accounts {
		if names[a.UID] == "" {
			names[a.UID] = a.Name
		}
	}
	for _, shell := range shells {
		name := names[shell.UID]
		if name == "" {
			name = fmt.Sprintf("uid %d", shell.UID)
		}
		p.say("a shell of %s is open (%s, process %d, on %s): leave it by kill -9 $$, or run unset HISTFILE in it before you do, else it writes its history again",
			name, shell.Name, shell.PID, shell.Terminal)
	}
}
