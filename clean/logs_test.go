package clean_test

import (
	"context"
	"testing"

	"imgcheck/clean"
	"imgcheck/internal/host"
)

// journald makes the machine a live one whose journald runs, and whose journalctl has
// these options.
func journald(options string) func(*testing.T, *clean.Scope) {
	return func(t *testing.T, s *clean.Scope) {
		live(t, s)
		s.Units = running{s.Units, "systemd-journald.service"}
		s.Exec = programs{"journalctl --help": options, "journalctl --relinquish-var": "", "journalctl --rotate": "", "journalctl --vacuum-time=1s": ""}
	}
}

// running is a service manager that runs one unit.
type running struct {
	host.Units
	unit string
}

func (r running) State(ctx context.Context, unit string) (host.UnitState, error) {
	s, err := r.Units.State(ctx, unit)
	if s.Activity = host.Inactive; unit == r.unit {
		s.Activity = host.Active
	}
	return s, err
}

// programs answers for the calls it knows, and no others.
type programs map[string]string

func (programs) Find(name string) (string, error) { return "/usr/bin/" + name, nil }

func (p programs) Run(_ context.Context, cmd host.Command) (host.Output, error) {
	call := cmd.Name
	for _, arg := range cmd.Args {
		call += " " + arg
	}
	said, known := p[call]
	if !known {
		return host.Output{}, host.ErrNoProgram
	}
	return host.Output{Stdout: []byte(said)}, nil
}

