package check

import (
	"context"

	"imgcheck/distro"
)

func accountBackups() *Check {
	return &Check{
		ID:       "account-backups",
		Category: "leftovers",
		Title:    "No copy of the account files tells more than they do",
		Found:    "%d copy that tells more|%d copies that tell more",
		Doc: "shadow's tools (/etc/shadow-) and Debian's daily job (/var/backups) keep copies of passwd, shadow, group, gshadow, subuid and subgid, and PAM remembers passwords in opasswd. " +
			"One that holds the hash of a password, or names an account or a group that the machine no longer has, tells a customer about the build. Packed ones are unpacked, and one that cannot be is an error. " +
			"A copy that says nothing of the kind is noted.",
		Sources: []string{
			"https://libguestfs.org/virt-sysprep.1.html",
			"https://man7.org/linux/man-pages/man8/pam_pwhistory.8.html",
		},
		Remedy:  "Run \"imgcheck clean --only account-backups\", or delete the copies and empty opasswd: \"rm FILE; truncate --size 0 /etc/security/opasswd\"",
		FixedBy: []string{"account-backups"},
		Run:     judgeAccountBackups,
	}
}

func judgeAccountBackups(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	copies, err := m.AccountCopies(ctx)
	var findings []Finding
	for _, c := range copies {
		f := Finding{Level: LevelWarn, Path: c.Path, Message: "holds nothing that the machine does not have, and no password"}
		switch {
		case c.Hashes > 0:
			f.Message = "holds " + plural(c.Hashes, "hash of a password", "hashes of passwords")
		case c.Gone > 0:
			f.Message = "names " + plural(c.Gone, "account or group that is gone", "accounts or groups that are gone")
		default:
			f.Level = LevelNote
		}
		findings = append(findings, f)
	}
	return findings, looking("at copies of the account files", err)
}
