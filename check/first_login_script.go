package check

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

func firstLoginScript() *Check {
	return &Check{
		ID:       "first-login-script",
		Category: "boot",
		Title:    "What root's first login runs is there, runs, and runs once",
		Found:    "%d problem with root's first login|%d problems with root's first login",
		Doc: "Many 1-Clicks ask the customer for what they cannot know by a script that /root/.bashrc runs at the first login. It must be there and be executable, and it must take its call out of /root/.bashrc again, " +
			"as by \"cp -f /etc/skel/.bashrc /root/.bashrc\": else it runs at every login. Scripts called by their full path are looked at, by plain text: whether a script really restores the file is not tried. " +
			"One that runs under a condition is not expected to.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#software-prerequisites",
			"https://github.com/digitalocean/droplet-1-clicks",
		},
		Remedy: "Put the script where /root/.bashrc looks for it, run \"chmod 0755 FILE\", and end it with \"cp -f /etc/skel/.bashrc /root/.bashrc\".",
		Run:    judgeFirstLogin,
	}
}

func judgeFirstLogin(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	scripts, err := m.LoginScripts(ctx)
	var findings []Finding
	for _, s := range scripts {
		findings = append(findings, judgeLoginScript(s)...)
	}
	return findings, err
}

func judgeLoginScript(s distro.LoginScript) []Finding {
	called := fmt.Sprintf(" (%s line %d runs it)", distro.RootBashrc, s.Line)
	if s.Missing {
		return []Finding{{Level: LevelWarn, Path: s.Path, Message: "is not there" + called}}
	}
	var findings []Finding
	add := func(level Level, message string) {
		findings = append(findings, Finding{Level: level, Path: s.Path, Message: message + called})
	}
	if s.CannotRun != "" {
		add(LevelWarn, s.CannotRun)
	}
	if s.NoSkel {
		add(LevelWarn, "copies "+distro.SkelBashrc+", which is not there")
	}
	switch {
	case s.Restores:
	case s.Guarded:
		add(LevelNote, "does not restore "+distro.RootBashrc+"; it runs under a condition")
	default:
		add(LevelWarn, "does not restore "+distro.RootBashrc+" from "+distro.SkelBashrc+", so that it runs at every login")
	}
	return findings
}
