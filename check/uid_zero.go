package check

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

func uidZero() *Check {
	return &Check{
		ID:       "uid-zero",
		Category: "accounts",
		Title:    "root is the only account with uid 0",
		Found:    "%d more account with uid 0|%d more accounts with uid 0",
		Doc: "Whoever logs in to another account with uid 0 is root under another name: " +
			"such an account is the usual back door, and whoever disables root's password does not think of it.",
		Sources: []string{"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/building-shared-amis.html"},
		Remedy:  "Delete the account (\"userdel -f NAME\"; check first that its home is not /root), or give it another uid: \"usermod -u UID NAME\"",
		Run:     judgeUIDZero,
	}
}

func judgeUIDZero(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	accounts, err := m.Accounts(ctx)
	var findings []Finding
	rootSeen := false
	for _, a := range accounts {
		if a.UID != 0 {
			continue
		}
		if a.Name == "root" && !rootSeen {
			rootSeen = true
			continue
		}
		findings = append(findings, Finding{
			Level: LevelFail, Path: distro.Passwd, Line: a.Line,
			Message: fmt.Sprintf("%s has uid 0", a.Name),
		})
	}
	return findings, err
}
