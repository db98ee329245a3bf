package clean

import (
	"context"

	"imgcheck/distro"
)

func crashDumps() *Step {
	return &Step{
		ID:    "crash-dumps",
		Title: "No crash left what was in memory",
		Doc: "Removes what the crash handlers of the distributions have kept: /var/crash, systemd's coredumps, apport's and abrt's. " +
			"A dump holds what the program had in memory, keys and passwords among it. The folders stay.",
		Script: "cleanup.sh does nothing here.",
		Sources: []string{
			"https://www.freedesktop.org/software/systemd/man/latest/systemd-coredump.html",
			"https://libguestfs.org/virt-sysprep.1.html",
		},
		Stages:  []Stage{StageLeftovers},
		Default: true,
		Plan: func(ctx context.Context, s *Scope) ([]*Action, error) {
			p := newPlan(s)
			for _, dir := range p.folders(distro.CrashDirs()) {
				p.contents(ctx, dir)
			}
			return p.end()
		},
	}
}
