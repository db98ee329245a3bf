package check

import (
	"context"
	"errors"
	"strings"

	"imgcheck/distro"
)

func sshdConfig() *Check {
	return &Check{
		ID:       "sshd-config",
		Category: "ssh",
		Title:    "The SSH server takes keys only, and lets root in",
		Found:    "%d setting to look at|%d settings to look at",
		Doc: "What counts is what sshd goes by: the first setting in sshd_config and its Include files, after the options it is started with, Match blocks, and OpenSSH's own default where nothing is set. " +
			"Warned of are passwords (PasswordAuthentication, or KbdInteractiveAuthentication by PAM) since scanners try them on every droplet, PermitEmptyPasswords, " +
			"PermitRootLogin yes together with passwords, PermitRootLogin no since DigitalOcean gives the customer's key to root, " +
			"and TrustedUserCAKeys and AuthorizedKeysCommand, by which keys open the machine that no file in it shows. " +
			"A ForceCommand for root that says something and ends (\"Please wait…\") is put there so that nobody logs in before first boot is done. It fails unless a command that runs at first boot " +
			"takes that very line away, as otherwise the customer is locked out for good: looked for are sed, rm, mv, cp and redirections in cloud-init's scripts and configuration, rc.local, " +
			"added units, and the scripts that they name. Other programs in a ForceCommand for root are a warning.",
		Sources: []string{
			"https://man.openbsd.org/sshd_config",
			"https://github.com/digitalocean/droplet-1-clicks/blob/master/common/scripts/018-force-ssh-logout.sh",
			"https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/building-shared-amis.html",
		},
		Remedy: "Set \"PasswordAuthentication no\" and \"KbdInteractiveAuthentication no\", leave PermitRootLogin at prohibit-password, and remove the settings that the image does not need. " +
			"For a ForceCommand, put into /var/lib/cloud/scripts/per-instance/001_onboot: \"sed -i -e '/Match User root/d' -e '/ForceCommand/d' /etc/ssh/sshd_config; systemctl restart ssh\"",
		Run: judgeSSHDConfig,
	}
}

func judgeSSHDConfig(ctx context.Context, m *distro.Machine) ([]Finding, error) {
	config, configErr := m.SSHD(ctx)
	server, serverErr := m.SSHServer(ctx)
	if server.Program == "" && len(config.Files) == 0 {
		return nil, errors.Join(NotApplicable("there is no SSH server"), serverErr, configErr)
	}
	user, userErr := m.SSHDUser(ctx, "root")
	everyone, root := m.LoginRules(config, distro.SSHDUser{}), m.LoginRules(config, user)
	findings := judgePasswords(config, everyone)
	findings = append(findings, judgeRootLogin(config, root)...)
	if configErr != nil { // what was not read may set what nothing seems to
		findings = without(findings, unset)
	}
	findings = append(findings, judgeHiddenKeys(config)...)
	forced, forcedErr := judgeForceCommand(ctx, m, root)
	return append(findings, forced...), errors.Join(configErr, userErr, forcedErr)
}

// unset ends what is said of a setting that is OpenSSH's default.
const unset = ", as OpenSSH's default where nothing sets it"

func without(findings []Finding, ending string) []Finding {
	var rest []Finding
	for _, f := range findings {
		if !strings.HasSuffix(f.Message, ending) {
			rest = append(rest, f)
		}
	}
	return rest
}

// about makes the finding of a value where it is set, or of the whole configuration
// where it is the default.
func about(v distro.SSHDValue, level Level, message string) Finding {
	if v.Keyword == "" {
		return Finding{Level: level, Path: distro.SSHDConfigFile, Message: message + unset}
	}
	return Finding{Level: level, Path: v.File, Line: v.Line, Message: message}
}
