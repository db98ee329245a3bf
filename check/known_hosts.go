package check

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

func knownHosts() *Check {
	return &Check{
		ID:       "known-hosts",
		Category: "ssh",
		Title:    "No account remembers hosts it has met",
		Found:    "%d filled known_hosts file|%d filled known_hosts files",
		Doc: "known_hosts names the vendor's own machines, and makes a customer's ssh trust or refuse hosts that it has never met. " +
			"Looked at are known_hosts, known_hosts2 and known_hosts.old of every account; up to 50 bytes count as empty.",
		Script:   "img_check.sh looks at known_hosts of root only, with the same limit.",
		Sources:  []string{"https://github.com/digitalocean/marketplace-partners#readme"},
		Remedy:   "Run \"imgcheck clean --only ssh-keys\", or delete the file: \"rm FILE\"",
		FixedBy:  []string{"ssh-keys"},
		Upstream: true,
		Run:      judgeKnownHosts,
	}
}

func judgeKnownHosts(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	files, err := m.SSHFiles(ctx)
	var findings []Finding
	for _, f := range files {
		if f.Role == distro.SSHKnownHosts && f.Size > populated {
			findings = append(findings, Finding{Level: LevelWarn, Path: f.Path, Message: fmt.Sprintf("%d bytes", f.Size)})
		}
	}
	return findings, err
}
