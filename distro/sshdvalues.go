package distro

import (
	"slices"
	"strconv"
	"strings"
)

// Keywords of sshd's configuration that have other names too.
var keyboardInteractive = []string{"kbdinteractiveauthentication", "challengeresponseauthentication"}

// SSHDValue is a value that sshd goes by.
type SSHDValue struct {
	// Value is in lower case, an alias replaced by today's word.
	Value string
	// SSHDSetting is where it is set; without Keyword it is sshd's default.
	SSHDSetting
}

// LoginRules is by what sshd lets a user in, as far as no Match block on something
// other than the user decides it.
type LoginRules struct {
	RootLogin, Passwords, Keyboard, PAM, EmptyPasswords SSHDValue
	// ForceCommand is the command that is run instead of a shell, if it is set.
	ForceCommand SSHDValue
}

// AskPasswords reports whether a password opens an account, in either of the two ways
// in which sshd asks for one.
func (r LoginRules) AskPasswords() bool {
	return r.Passwords.Value == "yes" || r.Keyboard.Value == "yes" && r.PAM.Value == "yes"
}

// LoginRules returns by what sshd lets a user in, by its configuration and, where that
// says nothing, by the defaults of the release's OpenSSH.
func (m *Machine) LoginRules(c SSHDConfig, who SSHDUser) LoginRules {
	rules := LoginRules{
		RootLogin:      c.value(who, m.rootLoginDefault(), "permitrootlogin"),
		Passwords:      c.value(who, "yes", "passwordauthentication"),
		Keyboard:       c.value(who, "yes", keyboardInteractive...),
		PAM:            SSHDValue{Value: "no"},
		EmptyPasswords: c.value(who, "no", "permitemptypasswords"),
	}
	if i := slices.IndexFunc(c.Settings, setsPAM); i >= 0 {
		rules.PAM = SSHDValue{c.Settings[i].argument(), c.Settings[i]}
	}
	if s, set := c.For(who, "forcecommand"); set && s.argument() != "none" {
		rules.ForceCommand = SSHDValue{"yes", s}
	}
	return rules
}

// setsPAM: sshd goes by UsePAM before it knows who logs in, so that of the Match blocks
// only one for all holds, and only where nothing before it sets it.
func setsPAM(s SSHDSetting) bool {
	return s.Keyword == "usepam" && strings.TrimSpace(strings.ReplaceAll(strings.ToLower(s.Match), "all", "")) == ""
}

func (c SSHDConfig) value(who SSHDUser, unset string, keywords ...string) SSHDValue {
	s, set := c.For(who, keywords...)
	if !set {
		return SSHDValue{Value: unset}
	}
	return SSHDValue{s.argument(), s}
}

// argument is the first argument in lower case, an alias replaced by today's word.
func (s SSHDSetting) argument() string {
	if len(s.Args) == 0 {
		return ""
	}
	switch value := strings.ToLower(s.Args[0]); value {
	case "true":
		return "yes"
	case "false":
		return "no"
	case "without-password":
		return "prohibit-password"
	default:
		return value
	}
}

// Is reports whether the setting's first argument is that value, in lower case.
func (s SSHDSetting) Is(value string) bool { return s.argument() == value }

// rootLoginDefault is what PermitRootLogin is where nothing sets it: OpenSSH 7.0 made
// it prohibit-password, which Red Hat took over with Enterprise Linux 8.
func (m *Machine) rootLoginDefault() string {
	major, _, _ := strings.Cut(m.OS.Version, ".")
	if number, err := strconv.Atoi(major); m.Family == FamilyRPM && err == nil && number < 8 {
		return "yes"
	}
	return "prohibit-password"
}

// onlySays are commands that print something and end, so that whoever logs in is
// logged out again.
var onlySays = [...]string{"echo", "printf", "cat", "true", "false", "nologin", "exit", "sleep", "logger"}

// LogsOut reports whether a ForceCommand says something and ends, rather than run a
// program that may serve whoever logs in.
func (s SSHDSetting) LogsOut() bool {
	if len(s.Args) == 0 {
		return false
	}
	words := strings.Fields(s.Args[0])
	return len(words) > 0 && slices.Contains(onlySays[:], words[0][strings.LastIndexByte(words[0], '/')+1:])
}