func TestLogs(t *testing.T) {
	const (
		journals = "-- var/log/journal/0f/system.journal --\nx\n-- var/log/journal/0f/system@0001-2.journal --\nx\n-- var/log/journal/0f/user-1000.journal~ --\nx\n"
		folder   = "-- var/log/journal/0f dir --\n"
	)
	testStep(t, "logs", []row{
		{name: "clean"},
		{
			name: "current and rotated ones, at any depth",
			dirt: "-- var/log/syslog mode=0640 --\nx\n-- var/log/app/.hidden --\nx\n-- var/log/app/one size=2M --\n-- var/log/syslog.1 --\nx\n-- var/log/nginx/access.log-20261119 --\nx\n-- var/log/nginx/error.log.11.gz --\n" +
				"-- var/log/cpanel-install.log --\nx\n-- var/log/lfd.log --\nx\n-- var/log/unattended-upgrades/empty.log --\n-- var/log/README link=../../usr/share/doc/README --\n",
			want: []string{
				"truncate /var/log/app/.hidden 2", "truncate /var/log/app/one 2097152", "truncate /var/log/lfd.log 2", "remove /var/log/nginx/access.log-20261119 2",
				"remove /var/log/nginx/error.log.11.gz 0", "truncate /var/log/syslog 2", "remove /var/log/syslog.1 2",
			},
			left: "-- var/log/syslog mode=0640 --\n-- var/log/app/.hidden --\n-- var/log/app/one --\n-- var/log/nginx dir --\n-- var/log/cpanel-install.log --\nx\n-- var/log/lfd.log --\n" +
				"-- var/log/unattended-upgrades/empty.log --\n-- var/log/README link=../../usr/share/doc/README --\n",
		},
		{
			name: "records of logins and processes last, and what daemons remember",
			dirt: "-- var/log/audit/audit.log --\nx\n-- var/log/audit/audit.log.1 --\nx\n-- var/log/account/pacct --\nx\n-- var/log/sa/sa21 --\nx\n-- var/log/wtmp size=384 --\n-- var/log/btmp.1 --\nx\n-- var/log/lastlog size=292292 --\n" +
				"-- var/log/zz --\nx\n-- var/account/pacct --\nx\n-- var/account/pacct-20261120 --\nx\n-- var/lib/logrotate/status --\nx\n-- var/lib/rsyslog/imjournal.state --\nx\n" +
				"-- var/lib/wtmpdb/wtmp.db --\nx\n-- var/lib/wtmpdb/wtmp.db-journal --\nx\n-- var/lib/lastlog/lastlog2.db --\nx\n",
			want: []string{
				"remove /var/log/btmp.1 2", "truncate /var/log/zz 2", "remove /var/lib/logrotate/status 2", "remove /var/lib/rsyslog/imjournal.state 2", "remove /var/account/pacct-20261120 2",
				"truncate /var/account/pacct 2", "truncate /var/log/account/pacct 2", "truncate /var/log/audit/audit.log 2", "remove /var/log/audit/audit.log.1 2", "truncate /var/log/lastlog 292292",
				"truncate /var/log/sa/sa21 2", "truncate /var/log/wtmp 384",
				"remove /var/lib/wtmpdb/wtmp.db-journal 2", "truncate /var/lib/wtmpdb/wtmp.db 2", "truncate /var/lib/lastlog/lastlog2.db 2",
			},
			left: "-- var/log/audit/audit.log --\n-- var/log/account/pacct --\n-- var/log/sa/sa21 --\n-- var/log/wtmp --\n-- var/log/lastlog --\n-- var/log/zz --\n-- var/account/pacct --\n-- var/lib/logrotate dir --\n" +
				"-- var/lib/rsyslog dir --\n-- var/lib/wtmpdb/wtmp.db --\n-- var/lib/lastlog/lastlog2.db --\n",
		},
		{
			name: "the journal of a tree", dirt: journals,
			want: []string{"remove /var/log/journal/0f/system.journal 2", "remove /var/log/journal/0f/system@0001-2.journal 2", "remove /var/log/journal/0f/user-1000.journal~ 2"}, left: folder,
		},
		{
			name: "the journal of a journald that leaves the disk", dirt: journals + "-- var/log/journal/0f.ns/system.journal --\nx\n", change: journald("  --relinquish-var  --rotate  --vacuum-time=TIME"),
			want: []string{
				"run journalctl --relinquish-var",
				"remove /var/log/journal/0f/system.journal 2", "remove /var/log/journal/0f/system@0001-2.journal 2", "remove /var/log/journal/0f/user-1000.journal~ 2",
				"unlink /var/log/journal/0f.ns/system.journal (journald has it open and begins another: what this one holds stays on the disk until journald ends)",
			},
			left: folder + "-- var/log/journal/0f.ns dir --\n",
		},
		{
			name: "the journal of an older journald", dirt: journals, change: journald("  --rotate  --vacuum-time=TIME"),
			want: []string{
				"remove /var/log/journal/0f/system@0001-2.journal 2", "remove /var/log/journal/0f/user-1000.journal~ 2",
				"run journalctl --rotate", "run journalctl --vacuum-time=1s",
				"unlink /var/log/journal/0f/system.journal (journald has it open and begins another: what this one holds stays on the disk until journald ends)",
			},
			left: folder,
		},
		{
			name: "the journal of a journald that can be told nothing", dirt: journals, change: journald("  --flush"),
			want: []string{
				"remove /var/log/journal/0f/system@0001-2.journal 2", "remove /var/log/journal/0f/user-1000.journal~ 2",
				"unlink /var/log/journal/0f/system.journal (journald has it open and begins another: what this one holds stays on the disk until journald ends)",
			},
			left: folder,
		},
		{
			name: "a journalctl that does not answer", dirt: journals + "-- var/log/syslog --\nx\n",
			change: func(t *testing.T, s *clean.Scope) {
				journald("")(t, s)
				s.Exec = programs{}
			},
			want: []string{"truncate /var/log/syslog 2"}, left: journals + "-- var/log/syslog --\n", err: "asking what journalctl can do",
		},
		{
			name: "what is to be kept", dirt: "-- var/log/app/a.log --\nx\n-- var/log/app/b/c.log --\nx\n-- var/log/seed.log --\nx\n",
			change: func(_ *testing.T, s *clean.Scope) { s.Keep = []string{"/var/log/app/**", "/var/log/seed.log"} },
			want:   []string{"leave /var/log/app (is to be kept)", "leave /var/log/seed.log (is to be kept)"},
			left:   "-- var/log/app/a.log --\nx\n-- var/log/app/b/c.log --\nx\n-- var/log/seed.log --\nx\n",
		},
		{
			name: "a link to where the logs are", dirt: "-- var/log removed --\n-- data/log/syslog --\nx\n-- data/log/nginx/access.log --\nx\n-- var/log link=/data/log --\n",
			want: []string{"truncate /var/log/nginx/access.log 2", "truncate /var/log/syslog 2"},
			left: "-- var/log removed --\n-- data/log/syslog --\n-- data/log/nginx/access.log --\n-- var/log link=/data/log --\n",
		},
		{
			name: "what is in the way",
			hostile: "-- var/log/a.log link=/srv/canary --\n-- var/log/b.log link=OUTSIDE --\n-- var/log/c.log hardlink=srv/canary --\n-- var/log/d.log.1 hardlink=srv/canary --\n-- var/log/pipe.log fifo --\n" +
				"-- var/log/app link=/srv --\n-- var/log/x.gz/syslog --\nx\n-- \"var/log/two\\nlines \\x1b[31m\\xff.log\" --\nx\n-- var/lib/logrotate/status link=/srv/canary --\n-- var/lib/wtmpdb/wtmp.db fifo --\n",
			want: []string{
				"unlink /var/log/c.log (a file with other names, which keep what it holds)", "unlink /var/log/d.log.1 (a file with other names, which keep what it holds)",
				"truncate /var/log/two\nlines \x1b[31m\xff.log 2", "truncate /var/log/x.gz/syslog 2",
				"unlink /var/lib/logrotate/status (a link, whose target stays)", "leave /var/lib/wtmpdb/wtmp.db (a fifo, left alone)",
			},
			left: "-- var/log/a.log link=/srv/canary --\n-- var/log/b.log link=OUTSIDE --\n-- var/log/pipe.log fifo --\n-- var/log/app link=/srv --\n-- var/log/x.gz/syslog --\n-- \"var/log/two\\nlines \\x1b[31m\\xff.log\" --\n" +
				"-- var/lib/logrotate dir --\n-- var/lib/wtmpdb/wtmp.db fifo --\n",
		},
		{name: "no folder of logs", dirt: "-- var/log removed --\n", left: "-- var/log removed --\n", still: []string{"warn log-files"}},
		{name: "a file of that name", dirt: "-- var/log removed --\n-- var/log --\nx\n", left: "-- var/log removed --\n-- var/log --\nx\n", err: "not a folder", still: []string{"error log-archives", "error log-files", "error log-secrets"}},
	})
}
