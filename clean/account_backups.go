package clean

import (
	"context"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func accountBackups() *Step {
	return &Step{
		ID:    "account-backups",
		Title: "No copy of the account files remains",
		Doc: "Removes the copies of passwd, shadow, group, gshadow, subuid and subgid that shadow's tools (/etc/shadow-) and Debian's daily job (/var/backups) make, " +
			"and empties opasswd, PAM's memory of passwords. They hold the hashes of passwords and the names of accounts that the files themselves no longer have.",
		Script: "cleanup.sh does nothing here.",
		Sources: []string{
			"https://libguestfs.org/virt-sysprep.1.html",
			"https://man7.org/linux/man-pages/man8/pam_pwhistory.8.html",
		},
		Stages:  []Stage{StageLeftovers},
		Default: true,
		Plan: func(_ context.Context, s *Scope) ([]*Action, error) {
			p := newPlan(s)
			p.each(OpRemove, distro.AccountBackups()...)
			p.truncate(host.At(distro.OldPasswords))
			return p.end()
		},
	}
}
