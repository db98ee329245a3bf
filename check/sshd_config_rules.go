package check

import (
	"context"
	"strings"

	"imgcheck/distro"
)

func judgePasswords(config distro.SSHDConfig, everyone distro.LoginRules) []Finding {
	var findings []Finding
	switch {
	case everyone.Passwords.Value == "yes":
		findings = append(findings, about(everyone.Passwords, LevelWarn, "PasswordAuthentication is yes"))
	case everyone.AskPasswords():
		findings = append(findings, about(everyone.Keyboard, LevelWarn, "KbdInteractiveAuthentication is yes, and asks for passwords by PAM"))
	}
	if everyone.EmptyPasswords.Value == "yes" {
		findings = append(findings, about(everyone.EmptyPasswords, LevelWarn, "PermitEmptyPasswords is yes"))
	}
	findings = append(findings, inBlocks(config, everyone.Passwords, "PasswordAuthentication")...)
	return append(findings, inBlocks(config, everyone.EmptyPasswords, "PermitEmptyPasswords")...)
}

// inBlocks finds what a Match block allows to some, where it is not allowed to all.
func inBlocks(config distro.SSHDConfig, all distro.SSHDValue, keyword string) []Finding {
	var findings []Finding
	for _, s := range config.Blocks(strings.ToLower(keyword)) {
		if s.Is("yes") && all.Value != "yes" {
			findings = append(findings, Finding{Level: LevelWarn, Path: s.File, Line: s.Line, Message: keyword + " is yes in a Match block"})
		}
	}
	return findings
}

func judgeRootLogin(config distro.SSHDConfig, root distro.LoginRules) []Finding {
	switch value := root.RootLogin; {
	case value.Value == "yes" && root.AskPasswords():
		return []Finding{about(value, LevelWarn, "PermitRootLogin is yes, so that root's password opens the machine")}
	case value.Value == "yes":
		return []Finding{about(value, LevelNote, "PermitRootLogin is yes, though no password is asked for")}
	case value.Value == "no" || value.Value == "forced-commands-only":
		return []Finding{about(value, LevelWarn, "PermitRootLogin is "+value.Value+", and DigitalOcean gives the customer's key to root")}
	}
	return inBlocks(config, root.RootLogin, "PermitRootLogin")
}

func judgeHiddenKeys(config distro.SSHDConfig) []Finding {
	var findings []Finding
	for _, keyword := range []string{"TrustedUserCAKeys", "AuthorizedKeysCommand"} {
		for _, s := range config.All(strings.ToLower(keyword)) {
			if len(s.Args) > 0 && !s.Is("none") {
				findings = append(findings, Finding{
					Level: LevelWarn, Path: s.File, Line: s.Line, Message: keyword + " lets in keys that no file shows",
				})
			}
		}
	}
	return findings
}

func judgeForceCommand(ctx context.Context, m *distro.Machine, root distro.LoginRules) ([]Finding, error) {
	set := root.ForceCommand
	if set.Keyword == "" {
		return nil, nil
	}
	removal, err := m.RemovedAtBoot(ctx, set.SSHDSetting)
	f := Finding{Level: LevelFail, Path: set.File, Line: set.Line}
	switch {
	case removal.By != "":
		f.Level, f.Message = LevelNote, "ForceCommand for root, which "+removal.By+" removes at first boot"
	case !set.LogsOut():
		f.Level, f.Message = LevelWarn, "ForceCommand for root: make sure that the program gives the customer a shell"
	case len(removal.Perhaps) > 0:
		f.Level, f.Message = LevelWarn, "ForceCommand logs root out; make sure that "+strings.Join(removal.Perhaps, ", ")+" removes it"
	case err != nil:
		f.Level, f.Message = LevelWarn, "ForceCommand logs root out; whether something removes it could not be looked at"
	case len(removal.Others) > 0:
		f.Message = "ForceCommand logs root out for good: " + strings.Join(removal.Others, ", ") + " changes the file, but not this line"
	default:
		f.Message = "ForceCommand logs root out for good: nothing that runs at first boot removes it"
	}
	return []Finding{f}, err
}
