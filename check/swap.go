package check

import (
	"context"
	"strings"

	"imgcheck/distro"
)

func swap() *Check {
	return &Check{
		ID:       "swap",
		Category: "leftovers",
		Title:    "There is no swap space in the image",
		Found:    "%d swap space|%d swap spaces",
		Doc: "A swap file makes the image larger and slower to make droplets of, and what the build droplet's memory held, passwords and keys too, may stand in it. Looked at are files by their usual names, " +
			"/etc/fstab and, on a running machine, what it swaps to now; compressed memory (zram) does not count. A line of /etc/fstab whose swap is not there is a fault at every boot. An application that needs swap can make it at the first boot.",
		Sources: []string{
			"https://www.digitalocean.com/community/tutorials/how-to-add-swap-space-on-ubuntu-22-04",
			"https://github.com/kubernetes-sigs/image-builder/tree/main/images/capi/ansible/roles/sysprep",
		},
		FixedBy: []string{"swap"},
		Remedy:  "Run \"imgcheck clean --only swap\". By hand: run \"swapoff -a\", take the line out of /etc/fstab and delete the file; where the application needs swap, make it in a script in /var/lib/cloud/scripts/per-instance.",
		Run:     judgeSwap,
	}
}

func judgeSwap(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	swaps, err := m.Swaps(ctx)
	var findings []Finding
	for _, s := range swaps {
		if s.Size > 0 || s.Active {
			findings = append(findings, Finding{Level: LevelWarn, Path: s.Path, Message: describeSwap(s)})
		}
		switch {
		case s.Missing:
			findings = append(findings, Finding{Level: LevelWarn, Path: distro.FstabFile, Line: s.Line, Message: "names swap that is not there"})
		case s.Line > 0:
			findings = append(findings, Finding{Level: LevelWarn, Path: distro.FstabFile, Line: s.Line, Message: "swap is used after every boot"})
		}
	}
	return findings, err
}

func describeSwap(s distro.Swap) string {
	what := []string{"swap space"}
	if s.Size > 0 {
		what = []string{"a swap file of " + BinarySize(s.Size)}
	}
	if s.Active {
		what = append(what, "in use now")
	}
	return strings.Join(what, ", ")
}
