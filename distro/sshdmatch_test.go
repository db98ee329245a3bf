package distro

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMatchCriteria(t *testing.T) {
	root := SSHDUser{Name: "root", Groups: []string{"root", "admin"}}
	for criteria, want := range map[string]answer{
		"all": yes, "All": yes, "User root": yes, "user root": yes, "User=root": yes, "User app": no, "User ro*": yes, "User r??t": yes,
		"User app,root": yes, "User *,!root": no, "User !root,*": no, "User !app": no, "User !app,*": yes, "User *": yes, "User [r]oot": no, `User \root`: no,
		"Group admin": yes, "Group *,!admin": no, "Group wheel": no, "Group !wheel,*": yes,
		"User root Group admin": yes, "User root Group wheel": no,
		"Address 10.0.0.0/8": perhaps, "User root Address 10.0.0.0/8": perhaps, "User app Address 10.0.0.0/8": no, "Host *": perhaps, "LocalPort 22": perhaps,
		"invalid-user": no, "User": no, "User root Address 10.0.0.0/8 All": perhaps, "User app All": no,
	} {
		assert.Equal(t, want, root.meets(criteria), criteria)
	}
	assert.Equal(t, no, SSHDUser{}.meets("User root"))
	assert.Equal(t, no, SSHDUser{}.meets("Group root"))
	assert.Equal(t, yes, SSHDUser{}.meets("User *"))
}

func TestSettingsFor(t *testing.T) {
	m := treeMachine(t, "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\napp:x:1000:1000::/srv:/bin/sh\n-- etc/group --\nroot:x:0:\nsftp:x:50:app,x\napp:x:1000:\n"+`
-- etc/ssh/sshd_config --
ChallengeResponseAuthentication no
KbdInteractiveAuthentication yes
PermitRootLogin no
PasswordAuthentication no
Match Group sftp
  ForceCommand internal-sftp
  PasswordAuthentication yes
Match User root Address 192.0.2.0/24
  PermitRootLogin yes
Match User root
  PermitRootLogin without-password
Match all
  PermitRootLogin yes
  X11Forwarding no
`)
	c, err := m.SSHD(t.Context())
	require.NoError(t, err)
	root, err := m.SSHDUser(t.Context(), "root")
	require.NoError(t, err)
	assert.Equal(t, SSHDUser{"root", []string{"root"}}, root)
	app, err := m.SSHDUser(t.Context(), "app")
	require.NoError(t, err)
	assert.Equal(t, []string{"sftp", "app"}, app.Groups)

	rules := m.LoginRules(c, root)
	assert.Equal(t, "prohibit-password", rules.RootLogin.Value)
	assert.Equal(t, 11, rules.RootLogin.Line)
	assert.Equal(t, "no", rules.Keyboard.Value, "the first of two aliases counts")
	assert.False(t, rules.AskPasswords())
	assert.Empty(t, rules.ForceCommand.Keyword)
	rules = m.LoginRules(c, app)
	assert.Equal(t, "yes", rules.Passwords.Value)
	assert.Equal(t, "yes", rules.RootLogin.Value, "Match all is a block like others")
	assert.Equal(t, []string{"internal-sftp"}, rules.ForceCommand.Args)
	assert.Len(t, c.Blocks("permitrootlogin"), 3)
}

func TestLoginDefaults(t *testing.T) {
	for system, want := range map[string]string{
		"ID=centos\nVERSION_ID=\"7\"\n": "yes", "ID=rocky\nVERSION_ID=\"8.10\"\n": "prohibit-password", "ID=debian\nVERSION_ID=\"12\"\n": "prohibit-password",
	} {
		m := treeMachine(t, "-- etc/os-release --\n"+system)
		rules := m.LoginRules(SSHDConfig{}, SSHDUser{Name: "root"})
		assert.Equal(t, want, rules.RootLogin.Value, system)
		assert.Equal(t, "yes", rules.Passwords.Value)
		assert.Equal(t, "no", rules.EmptyPasswords.Value)
		assert.True(t, rules.AskPasswords())
	}
	keyboard := LoginRules{Passwords: SSHDValue{Value: "no"}, Keyboard: SSHDValue{Value: "yes"}, PAM: SSHDValue{Value: "no"}}
	assert.False(t, keyboard.AskPasswords(), "without PAM nobody asks")
	keyboard.PAM.Value = "yes"
	assert.True(t, keyboard.AskPasswords())
}

func TestSSHDOptions(t *testing.T) {
	m := treeMachine(t, "-- etc/default/ssh --\n# SSHD_OPTS=\"-o PermitRootLogin=no\"\nSSHD_OPTS=\"-o PasswordAuthentication=yes -4 -oUsePAM=no -p 22\"\n"+
		"-- etc/ssh/sshd_config --\nPasswordAuthentication no\n")
	c, err := m.SSHD(t.Context())
	require.NoError(t, err)
	require.Len(t, c.Settings, 3)
	s, _ := c.First("passwordauthentication")
	assert.Equal(t, SSHDSetting{Keyword: "passwordauthentication", Args: []string{"yes"}, File: "/etc/default/ssh", Line: 2}, s)
	assert.Equal(t, []string{"/etc/ssh/sshd_config"}, c.Files)
	for text, want := range map[string]string{
		"OPTIONS='-f /etc/ssh/other'\n": "/etc/sysconfig/sshd line 1 starts sshd with another configuration", "OPTIONS=-f/x\n": "another configuration",
		"\nOPTIONS=-oBanner=\\'x\n": "",
	} {
		_, err := parseSSHDOptions("/etc/sysconfig/sshd", "OPTIONS", []byte(text))
		if want == "" {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, want)
	}
	_, err = treeMachine(t, "-- etc/default/ssh fifo --\n").SSHD(t.Context())
	assert.ErrorContains(t, err, "/etc/default/ssh: not a regular file")
}

func FuzzSSHDOptions(f *testing.F) {
	f.Add([]byte("OPTIONS=\"-o a=b -oc=d -f x -o\"\n"), "User root,!x Address *")
	f.Fuzz(func(t *testing.T, data []byte, criteria string) {
		settings, _ := parseSSHDOptions("/f", "OPTIONS", data)
		for _, s := range settings {
			if s.Line < 1 {
				t.Error(s)
			}
			s.argument()
			s.LogsOut()
		}
		user := SSHDUser{Name: "root", Groups: groupsOf(data, "root", 0)}
		if got := user.meets(criteria); got < no || got > yes {
			t.Error(got)
		}
	})
}
