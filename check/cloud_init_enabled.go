package check

import (
	"context"
	"errors"

	"imgcheck/distro"
)

func cloudInitEnabled() *Check {
	return &Check{
		ID:       "cloud-init-enabled",
		Category: "boot",
		Title:    "cloud-init runs at boot",
		Found:    "%d thing keeps cloud-init from running|%d things keep cloud-init from running",
		Doc: "A droplet whose cloud-init is switched off gets no network, no SSH keys and no first-boot scripts: nobody can log in. Looked at are the file " +
			"/etc/cloud/cloud-init.disabled, the kernel's arguments (cloud-init=disabled in the boot loader's configuration, in what it is made from, and of the running kernel), " +
			"the units of every stage, what starts cloud-init.target (a link, or systemd's generator), and the policy that ds-identify goes by.",
		Script: "img_check.sh takes an installed cloud-init for one that runs.",
		Sources: []string{
			"https://docs.cloud-init.io/en/latest/howto/disable_cloud_init.html",
			"https://docs.cloud-init.io/en/latest/explanation/boot.html",
			"https://github.com/digitalocean/marketplace-partners#software-prerequisites",
		},
		Remedy: "Delete the file, take the argument out of /etc/default/grub (or /etc/default/grub.d) and run \"update-grub\" (\"grubby --update-kernel=ALL --remove-args=cloud-init=disabled\"), " +
			"or run \"systemctl unmask UNIT\" and \"systemctl enable UNIT\"; a missing generator comes back with the package: \"apt-get install --reinstall cloud-init\" or \"dnf reinstall cloud-init\".",
		Run: judgeCloudInitEnabled,
	}
}

func judgeCloudInitEnabled(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	obstacles, err := m.CloudObstacles(ctx)
	if errors.Is(err, distro.ErrNoCloudInit) {
		return nil, NotApplicable("%s, see the check cloud-init", err)
	}
	var findings []Finding
	for _, o := range obstacles {
		findings = append(findings, Finding{Level: LevelFail, Path: o.Path, Line: o.Line, Message: o.What})
	}
	return findings, err
}
