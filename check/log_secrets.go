package check

import (
	"context"

	"imgcheck/distro"
)

func logSecrets() *Check {
	return &Check{
		ID:       "log-secrets",
		Category: "secrets",
		Title:    "No log holds a token or a private key",
		Found:    "%d secret in a log|%d secrets in logs",
		Doc: "Installers and scripts print what they are given, and what they print is logged. Every log under /var/log of more than 50 bytes is searched to its end, at any depth, " +
			"archives (gzip, xz, bzip2, zstd, lz4) unpacked, the persistent journal, and the files to which cloud-init is told to write its output. " +
			"Looked for are private keys and the tokens that the check credentials knows. Public keys and the fingerprints of host keys, which cloud-init prints, are normal and not counted. " +
			"The search ends at 4 GiB, or 512 MiB unpacked (256 MiB for one archive), and says so.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/60",
			"https://github.com/digitalocean/marketplace-partners/pull/98",
			"https://github.com/digitalocean/marketplace-partners/pull/101",
		},
		Remedy: "Revoke what was logged, empty the log (\"truncate -s 0 FILE\") or delete the archive, and find what printed it: a command line, a shell that traces, an installer's output.",

		FixedBy: []string{"logs"},
		Run:     judgeLogSecrets,
	}
}

func judgeLogSecrets(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	secrets, err := m.LogSecrets(ctx)
	var findings []Finding
	for _, s := range secrets {
		findings = append(findings, Finding{Level: LevelWarn, Path: s.Path, Line: s.Line, Message: s.Kind + times(s.Places)})
	}
	return findings, err
}
