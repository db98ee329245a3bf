package check

import (
	"context"
	"errors"
	"slices"

	"imgcheck/distro"
)

func userPasswords(p Policy) *Check {
	return &Check{
		ID:       "user-passwords",
		Category: "accounts",
		Title:    "No user has a password",
		Found:    "%d user with a password|%d users with a password",
		Doc: "Every customer's droplet would have the same password. Users are the accounts from UID_MIN of login.defs on " +
			"(from 1000 where that is higher), but not nobody and nfsnobody, which system-passwords judges. " +
			"Only `*`, `!` and `!!` in a user's shadow entry are accepted.",
		Script: "img_check.sh judges users in a subshell and loses the result: it prints [FAIL] and exits 0. It passes over a user named centos. " +
			"Like it, we refuse `!*` and a hash behind `!`, which `passwd -l` leaves behind.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/180",
			"https://github.com/digitalocean/marketplace-partners/issues/33",
		},
		Remedy: "Run \"imgcheck clean --only user-passwords\", or \"usermod -p '*' NAME\" for each, or delete the user. " +
			"If people are to log in as that user, create its password at first boot.",
		FixedBy:  []string{"user-passwords"},
		Upstream: true,
		Changed:  p.changedPasswords(),
		Run: func(ctx context.Context, m *distro.Machine) ([]Finding, error) {
			return judgeUserPasswords(ctx, m, p.Passwords)
		},
	}
}

// judgeUserPasswords judges all users but those that are allowed a password, which it
// still tells of.
func judgeUserPasswords(ctx context.Context, m *distro.Machine, allowed []string) ([]Finding, error) {
	accounts, accountsErr := m.Accounts(ctx)
	entries, shadowErr := m.Shadow(ctx)
	users := map[string]bool{}
	for _, a := range accounts {
		users[a.Name] = users[a.Name] || a.Person()
	}
	var findings []Finding
	for _, e := range entries {
		if !users[e.Name] {
			continue
		}
		for _, f := range judgePassword(e) {
			if slices.Contains(allowed, e.Name) {
				f.Level = LevelNote
				f.Message += ", which is allowed"
			}
			findings = append(findings, f)
		}
	}
	return findings, errors.Join(accountsErr, shadowErr)
}
