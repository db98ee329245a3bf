package check

import (
	"context"
	"errors"
	"io/fs"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func journal() *Check {
	return &Check{
		ID:       "journal",
		Category: "logs",
		Title:    "The journal on the disk holds nothing",
		Found:    "%d journal file|%d journal files",
		Doc: "systemd's journal holds what the logs hold, and more: commands by sudo, addresses, what services print. Any file under /var/log/journal counts by the number of entries in its header; " +
			"one that journald has just begun has none. What lies there and is no file of the journal's counts as well, as no other check looks at it. The journal below /run is not in an image.",
		Sources: []string{
			"https://systemd.io/JOURNAL_FILE_FORMAT/",
			"https://www.freedesktop.org/software/systemd/man/latest/journalctl.html",
		},
		Remedy:  "Run \"imgcheck clean --only logs\", or \"journalctl --rotate\" and then \"journalctl --vacuum-time=1s\": one call with both removes nothing of what it has just closed.",
		FixedBy: []string{"logs"},
		Run:     judgeJournal,
	}
}

func judgeJournal(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	files, err := filesBelow(ctx, m, []string{distro.JournalDir})
	var findings []Finding
	problems := []error{err}
	for _, f := range files {
		found, err := judgeJournalFile(m, f)
		findings, problems = append(findings, found...), append(problems, err)
	}
	return findings, looking("at the journal", errors.Join(problems...))
}

func judgeJournalFile(m *distro.Machine, f host.Entry) ([]Finding, error) {
	head, _, err := m.Root.ReadHead(f.Path, distro.JournalHead)
	if errors.Is(err, fs.ErrNotExist) { // journald has removed it since
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	message := BinarySize(f.Info.Size())
	switch entries, ok := distro.JournalEntries(head); {
	case !ok:
		message += ", not a whole journal file"
	case entries == 0:
		return nil, nil
	default:
		message += " with " + plural(int(min(entries, 1<<31-1)), "entry", "entries")
	}
	return []Finding{{Level: LevelWarn, Path: f.Path, Message: message}}, nil
}
