package check

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

func logFiles(p Policy) *Check {
	return &Check{
		ID:       "log-files",
		Category: "logs",
		Title:    "The text logs under /var/log are empty",
		Found:    "%d log file|%d log files",
		Doc: "Logs tell every customer what happened on the build droplet: addresses, names, commands, at times secrets. Any regular file under /var/log over 50 bytes counts, at any depth and " +
			"whatever its name; rotated logs have a check of their own, and the binary login records (wtmp, btmp, lastlog) and the journal are not judged. csf's lfd.log counts without the two lines that csf itself writes at every rotation, " +
			"and cpanel-install.log not at all, as cPanel's support needs it. Links are not followed, fifos, sockets and devices never opened. Scanners fill auth.log in minutes: " +
			"a log that holds nothing but their failed SSH logins is named as such. A machine without /var/log is a warning too, since many programs do not start without it.",
		Script: "img_check.sh looks at /var/log/*.log alone (not at syslog, messages, nginx/, apt/ …), prints what is in them, keys and tokens too, and stops at the first dangling link.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/90",
			"https://github.com/digitalocean/marketplace-partners/issues/75",
			"https://github.com/digitalocean/marketplace-partners/pull/159",
		},
		Remedy: "Run \"imgcheck clean --only logs\", or empty them and keep the files: \"find /var/log -type f -not -name cpanel-install.log -not -path '/var/log/journal/*' -exec truncate --size 0 {} +\"",

		FixedBy:  []string{"logs"},
		Upstream: true,
		Changed:  p.changedLogs(),
		Run: func(ctx context.Context, m *distro.Machine) ([]Finding, error) {
			return judgeLogFiles(ctx, m, p.LogBytes)
		},
	}
}

func judgeLogFiles(ctx context.Context, m *distro.Machine, limit int64) ([]Finding, error) {
	logs, err := m.Logs(ctx)
	if logs.Missing {
		return []Finding{{Level: LevelWarn, Path: distro.LogDir, Message: "there is no such folder"}}, err
	}
	var findings []Finding
	for _, l := range logs.List {
		if l.Kind != distro.LogCurrent || l.Size <= limit {
			continue
		}
		message := BinarySize(l.Size)
		if noise, _ := m.OnlyScanners(l); noise { // why not is of no use: the log counts either way
			message += ", nothing but failed SSH logins of scanners"
		}
		findings = append(findings, Finding{Level: LevelWarn, Path: l.Path, Message: message})
	}
	return findings, err
}

// BinarySize shows a number of bytes for people, in powers of 1024 ("4.1 KiB").
func BinarySize(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d bytes", n)
	}
	size, unit := float64(n)/1024, 0
	for size >= 1023.95 && unit < 4 {
		size /= 1024
		unit++
	}
	return fmt.Sprintf("%.1f %ciB", size, "KMGTP"[unit])
}
