package check

import (
	"context"
	"errors"

	"imgcheck/distro"
)

func rootPassword() *Check {
	return &Check{
		ID:       "root-password",
		Category: "accounts",
		Title:    "root has no password",
		Found:    "%d problem with root's password|%d problems with root's password",
		Doc: "Every customer's droplet would have the same root password, and whoever has the image has its hash. " +
			"Only `*`, `!` and `!!` in root's shadow entry are accepted; DigitalOcean sets a password or a key when a droplet is made.",
		Script: "img_check.sh reports each of these alike as \"has a password set\". It refuses what `passwd -l` leaves behind (`!*`, a hash behind `!`) " +
			"though no password opens such an account; so do we, as it is what the reviewer sees. No line for root at all gives no verdict there and a warning here.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/180",
			"https://github.com/digitalocean/marketplace-partners/issues/54",
		},
		Remedy:   "Run \"imgcheck clean --only root-password\", or: \"usermod -p '*' root\"",
		FixedBy:  []string{"root-password"},
		Upstream: true,
		Run:      judgeRootPassword,
	}
}

func judgeRootPassword(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	entries, shadowErr := m.Shadow(ctx)
	if len(entries) == 0 && shadowErr != nil {
		return nil, shadowErr
	}
	// Whether shadow is asked at all stands in passwd.
	accounts, err := m.Accounts(ctx)
	var problems []error
	if len(accounts) == 0 {
		problems = append(problems, err)
	}
	var findings []Finding
	present := false
	for _, e := range entries {
		if e.Name != "root" {
			continue
		}
		present = true
		findings = append(findings, judgePassword(e)...)
		problems = append(problems, e.Err)
	}
	if !present {
		findings = []Finding{{Level: LevelWarn, Path: distro.Shadow, Message: "root has no line there"}}
		problems = append(problems, shadowErr) // a line that cannot be read may be root's
	}
	return findings, errors.Join(problems...)
}

// judgePassword is the rule for an account that a person may use.
func judgePassword(e distro.ShadowEntry) []Finding {
	var what string
	switch e.Password {
	case distro.PasswordNone:
		return nil
	case distro.PasswordEmpty:
		what = "has an empty password: nobody is asked for one"
	case distro.PasswordLockedHash:
		what = "has a locked password, but its hash would be in the image"
	case distro.PasswordLocked:
		what = "is locked, but not by *, ! or !!, the only values that img_check.sh takes"
	default:
		what = "has a password"
	}
	return []Finding{{Level: LevelFail, Path: distro.Shadow, Line: e.Line, Message: e.Name + " " + what}}
}
