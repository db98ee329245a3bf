package check

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

func osEOL() *Check {
	return &Check{
		ID:       "os-eol",
		Category: "os",
		Title:    "The release still gets free public security updates",
		Found:    "the release has reached its end of life",
		Doc: "When a release's free public security support has ended, every droplet made from the image is vulnerable from " +
			"its first day, however fresh the packages are. Debian's LTS counts as support; what has to be paid for " +
			"(Ubuntu Pro, ELTS, extended lifecycle support) does not, since the customer would have to pay.",
		Sources: []string{
			"https://ubuntu.com/about/release-cycle",
			"https://wiki.debian.org/LTS",
			"https://github.com/digitalocean/marketplace-partners#recommendations",
		},
		Remedy: "Build the image on a newer release of the same distribution; \"imgcheck list releases\" shows how long each is supported.",
		Run:    judgeEOL,
	}
}

func judgeEOL(_ context.Context, m *distro.Machine) ([]Finding, error) {
	switch {
	case m.OSErr != nil:
		return nil, m.OSErr
	case m.Release == nil:
		return nil, NotApplicable("the release is not known here, see os-release")
	}
	r := m.Release
	day := r.EndOfLife.Format("2006-01-02")
	// The day itself is still covered.
	if m.Now().Before(r.EndOfLife.AddDate(0, 0, 1)) {
		return []Finding{{Level: LevelNote, Message: fmt.Sprintf("%s: until %s", releaseName(r), day)}}, nil
	}
	return []Finding{{
		Level: LevelWarn, Path: m.OS.File,
		Message: fmt.Sprintf("public security support of %s ended on %s (%s)", releaseName(r), day, r.Source),
	}}, nil
}
