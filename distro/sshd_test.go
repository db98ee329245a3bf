package distro

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseSSHD(t *testing.T) {
	for line, want := range map[string][]string{
		"PermitRootLogin no":                       {"permitrootlogin", "no"},
		"\t permitrootlogin\tno \t\r\f":            {"permitrootlogin", "no"},
		"PermitRootLogin=no":                       {"permitrootlogin", "no"},
		"PermitRootLogin = no":                     {"permitrootlogin", "no"},
		"Subsystem sftp internal-sftp -l INFO":     {"subsystem", "sftp", "internal-sftp", "-l", "INFO"},
		`AuthorizedKeysFile "a b" 'c "d' e\ f g\h`: {"authorizedkeysfile", "a b", `c "d`, "e f", `g\h`},
		`Banner "a\"b" \\x`:                        {"banner", `a"b`, `\x`},
		"Banner a#b # a comment":                   {"banner", "a#b"},
		"Banner #nothing":                          {"banner"},
		`Banner ""`:                                {"banner", ""},
		"UsePAM":                                   {"usepam"},
		`"UsePAM" yes`:                             {"usepam", "yes"},
		"# a comment":                              nil,
		" \t\r":                                    nil,
	} {
		settings, bad := ParseSSHD("f", []byte("\n"+line+"\n"))
		assert.Empty(t, bad, line)
		var got []string
		for _, s := range settings {
			got = append([]string{s.Keyword}, s.Args...)
			assert.Equal(t, 2, s.Line)
		}
		assert.Equal(t, want, got, line)
	}
	_, bad := ParseSSHD("/f", []byte("Banner \"secret\nMatch\x00\nUsePAM yes\n"))
	require.Len(t, bad, 2)
	assert.EqualError(t, bad[0], "/f line 1 has a quote that is not closed")
	assert.EqualError(t, bad[1], "/f line 2 is not text")
}

func TestSSHD(t *testing.T) {
	m := treeMachine(t, `
-- etc/ssh/sshd_config --
Include sshd_config.d/*.conf /etc/ssh/gone
PermitRootLogin yes
Match User root Address 10.0.0.0/8
  PermitRootLogin without-password
  Include /etc/ssh/inner
  Banner a
-- etc/ssh/inner --
Banner b
Match All
Banner c
-- etc/ssh/sshd_config.d/20.conf --
PermitRootLogin no
-- etc/ssh/sshd_config.d/10.conf --
PermitRootLogin prohibit-password
Match Group x
X11Forwarding no
-- etc/ssh/sshd_config.d/.hidden.conf --
PermitRootLogin hidden
-- etc/ssh/sshd_config.d/x.conf.bak --
PermitRootLogin backup
`)
	config, err := m.SSHD(t.Context())
	require.NoError(t, err)
	var got []string
	for _, s := range config.Settings {
		got = append(got, fmt.Sprintf("%s:%d [%s] %s %s", strings.TrimPrefix(s.File, "/etc/ssh/"), s.Line, s.Match, s.Keyword, strings.Join(s.Args, " ")))
	}
	assert.Equal(t, []string{
		"sshd_config.d/10.conf:1 [] permitrootlogin prohibit-password",
		"sshd_config.d/10.conf:3 [Group x] x11forwarding no",
		"sshd_config.d/20.conf:1 [] permitrootlogin no",
		"sshd_config:2 [] permitrootlogin yes",
		"sshd_config:4 [User root Address 10.0.0.0/8] permitrootlogin without-password",
		"inner:1 [User root Address 10.0.0.0/8] banner b",
		"inner:3 [User root Address 10.0.0.0/8 All] banner c",
		"sshd_config:6 [User root Address 10.0.0.0/8] banner a",
	}, got)
	first, found := config.First("permitrootlogin")
	assert.True(t, found)
	assert.Equal(t, []string{"prohibit-password"}, first.Args)
	_, found = config.First("x11forwarding")
	assert.False(t, found)
	assert.Len(t, config.All("banner"), 3)
	assert.Len(t, config.Files, 4)
}

func TestSSHDProblems(t *testing.T) {
	for overlay, want := range map[string]string{
		"-- etc/ssh/sshd_config fifo --\n":                 "/etc/ssh/sshd_config: not a regular file",
		"-- etc/ssh/sshd_config size=2G --\n":              "file too large",
		"-- etc/ssh/sshd_config --\nInclude sshd_config\n": "include one another too often",
		"-- etc/ssh/sshd_config --\nInclude d/*\n-- etc/ssh/d/1 --\nInclude d/*\n-- etc/ssh/d/2 --\nInclude d/*\n": "include one another too often",
		"-- etc/ssh/sshd_config --\n\nInclude [x\n":                                                                "/etc/ssh/sshd_config line 2: syntax error in pattern",
		"-- etc/ssh/sshd_config --\nInclude d\n-- etc/ssh/d dir --\n":                                              "/etc/ssh/d: not a regular file",
	} {
		_, err := treeMachine(t, overlay).SSHD(t.Context())
		assert.ErrorContains(t, err, want, overlay)
	}
	config, err := treeMachine(t, "-- etc dir --\n").SSHD(t.Context())
	assert.NoError(t, err)
	assert.Empty(t, config.Files)
}

func FuzzSSHDConfig(f *testing.F) {
	f.Add([]byte("Include a\nMatch User \"x y\"\nBanner='a\\ b' # c\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		settings, bad := ParseSSHD("/f", data)
		for _, s := range settings {
			if s.Keyword != strings.ToLower(s.Keyword) || s.Line < 1 {
				t.Errorf("%+v", s)
			}
		}
		if len(settings)+len(bad) > 1+strings.Count(string(data), "\n") {
			t.Error("more settings than lines")
		}
	})
}
