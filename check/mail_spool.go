package check

import (
	"context"
	"errors"

	"imgcheck/distro"
)

func mailSpool() *Check {
	return &Check{
		ID:       "mail-spool",
		Category: "leftovers",
		Title:    "No mailbox holds mail",
		Found:    "%d mailbox or message|%d mailboxes or messages",
		Doc: "cron, the package manager and services write mail to root, with names, addresses and outputs of the build. Any file with something in it counts below /var/mail and /var/spool/mail, at any depth. " +
			"Mail that waits in the queue of postfix, exim or sendmail is noted: it may be meant to be sent.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#readme",
			"https://libguestfs.org/virt-sysprep.1.html",
		},
		Remedy:  "Run \"imgcheck clean --only mail\", or empty the mailboxes: \"truncate --size 0 FILE\"",
		FixedBy: []string{"mail"},
		Run:     judgeMail,
	}
}

func judgeMail(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	boxes, err := filesBelow(ctx, m, distro.MailDirs())
	findings, problems := sizes(boxes), []error{err}
	for _, queue := range distro.MailQueues() {
		waiting, err := filesBelow(ctx, m, []string{queue})
		problems = append(problems, err)
		if len(waiting) > 0 {
			findings = append(findings, Finding{Level: LevelNote, Path: queue, Message: plural(len(waiting), "file", "files") + " of mail that is yet to be sent"})
		}
	}
	return findings, looking("for mail", errors.Join(problems...))
}
