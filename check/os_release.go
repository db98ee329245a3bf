package check

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

func osRelease() *Check {
	return &Check{
		ID:       "os-release",
		Category: "os",
		Title:    "The release is one that the Marketplace takes",
		Found:    "this release is not in the published list",
		Doc: "The Marketplace takes a fixed list of releases. One that DigitalOcean already ships 1-Clicks on, and that the list " +
			"does not name yet, is a warning. For the Red Hat family only the major number counts.",
		Script: "img_check.sh knows the same list. It FAILs Ubuntu 26.04 because it is older than that release, Rocky Linux where " +
			"VERSION_ID has no minor number, and systems that have only debian_version or redhat-release: false alarms that are not repeated here.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#supported-operating-systems",
			"https://github.com/digitalocean/marketplace-partners/pull/195",
		},
		Remedy:   "Build the image again from one of DigitalOcean's own images; \"imgcheck list releases\" names the releases.",
		Upstream: true,
		Run:      judgeRelease,
	}
}

func judgeRelease(_ context.Context, m *distro.Machine) ([]Finding, error) {
	if m.OSErr != nil && (m.OS.File == "" || m.Release != nil) {
		return nil, m.OSErr
	}
	at := func(level Level, message string) []Finding {
		return []Finding{{Level: level, Path: m.OS.File, Message: message}}
	}
	switch {
	case m.OS.File == "":
		return at(LevelFail, "no Linux system, so no release of one"), nil
	case !distro.Supported(m.OS):
		return at(LevelFail, fmt.Sprintf("no release of %q is supported", m.OS.Name)), m.OSErr
	case m.Release == nil:
		return at(LevelFail, fmt.Sprintf("%s %s is not a supported release", m.OS.Name, shownVersion(m.OS))), m.OSErr
	case m.Release.Support == distro.Unlisted:
		return at(LevelWarn, fmt.Sprintf("DigitalOcean ships 1-Clicks on %s, but its published list and img_check.sh v1.8.1, "+
			"which FAILs it, do not name it yet: ask before you submit", releaseName(m.Release))), nil
	}
	return at(LevelNote, releaseName(m.Release)), nil
}

// shownVersion stands for the version in a message where os-release has none.
func shownVersion(os distro.OS) string {
	if os.Version == "" {
		return "without a VERSION_ID"
	}
	return fmt.Sprintf("%q", os.Version)
}

func releaseName(r *distro.Release) string {
	if r.Codename == "" {
		return r.Name + " " + r.Version
	}
	return fmt.Sprintf("%s %s (%s)", r.Name, r.Version, r.Codename)
}
