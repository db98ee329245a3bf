package clean

import (
	"context"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func mail() *Step {
	return &Step{
		ID:    "mail",
		Title: "No mailbox holds mail",
		Doc: "Empties the mailboxes below /var/mail and /var/spool/mail, at any depth: cron and the package manager write to root there, with names and addresses of the build. " +
			"A mailbox that is a folder loses its messages. What waits in the queues of postfix, exim and sendmail is named and left: it may be meant to be sent.",
		Script:  "cleanup.sh does nothing here; an older one for Fabric did.",
		Sources: []string{"https://github.com/digitalocean/marketplace-partners#readme"},
		Stages:  []Stage{StageLeftovers},
		Default: true,
		Plan:    planMail,
	}
}

func planMail(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	for _, dir := range p.folders(distro.MailDirs()) {
		p.walk(ctx, dir, func(e host.Entry) {
			op := OpTruncate
			if distro.InMaildir(e.Path) {
				op = OpRemove
			}
			p.entry(e, dir, op)
		})
	}
	for _, dir := range p.folders(distro.MailQueues()) {
		waiting := 0
		p.walk(ctx, dir, func(e host.Entry) {
			if e.Info.Mode().IsRegular() {
				waiting++
			}
		})
		if waiting > 0 {
			p.leave(host.At(dir), "files of mail that is yet to be sent (%d), left alone", waiting)
		}
	}
	return p.end()
}
