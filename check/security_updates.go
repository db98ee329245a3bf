package check

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"imgcheck/distro"
)

func securityUpdates() *Check {
	return &Check{
		ID:       "security-updates",
		Category: "packages",
		Title:    "No security update is waiting",
		Found:    "%d update|%d updates",
		Doc: "A package counts when a newer version of it, or one in between, comes from the distribution's own security suite or from a security " +
			"advisory, whether it would be installed, is kept back, held, hidden by a pin or phased. What only a subscription to Ubuntu Pro may install is a note. Reviewers look again, so submit soon after the last " +
			"upgrade. Where the index could not be refreshed or no security source is configured the answer is an error, never a pass; where it was not to be refreshed (--no-refresh, --root) " +
			"and is more than a week old, it is a warning.",
		Script: "img_check.sh ignores that the refresh failed, asks for \"upgrade\", which leaves kernels out, and counts every line with the word \"security\": package " +
			"names, versions and the prose of Ubuntu Pro too. On the Red Hat family it counts the lines of \"yum check-update --security\": blank lines and notes too, " +
			"and none on CentOS, which publishes no advisories. Those are false alarms, and false passes, that are not repeated here.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/41",
			"https://github.com/digitalocean/marketplace-partners/issues/83",
			"https://github.com/digitalocean/marketplace-partners/issues/94",
			"https://github.com/digitalocean/marketplace-partners/issues/146",
		},
		Remedy: "Run \"apt-get update && apt-get full-upgrade\" or \"dnf upgrade --refresh\", and reboot. For a held or pinned package run \"apt-mark unhold NAME\" or " +
			"take its pin out of /etc/apt/preferences.d first.",
		Upstream: true,
		Run:      judgeSecurityUpdates,
	}
}

func judgeSecurityUpdates(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	updates, err := m.Packages.Pending(ctx)
	switch {
	case !m.Live && errors.Is(err, distro.ErrNoIndex):
		return nil, NotApplicable("%s: run imgcheck on the machine itself", err)
	case err == nil && !updates.Advisories && len(updates.List) > 0:
		return withoutAdvisories(m, updates), nil
	}
	var findings []Finding
	for _, u := range updates.List {
		if u.Security {
			findings = append(findings, Finding{Level: LevelFail, Message: describeUpdate(u)})
		}
	}
	if err != nil { // img_check.sh does not notice, and fails by the old index
		return findings, err
	}
	return append(findings, evidence(m, updates)...), nil
}

// withoutAdvisories lists every update, as any of them may be a security update.
func withoutAdvisories(m *distro.Machine, updates distro.Updates) []Finding {
	findings := evidence(m, updates)
	for _, u := range updates.List {
		if u.Security { // by another repository's advisories, EPEL's for one; img_check.sh counts it
			findings = append(findings, Finding{Level: LevelFail, Message: describeUpdate(u)})
			continue
		}
		findings = append(findings, Finding{Level: LevelWarn, Message: describeUpdate(u) + ", perhaps a security update"})
	}
	return findings
}

// evidence says how good an answer is that is not the best one.
func evidence(m *distro.Machine, updates distro.Updates) []Finding {
	var findings []Finding
	if !updates.Advisories {
		findings = append(findings, Finding{Level: LevelNote, Message: fmt.Sprintf(
			"%s publishes no advisories, so security updates cannot be told from others; %s pending",
			m.OS.Name, plural(len(updates.List), "update", "updates"))})
	}
	for _, u := range updates.Pro {
		findings = append(findings, Finding{Level: LevelNote, Message: describeUpdate(u) + ", needs Ubuntu Pro"})
	}
	return append(findings, staleness(m, updates)...)
}

// freshIndex is how old an index may be to speak of today: the security suites of all
// supported releases are published again within a week.
const freshIndex = 7 * 24 * time.Hour

// staleness says how old an index is that was not refreshed for this answer. One that
// is too old is no evidence that nothing is missing. After a release's end of life
// nothing is published any more, and the last index remains the newest.
func staleness(m *distro.Machine, updates distro.Updates) []Finding {
	if updates.Refreshed {
		return nil
	}
	published, err := m.IndexTime()
	if err != nil || published.IsZero() {
		return []Finding{{Level: LevelWarn, Message: "the package index was not refreshed, and its age is not known"}}
	}
	latest := m.Now()
	if m.Release != nil && m.Release.EndOfLife.Before(latest) {
		latest = m.Release.EndOfLife
	}
	message := "the package index was not refreshed: the newest one is of " + published.UTC().Format("2006-01-02 15:04 MST")
	if latest.Sub(published) <= freshIndex {
		return []Finding{{Level: LevelNote, Message: message}}
	}
	return []Finding{{Level: LevelWarn, Message: message + ", so that what was published since is not known"}}
}

func describeUpdate(u distro.Update) string {
	source := u.Source
	if u.Advisory != "" {
		source += strings.TrimRight(", "+u.Advisory+" "+u.Severity, " ")
	}
	why := ""
	for _, w := range []struct {
		holds bool
		why   string
	}{
		{u.Held, "held"}, {u.KeptBack, "kept back"}, {u.Pinned, "hidden by a pin"}, {u.Phased, "phased"}, {u.Unconfigured, "unpacked but not configured"},
	} {
		if w.holds {
			why += ", " + w.why
		}
	}
	return fmt.Sprintf("%s %s → %s (%s)%s", u.Name, u.Installed, u.Candidate, source, why)
}

// plural counts things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
