package check

import (
	"context"
	"fmt"
	"strings"

	"imgcheck/distro"
)

func rebootRequired() *Check {
	return &Check{
		ID:       "reboot-required",
		Category: "packages",
		Title:    "The machine runs what is installed on it",
		Found:    "%d reason to reboot|%d reasons to reboot",
		Doc: "After an upgrade of the kernel or the C library the image was never tried with what its droplets will boot. The mark that Debian's and Ubuntu's packages " +
			"leave counts, and a running kernel that is not the newest installed one of its flavour. Rescue images are left out.",
		Sources: []string{
			"https://www.debian.org/doc/debian-policy/ch-opersys.html#signaling-that-a-reboot-is-required",
			"https://github.com/digitalocean/marketplace-partners#recommendations",
		},
		Remedy:    "Reboot the build droplet, then clean it and check again.",
		NeedsLive: true,
		Run:       judgeReboot,
	}
}

func judgeReboot(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	var findings []Finding
	mark, err := m.RebootMark(ctx)
	if mark.Path != "" {
		findings = append(findings, Finding{Level: LevelWarn, Path: mark.Path, Message: markMessage(mark)})
	}
	if err != nil {
		return findings, err
	}
	running, err := m.Facts.Kernel(ctx)
	if err != nil {
		return findings, err
	}
	installed, err := m.Kernels(ctx)
	if err != nil {
		return findings, err
	}
	if len(installed) == 0 && len(findings) == 0 {
		return nil, NotApplicable("no kernel is installed, so the machine boots one from outside")
	}
	return append(findings, judgeKernel(distro.ParseKernel(running), installed)...), nil
}

func markMessage(mark distro.RebootMark) string {
	if len(mark.Packages) == 0 {
		return "a package asks for a reboot"
	}
	return "a reboot is asked for by " + strings.Join(mark.Packages, ", ")
}

// judgeKernel compares only kernels of the running one's flavour: others do not
// replace it. The installed ones are sorted, the oldest first.
func judgeKernel(running distro.Kernel, installed []distro.Kernel) []Finding {
	newest := ""
	for _, k := range installed {
		if k.Flavour == running.Flavour {
			newest = k.Release
		}
	}
	switch {
	case len(installed) == 0:
		return nil
	case newest == "":
		return []Finding{{Level: LevelWarn, Message: fmt.Sprintf("runs kernel %s, and no installed kernel is of its kind", running.Release)}}
	case newest != running.Release:
		return []Finding{{Level: LevelWarn, Message: fmt.Sprintf("runs kernel %s, and %s is installed", running.Release, newest)}}
	}
	return []Finding{{Level: LevelNote, Message: "runs the newest installed kernel, " + newest}}
}
