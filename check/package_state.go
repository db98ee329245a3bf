package check

import (
	"context"
	"errors"

	"imgcheck/distro"
)

func packageState() *Check {
	return &Check{
		ID:       "package-state",
		Category: "packages",
		Title:    "Every package is wholly installed and configured",
		Found:    "%d package is not in order|%d packages are not in order",
		Doc: "A package that is half-installed or not configured is what an interrupted upgrade leaves behind. On the customer's droplet the next " +
			"\"apt-get\" or \"dnf\" stops at it, security updates included.",
		Sources: []string{
			"https://man7.org/linux/man-pages/man1/dpkg.1.html",
			"https://github.com/digitalocean/marketplace-partners#recommendations",
		},
		Remedy:  "Run \"imgcheck clean --only upgrade\", which configures what dpkg has left, or \"dpkg --configure -a && apt-get --fix-broken install\", or \"dnf check\" and mend what it names.",
		FixedBy: []string{"upgrade"},
		Run:     judgePackageState,
	}
}

func judgePackageState(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	problems, err := m.Packages.Problems(ctx)
	if errors.Is(err, distro.ErrNoReader) {
		return nil, NotApplicable("%s", err)
	}
	var findings []Finding
	for _, p := range problems {
		findings = append(findings, Finding{Level: LevelWarn, Message: p.Package + ": " + p.State})
	}
	return findings, err
}
