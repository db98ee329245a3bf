package check

import (
	"context"
	"errors"
	"strings"

	"imgcheck/distro"
)

func dropletFeatures() *Check {
	return &Check{
		ID:       "droplet-features",
		Category: "droplet",
		Title:    "The build droplet was made without extra features",
		Found:    "%d feature of the build droplet|%d features of the build droplet",
		Doc: "The guide asks not to switch on monitoring, IPv6, private networking or volumes on the build droplet, since they change the system's configuration. Seen are the package of the monitoring agent, " +
			"public IPv6 addresses, volumes, and lines of /etc/fstab that mount one (a customer's droplet has no such volume and may not boot). A private network is a note: every droplet has one since 2020. " +
			"No network is asked, so that backups, cloud firewalls, reserved addresses and tags cannot be seen.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#recommendations",
			"https://docs.digitalocean.com/products/networking/vpc/",
			"https://docs.digitalocean.com/products/volumes/how-to/mount/",
		},
		Remedy:    "Build on a fresh droplet without these features; before that, take lines that mount volumes out of /etc/fstab and run \"apt-get purge do-agent\" or \"dnf remove do-agent\".",
		NeedsLive: true,
		Run:       judgeDropletFeatures,
	}
}

func judgeDropletFeatures(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	d, err := m.Droplet(ctx)
	if errors.Is(err, distro.ErrNoDroplet) {
		return nil, NotApplicable("%s", err)
	}
	var findings []Finding
	add := func(level Level, path string, line int, message string) {
		findings = append(findings, Finding{Level: level, Path: path, Line: line, Message: message})
	}
	if d.Monitoring != "" {
		add(LevelWarn, "", 0, "monitoring: the package "+d.Monitoring+" is installed")
	}
	if len(d.IPv6) > 0 {
		add(LevelWarn, "", 0, "IPv6: a public address on "+strings.Join(d.IPv6, ", "))
	}
	for _, volume := range d.Volumes {
		add(LevelWarn, volume, 0, "a volume is attached")
	}
	for _, line := range d.MountedAtBoot {
		add(LevelWarn, distro.FstabFile, line, "mounts a volume that no customer's droplet has")
	}
	if d.VPC {
		add(LevelNote, "", 0, "a private network (VPC), as every droplet has")
	}
	return findings, err
}
