package check

import (
	"context"
	"errors"

	"imgcheck/distro"
)

func updates() *Check {
	return &Check{
		ID:       "updates",
		Category: "packages",
		Title:    "No other update is waiting",
		Found:    "%d update|%d updates",
		Doc: "The guide asks for images with all updates of the distribution. Listed is what is newer in a configured source and no security update, which has a check of its own; held and kept back packages too. " +
			"Updates that Ubuntu phases are left out while they are not meant for every machine. Where the distribution publishes no advisories (CentOS), the other check lists everything.",
		Script: "img_check.sh does not look at updates that do not concern security.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#recommendations",
			"https://github.com/digitalocean/marketplace-partners/issues/23",
			"https://documentation.ubuntu.com/server/explanation/software/about-apt-upgrade-and-phased-updates/",
		},
		Remedy: "Run \"apt-get update && apt-get full-upgrade\" or \"dnf upgrade --refresh\", and reboot.",
		Run:    judgeUpdates,
	}
}

func judgeUpdates(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	updates, err := m.Packages.Pending(ctx)
	switch {
	case !m.Live && errors.Is(err, distro.ErrNoIndex):
		return nil, NotApplicable("%s: run imgcheck on the machine itself", err)
	case errors.Is(err, distro.ErrNoSecuritySource):
		err = nil // whoever asks for other updates has all sources
	case err == nil && !updates.Advisories:
		return nil, NotApplicable("%s publishes no advisories, see security-updates", m.OS.Name)
	}
	var findings []Finding
	for _, u := range updates.List {
		if !u.Security && !u.Phased {
			findings = append(findings, Finding{Level: LevelWarn, Message: describeUpdate(u)})
		}
	}
	if err != nil {
		return findings, err
	}
	return append(findings, staleness(m, updates)...), nil
}
