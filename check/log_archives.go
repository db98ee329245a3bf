package check

import (
	"context"

	"imgcheck/distro"
)

func logArchives() *Check {
	return &Check{
		ID:       "log-archives",
		Category: "logs",
		Title:    "No rotated logs under /var/log",
		Found:    "%d log archive|%d log archives",
		Doc: "Rotated logs tell every customer what happened on the build droplet: addresses, names, commands, at times secrets. Any regular file under /var/log, at any depth, " +
			"counts whose name ends in a number (.1, .10), in .gz, .xz, .bz2, .zst or .old, or in a date (-20261121), whatever its size. Links are not followed.",
		Script: "img_check.sh looks at the top of /var/log alone, knows only .0 to .9, and takes any name for an archive that has eight characters behind a dash (cloud-init.log, " +
			"the folder unattended-upgrades); it prints what is in them, and stops at the first dangling link. cpanel-install.log is left alone, as there.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/83",
			"https://github.com/digitalocean/marketplace-partners/issues/75",
		},
		Remedy: "Run \"imgcheck clean --only logs\", or delete them: \"find /var/log -type f -not -path '/var/log/journal/*' -regextype posix-extended " +
			"-regex '.*(\\.([0-9]+|gz|xz|bz2|zst|old)|-[0-9]{8}[0-9]*(-[0-9]+)?(\\.log)?)' -delete\"",
		FixedBy:  []string{"logs"},
		Upstream: true,
		Run:      judgeLogArchives,
	}
}

func judgeLogArchives(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	logs, err := m.Logs(ctx)
	var findings []Finding
	for _, l := range logs.List {
		if l.Kind == distro.LogArchive {
			findings = append(findings, Finding{Level: LevelWarn, Path: l.Path, Message: BinarySize(l.Size)})
		}
	}
	return findings, err
}
