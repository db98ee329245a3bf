package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"imgcheck/distro"
)

// historyLimit is the size in bytes from which on img_check.sh fails .bash_history.
const historyLimit = 200

func shellHistory(p Policy) *Check {
	return &Check{
		ID:       "shell-history",
		Category: "history",
		Title:    "No account remembers what was typed",
		Found:    "%d history file|%d history files",
		Doc: "Histories hold what the vendor typed while building: host names, paths, and often passwords given on a command line. " +
			"Looked at are the histories of shells, languages, database clients, pagers, editors and wget in the homes of all accounts.",
		Script: "img_check.sh fails on .bash_history of 200 bytes and more, of root and of users in /home/NAME, and loses the users' results in a subshell. " +
			"The limit stays; other histories are a warning here.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/41",
			"https://github.com/digitalocean/marketplace-partners#readme",
		},
		Remedy: "Run \"imgcheck clean --only history\", or delete the files: \"rm FILE\". A shell writes its history when it ends: " +
			"run \"unset HISTFILE\" in every one that is open, and \"history -c\" in bash, before you log out.",
		FixedBy:  []string{"history"},
		Upstream: true,
		Changed:  p.changedHistory(),
		Run: func(ctx context.Context, m *distro.Machine) ([]Finding, error) {
			return judgeHistories(ctx, m, p.HistoryBytes)
		},
	}
}

func judgeHistories(ctx context.Context, m *distro.Machine, limit int64) ([]Finding, error) {
	homes, err := m.Homes(ctx)
	problems := []error{err}
	histories := distro.Histories()
	var findings []Finding
	for _, home := range homes {
		for _, h := range histories {
			first, _, _ := strings.Cut(h.Path, "/")
			if !home.Has(first) {
				continue
			}
			found, err := judgeHistory(m, path.Join(home.Dir, h.Path), h, limit)
			findings, problems = append(findings, found...), append(problems, err)
		}
	}
	return findings, errors.Join(problems...)
}

// judgeHistory judges what name leads to; only a regular file holds anything. A
// .bash_history fails from limit bytes on.
func judgeHistory(m *distro.Machine, name string, h distro.History, limit int64) ([]Finding, error) {
	info, err := m.Root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for histories: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return nil, nil
	}
	level := LevelWarn
	switch {
	case h.Path == distro.BashHistory && info.Size() >= limit:
		level = LevelFail
	case h.Path == distro.BashHistory:
		level = LevelNote
	}
	return []Finding{{Level: level, Path: name, Message: fmt.Sprintf("%d bytes of %s history", info.Size(), h.Program)}}, nil
}
