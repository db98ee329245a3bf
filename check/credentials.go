package check

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

func credentials() *Check {
	return &Check{
		ID:       "credentials",
		Category: "secrets",
		Title:    "No credentials are left in the image",
		Found:    "%d secret|%d secrets",
		Doc: "Whatever opens an account of the vendor's would be handed to every customer. Three things are looked for, and named by kind, path and line only. " +
			"Files in which programs keep credentials, in the homes of all accounts, and only where they hold any: DigitalOcean's 1-Click passwords and database credentials, doctl, aws, gcloud, az, " +
			"kubectl, docker, Terraform, Vault, rclone, s3cmd, netrc, git, gh, glab, npm, PyPI, cargo, gem, Composer, Hugging Face. " +
			"Tokens of DigitalOcean, AWS, GitHub, GitLab, Slack, Stripe, npm, PyPI, Hugging Face and Docker Hub by their documented form, in the first MiB of every text file in the homes of people, " +
			"/etc, /usr/local/etc, bin and sbin, cloud-init's scripts, /srv, /var/www and /opt; a token of at most five different characters or with EXAMPLE in it is a placeholder. " +
			"What all droplets would share is a warning: private keys outside of .ssh (TLS, Let's Encrypt, GnuPG, Debian's self-signed ssl-cert-snakeoil), a .pgpass, a my.cnf with a password. " +
			"Folders of other people's code (node_modules, site-packages, gems …), caches, .ssh (it has checks of its own), binary files and what is mounted are passed over; links are not followed. The search ends at 100,000 files or 1 GiB, and says so. " +
			"Nothing is guessed from how random a text looks, so that a password in a program's own configuration is not seen.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners#readme",
			"https://docs.digitalocean.com/reference/api/create-personal-access-token/",
			"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/building-shared-amis.html",
		},
		Remedy: "Revoke the credential where it is valid, as whoever had a copy of the disk has it, and delete the file or the line: \"rm FILE\". " +
			"Make keys and passwords of the image's own at first boot, in a script in /var/lib/cloud/scripts/per-instance.",
		Run: judgeCredentials,
	}
}

func judgeCredentials(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	secrets, err := m.Secrets(ctx)
	var findings []Finding
	for _, s := range secrets.Found {
		f := Finding{Level: LevelFail, Path: s.Path, Line: s.Line, Message: s.Kind + times(s.Places)}
		if s.Shared {
			f.Level, f.Message = LevelWarn, f.Message+", which every droplet would share"
		}
		findings = append(findings, f)
	}
	for _, dir := range secrets.Mounted {
		findings = append(findings, Finding{Level: LevelNote, Path: dir, Message: "a file system of its own is mounted here, which was not searched"})
	}
	return findings, err
}

// times says how often something stands in a file, where that is more than once.
func times(n int) string {
	if n > 1 {
		return fmt.Sprintf(" (%d times)", n)
	}
	return ""
}
