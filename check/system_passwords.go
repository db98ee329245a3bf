package check

import (
	"context"
	"errors"

	"imgcheck/distro"
)

func systemPasswords() *Check {
	return &Check{
		ID:       "system-passwords",
		Category: "accounts",
		Title:    "No system account has a password",
		Found:    "%d problem with passwords|%d problems with passwords",
		Doc: "A system account with a password, or with an empty one, is a way into every customer's droplet that nobody looks at. " +
			"/etc/passwd must hold no password of any account: everybody can read it. " +
			"A hash that opens nothing (locked, or of an account that is gone) and an account without a line in shadow are warnings.",
		Sources: []string{"https://github.com/digitalocean/marketplace-partners#readme"},
		Remedy: "Run \"usermod -p '*' NAME\" for each. For a password in /etc/passwd, or a line that one of the two files lacks, " +
			"run pwconv first; delete lines of accounts that are gone with \"vipw -s\".",
		Run: judgeSystemPasswords,
	}
}

func judgeSystemPasswords(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	accounts, accountsErr := m.Accounts(ctx)
	entries, shadowErr := m.Shadow(ctx)
	shadowRead := shadowErr == nil || len(entries) > 0
	shadowed := map[string]bool{}
	for _, e := range entries {
		shadowed[e.Name] = true
	}
	known, users := map[string]bool{}, map[string]bool{"root": true}
	var findings []Finding
	for _, a := range accounts {
		known[a.Name] = true
		users[a.Name] = users[a.Name] || a.Person()
		findings = append(findings, judgePasswdField(a)...)
		if shadowRead && a.Password == distro.PasswordShadowed && !shadowed[a.Name] && a.Name != "root" {
			findings = append(findings, Finding{Level: LevelWarn, Path: distro.Passwd, Line: a.Line, Message: a.Name + " has no line in " + distro.Shadow})
		}
	}
	for _, e := range entries {
		switch {
		case users[e.Name]: // two other checks judge these
		case known[e.Name]:
			findings = append(findings, judgeSystemPassword(e)...)
		case len(accounts) > 0:
			findings = append(findings, judgeOrphan(e)...)
		}
	}
	return findings, errors.Join(accountsErr, shadowErr)
}

// judgePasswdField judges what /etc/passwd itself holds, of whatever account.
func judgePasswdField(a distro.Account) []Finding {
	switch a.Password {
	case distro.PasswordEmpty:
		return []Finding{{Level: LevelFail, Path: distro.Passwd, Line: a.Line, Message: a.Name + " has an empty password there: nobody is asked for one"}}
	case distro.PasswordHash, distro.PasswordLockedHash:
		return []Finding{{Level: LevelFail, Path: distro.Passwd, Line: a.Line, Message: a.Name + " has a password there, where everybody can read it"}}
	}
	return nil
}

func judgeSystemPassword(e distro.ShadowEntry) []Finding {
	switch e.Password {
	case distro.PasswordEmpty:
		return []Finding{{Level: LevelFail, Path: distro.Shadow, Line: e.Line, Message: e.Name + " has an empty password: nobody is asked for one"}}
	case distro.PasswordHash:
		return []Finding{{Level: LevelFail, Path: distro.Shadow, Line: e.Line, Message: e.Name + " has a password"}}
	case distro.PasswordLockedHash:
		return []Finding{{Level: LevelWarn, Path: distro.Shadow, Line: e.Line, Message: e.Name + " has a locked password, but its hash would be in the image"}}
	}
	return nil
}

// judgeOrphan judges an entry of shadow that no account has.
func judgeOrphan(e distro.ShadowEntry) []Finding {
	if e.Password != distro.PasswordHash && e.Password != distro.PasswordLockedHash || e.Err != nil {
		return nil
	}
	return []Finding{{Level: LevelWarn, Path: distro.Shadow, Line: e.Line, Message: e.Name + " is no account, but its password's hash would be in the image"}}
}
