package check

import (
	"context"
	"errors"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func loginRecords() *Check {
	return &Check{
		ID:       "login-records",
		Category: "logs",
		Title:    "Nobody is on record as having logged in",
		Found:    "%d record of logins|%d records of logins",
		Doc: "wtmp, btmp, lastlog, faillog and tallylog say who logged in to the build droplet, when and from where, and which names scanners tried. They are binary: any size but none counts. " +
			"Their successors on Debian 13, wtmp.db and lastlog2.db, are SQLite databases, of which an empty one still has its schema: they count where a page behind the first has a row, " +
			"or did have one that was never overwritten, and where a journal lies beside them. A database over 1 MiB counts unread. Rotated records are log-archives.",
		Sources: []string{
			"https://man7.org/linux/man-pages/man5/utmp.5.html",
			"https://github.com/thkukuk/wtmpdb#readme",
			"https://www.sqlite.org/fileformat2.html",
		},
		Remedy: "Run \"imgcheck clean --only logs\", or empty them and keep the files: \"truncate --size 0 FILE\"",

		FixedBy: []string{"logs"},
		Run:     judgeLoginRecords,
	}
}

func judgeLoginRecords(_ context.Context, m *distro.Machine) ([]Finding, error) {
	records, err := filled(m, distro.LoginRecords()...)
	findings, problems := sizes(records), []error{err}
	for _, database := range distro.LoginDatabases() {
		files, err := filled(m, append(distro.DatabaseSides(database), database)...)
		problems = append(problems, err)
		for _, f := range files {
			found, err := judgeLoginDatabase(m, f, database)
			findings, problems = append(findings, found...), append(problems, err)
		}
	}
	return findings, looking("at the records of logins", errors.Join(problems...))
}

// databaseLimit is far more than a database without rows takes, in bytes.
const databaseLimit = 1 << 20

func judgeLoginDatabase(m *distro.Machine, f host.Entry, database string) ([]Finding, error) {
	message := BinarySize(f.Info.Size())
	if f.Path == database {
		data, whole, err := m.Root.ReadHead(f.Path, databaseLimit)
		if err != nil {
			return nil, err
		}
		rows, ok := distro.DatabaseRows(data)
		switch {
		case whole && ok && !rows:
			return nil, nil
		case whole && !ok:
			message += ", no database"
		}
	}
	return []Finding{{Level: LevelWarn, Path: f.Path, Message: message}}, nil
}
