package clean

import (
	"context"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func logs() *Step {
	return &Step{
		ID:    "logs",
		Title: "The logs are empty",
		Doc: "Empties the logs under /var/log at any depth and removes the rotated ones; files, owners, modes and folders stay, as many programs do not start without theirs. " +
			"The records of logins, of processes and of the audit come last, as they may record the rest. The journal ends empty: journald first leaves the disk, " +
			"or, before systemd 243, begins new files and removes the old ones; a journal that it has open is never cut. What logrotate and rsyslog remember of the logs goes too. " +
			"cpanel-install.log stays, as cPanel's support needs it, and so do links, what is mounted below /var/log, and the globs of clean.keep. Daemons that go on writing are named afterwards.",
		Script: "cleanup.sh empties the logs of the last 24 hours, which damages the journal, and removes whatever has eight characters behind a dash at the top of /var/log, the folder unattended-upgrades among it.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/90",
			"https://github.com/digitalocean/marketplace-partners/issues/75",
			"https://github.com/digitalocean/marketplace-partners/pull/46",
			"https://www.freedesktop.org/software/systemd/man/latest/journalctl.html",
		},
		Stages:  []Stage{StageLogs},
		Default: true,
		Plan:    planLogs,
	}
}

func planLogs(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	var journal, late []host.Entry
	p.walk(ctx, distro.LogDir, func(e host.Entry) {
		kind := distro.KindOfLog(e.Path)
		switch {
		case !e.Info.Mode().IsRegular(), kind == distro.LogKept: // nothing that is no file is due here
		case kind == distro.LogJournal:
			journal = append(journal, e)
		case distro.LateLog(e.Path):
			late = append(late, e)
		default:
			p.log(e)
		}
	})
	if len(journal) > 0 {
		p.journal(ctx, journal)
	}
	p.each(OpRemove, distro.LogStates()...)
	p.each(OpRemove, distro.AccountingArchives()...)
	p.truncate(host.At(distro.Accounting))
	for _, e := range late {
		p.log(e)
	}
	for _, database := range distro.LoginDatabases() {
		p.each(OpRemove, distro.DatabaseSides(database)...)
		p.truncate(host.At(database))
	}
	return p.end()
}

// log plans for one log that is no journal.
func (p *plan) log(e host.Entry) {
	op := OpTruncate
	if distro.KindOfLog(e.Path) == distro.LogArchive {
		op = OpRemove
	}
	p.entry(e, distro.LogDir, op)
}

// journal plans for the files of the journal. What journald has closed is removed
// like any file, what it may still have open loses its name only: to cut it or to
// overwrite it would damage what is being written.
func (p *plan) journal(ctx context.Context, files []host.Entry) {
	writer, err := p.scope.JournalWriter(ctx)
	if err != nil {
		p.problem(err)
		return
	}
	var open []host.Entry
	closed := func() {
		for _, e := range files {
			if writer.Has(e.Path) {
				open = append(open, e)
				continue
			}
			p.entry(e, distro.LogDir, OpRemove)
		}
	}
	if !writer.Leaves { // what it closes now, it is told to remove itself
		closed()
	}
	for _, call := range writer.Calls {
		p.add(Action{Op: OpRun, Call: call})
	}
	if writer.Leaves {
		closed()
	}
	for _, e := range open {
		if at := (host.Place{Top: distro.LogDir, Path: e.Path}); !p.kept(at) {
			p.add(Action{Op: OpUnlink, At: at, Note: "journald has it open and begins another: what this one holds stays on the disk until journald ends"})
		}
	}
}
