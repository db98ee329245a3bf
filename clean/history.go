package clean

import (
	"context"
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
			"A shell that is still open writes its history when it ends.",
		Script: "cleanup.sh empties .bash_history of root and clears the history of its own shell, which has none.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/41",
		},
		Stages:  []Stage{StageSecrets},
		Default: true,
		Plan:    planHistory,
	}
}

func planHistory(ctx context.Context, s *Scope) ([]Action, error) {
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
	return p.end()
}
