package check

import (
	"context"

	"imgcheck/distro"
)

func crashDumps() *Check {
	return &Check{
		ID:       "crash-dumps",
		Category: "leftovers",
		Title:    "No crash left what was in memory",
		Found:    "%d file of a crash|%d files of crashes",
		Doc:      "A dump holds what a program had in memory when it died, keys and passwords among it. Any file with something in it counts in /var/crash and in the folders of systemd-coredump, apport and abrt, at any depth.",
		Sources: []string{
			"https://www.freedesktop.org/software/systemd/man/latest/systemd-coredump.html",
			"https://libguestfs.org/virt-sysprep.1.html",
		},
		Remedy:  "Run \"imgcheck clean --only crash-dumps\", or delete the files and keep the folders: \"rm FILE\"",
		FixedBy: []string{"crash-dumps"},
		Run:     judgeCrashDumps,
	}
}

func judgeCrashDumps(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	dumps, err := filesBelow(ctx, m, distro.CrashDirs())
	return sizes(dumps), looking("for crash dumps", err)
}
