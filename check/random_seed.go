package check

import (
	"context"

	"imgcheck/distro"
)

func randomSeed() *Check {
	return &Check{
		ID:       "random-seed",
		Category: "identity",
		Title:    "No random seed is saved",
		Found:    "%d saved seed|%d saved seeds",
		Doc: "A seed that was saved on the build droplet is the same on every droplet, and anybody who buys one knows it. systemd saves one at every shutdown: after cleaning, power the droplet off without another boot. " +
			"Looked at are systemd's, the older ones of Debian and Red Hat, and the boot loader's.",
		Sources: []string{
			"https://systemd.io/RANDOM_SEEDS/",
			"https://systemd.io/BUILDING_IMAGES/",
		},
		Remedy:  "Run \"imgcheck clean --only identity\", or stop what saves it and delete it: \"systemctl stop systemd-random-seed.service && rm FILE\"",
		FixedBy: []string{"identity"},
		Run:     judgeRandomSeeds,
	}
}

func judgeRandomSeeds(_ context.Context, m *distro.Machine) ([]Finding, error) {
	seeds, err := filled(m, distro.RandomSeeds()...)
	var findings []Finding
	for _, s := range seeds {
		findings = append(findings, Finding{Level: LevelWarn, Path: s.Path, Message: "every droplet would begin with this seed"})
	}
	return findings, looking("for random seeds", err)
}
