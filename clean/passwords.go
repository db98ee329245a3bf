package clean

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func rootPassword() *Step {
	return &Step{
		ID:    "root-password",
		Title: "root has no password",
		Doc: "Sets the password field of root in /etc/shadow to *, the value that img_check.sh takes too, and takes out what /etc/passwd itself may hold. " +
			"Nothing else in the files changes. It is not done by default, as it may be the only way into the build droplet's console.",
		Script: "cleanup.sh does nothing here; img_check.sh refuses what passwd -l leaves behind.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/180",
			"https://github.com/canonical/packer-maas",
		},
		Stages: []Stage{StageSecrets},
		Plan: func(_ context.Context, s *Scope) ([]*Action, error) {
			p := newPlan(s)
			p.passwords(func(name string) bool { return name == "root" })
			return p.end()
		},
	}
}

func userPasswords() *Step {
	return &Step{
		ID:    "user-passwords",
		Title: "No user has a password",
		Doc: "Sets the password fields of all users in /etc/shadow to *, and takes out what /etc/passwd itself may hold. Users are the accounts from UID_MIN of login.defs on, " +
			"but not nobody and nfsnobody. It is not done by default, as an application may have an account with a password.",
		Script: "cleanup.sh does nothing here; img_check.sh refuses what passwd -l leaves behind.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/180",
			"https://github.com/digitalocean/marketplace-partners/issues/33",
		},
		Stages: []Stage{StageSecrets},
		Plan: func(ctx context.Context, s *Scope) ([]*Action, error) {
			p := newPlan(s)
			accounts, err := s.Accounts(ctx)
			p.problem(err)
			users := map[string]bool{}
			for _, a := range accounts {
				users[a.Name] = users[a.Name] || a.Person()
			}
			p.passwords(func(name string) bool { return users[name] })
			return p.end()
		},
	}
}

// passwords plans to take the passwords of the chosen accounts out of both files.
func (p *plan) passwords(chosen func(string) bool) {
	shadow, err := p.scope.ShadowWithout(chosen)
	if err != nil {
		p.problem(err)
		return
	}
	p.passwordless(distro.Shadow, shadow)
	passwd, err := p.scope.PasswdWithout(chosen)
	p.problem(err)
	p.passwordless(distro.Passwd, passwd)
}

// namesShown is how many accounts a note names.
const namesShown = 10

func (p *plan) passwordless(file string, without distro.Passwordless) {
	accounts := slices.Compact(without.Accounts)
	if len(accounts) == 0 {
		return
	}
	names := strings.Join(accounts[:min(namesShown, len(accounts))], ", ")
	if rest := len(accounts) - namesShown; rest > 0 {
		names += fmt.Sprintf(" and %d more", rest)
	}
	p.write(host.At(file), without.Data, "without the passwords of "+names)
}
