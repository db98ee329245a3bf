package distro

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFilesOfFaults: what is no such file costs no more than it is.
func TestFilesOfFaults(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("a\n"), 100_000)
	accounts, bad := ParsePasswd(data)
	assert.Less(t, len(accounts), 2*maxFaults)
	assert.Less(t, len(bad), 2*maxFaults)
	assert.ErrorContains(t, bad[len(bad)-1], "is where reading ended")
	entries, bad := ParseShadow(data)
	assert.Len(t, entries, maxFaults)
	assert.EqualError(t, bad[maxFaults], "/etc/shadow line 1001 is where reading ended: too many lines before it cannot be read")
	settings, bad := ParseSSHD("/f", bytes.Repeat([]byte("\x00\n"), 100_000))
	assert.Empty(t, settings)
	assert.Len(t, bad, maxFaults+1)
	_, err := parseDpkgStatus(bytes.Repeat([]byte("a:\n"), 100_000))
	assert.EqualError(t, err, "/var/lib/dpkg/status line 1001 is a field too many")
}

func TestParsePasswd(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []Account
		bad  string
	}{
		"sorted by name, shell may be empty": {
			text: "root:x:0:0:root:/root:/bin/bash\napp:*:1000:100::/srv/app:\n",
			want: []Account{
				{Name: "app", UID: 1000, GID: 100, Home: "/srv/app", Line: 2, Password: PasswordNone},
				{Name: "root", Home: "/root", Shell: "/bin/bash", Line: 1, Password: PasswordShadowed},
			},
		},
		"blanks before a line":           {text: " \ta:x:1:2::/:\n", want: []Account{{Name: "a", UID: 1, GID: 2, Home: "/", Line: 1, Password: PasswordShadowed}}},
		"comments and NSS compatibility": {text: "# a comment: with: colons\n+\n+::::::\n-bin::::::\n+@group::::::\n\n"},
		"an account commented out": {
			text: "#a:x:1:2::/:\n", want: []Account{{Name: "#a", UID: 1, GID: 2, Home: "/", Line: 1, Password: PasswordShadowed}},
		},
		"what is left of an account commented out": {
			text: "#a:x:1000\n", want: []Account{{Name: "#a", UID: 1000, GID: -1, Line: 1, Password: PasswordShadowed}},
		},
		"no colons": {
			text: "garbage\n", bad: "/etc/passwd line 1 does not have the seven fields of an account",
			want: []Account{{Name: "garbage", UID: -1, GID: -1, Line: 1, Password: PasswordEmpty}},
		},
		"eight fields": {
			text: "a:x:1:2::/:/bin/sh:x\n", bad: "/etc/passwd line 1 does not have",
			want: []Account{{Name: "a", UID: 1, GID: 2, Home: "/", Shell: "/bin/sh", Line: 1, Password: PasswordShadowed}},
		},
		"a negative gid": {
			text: "a:x:1:-2::/:\n", bad: "/etc/passwd line 1 has a gid that is no number",
			want: []Account{{Name: "a", UID: 1, GID: -1, Home: "/", Line: 1, Password: PasswordShadowed}},
		},
		"a uid over 32 bits": {
			text: "a:x:4294967296:2::/:\n", bad: "/etc/passwd line 1 has a uid that is no number",
			want: []Account{{Name: "a", UID: -1, GID: 2, Home: "/", Line: 1, Password: PasswordShadowed}},
		},
		"NUL": {
			text: "a\x00:x:1:2::/:\n", bad: "/etc/passwd line 1 is not text",
			want: []Account{{Name: "a", UID: 1, GID: 2, Home: "/", Line: 1, Password: PasswordShadowed}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, bad := ParsePasswd([]byte(c.text))
			for i := range got {
				got[i].UIDErr = nil
			}
			assert.Equal(t, c.want, got)
			if c.bad == "" {
				assert.Empty(t, bad)
				return
			}
			require.NotEmpty(t, bad)
			assert.Contains(t, bad[0].Error(), c.bad)
		})
	}
}

func TestParseShadow(t *testing.T) {
	text := "root:*:1:0:99999:7:::\n\n# a comment: or two\n+::::::::\nroot:$6$x:1::::::\nalone\n:x:1\n  pad::1::::::\n" +
		"long:*:1:2:3:4:5:6:7:8\n#old:$6$x:1::::::\n"
	entries, bad := ParseShadow([]byte(text))
	var got []string
	for _, e := range entries {
		got = append(got, e.Name)
		assert.Equal(t, e.Err != nil, e.Name == "alone" || e.Name == "" || e.Name == "long", e.Name)
	}
	assert.Equal(t, []string{"root", "+", "root", "alone", "", "pad", "long", "#old"}, got)
	assert.Equal(t, PasswordHash, entries[2].Password)
	assert.Equal(t, 5, entries[2].Line)
	assert.Equal(t, PasswordEmpty, entries[3].Password)
	assert.Equal(t, PasswordHash, entries[4].Password, "x points nowhere in shadow")
	assert.Len(t, bad, 3)
	for _, err := range bad {
		assert.NotContains(t, err.Error(), "alone", "an error must not quote")
	}
}

func TestParseUIDMin(t *testing.T) {
	for text, want := range map[string]int{
		"":                                     1000,
		"# UID_MIN 5\nSYS_UID_MIN 100\n":       1000,
		"UID_MIN\t\t\t  500\r\nUID_MAX 60000":  500,
		"UID_MIN 1000\nUID_MIN 2000 # later\n": 2000,
		"UID_MIN 0x3e8\n":                      1000,
		"UID_MIN\n":                            1000,
	} {
		got, err := ParseUIDMin([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	got, err := ParseUIDMin([]byte("X 1\nUID_MIN many\n"))
	assert.Equal(t, 1000, got)
	assert.EqualError(t, err, "/etc/login.defs line 2 has a UID_MIN that is no number")
}

func TestAccountsUsers(t *testing.T) {
	m := treeMachine(t, "-- etc/login.defs --\nUID_MIN 500\n-- etc/passwd --\nroot:x:5000:0::/root:\nlow:x:499:1::/:\napp:x:500:1::/:\nodd:x:?:1::/:\n")
	accounts, err := m.Accounts(t.Context())
	require.ErrorContains(t, err, "/etc/passwd line 4 has a uid")
	users := map[string]bool{}
	for _, a := range accounts {
		users[a.Name] = a.User
	}
	assert.Equal(t, map[string]bool{"root": false, "low": false, "app": true, "odd": true}, users)
	_, err = m.Shadow(t.Context())
	assert.ErrorContains(t, err, "/etc/shadow")
}

func FuzzPasswd(f *testing.F) {
	f.Add([]byte("root:x:0:0:root:/root:/bin/bash\n+::::::\nbroken\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		accounts, _ := ParsePasswd(data)
		for i, a := range accounts {
			if a.Line < 1 || strings.ContainsAny(a.Name, ":\n\x00") || (a.UIDErr != nil) != (a.UID < 0) {
				t.Errorf("%+v", a)
			}
			if i > 0 && accounts[i-1].Name > a.Name {
				t.Error("not sorted")
			}
		}
	})
}

func FuzzShadow(f *testing.F) {
	f.Add([]byte("root:*:1:0:99999:7:::\nalone\n#x:$6$a:1::::::\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, bad := ParseShadow(data)
		broken := 0
		for _, e := range entries {
			if e.Line < 1 || e.Password < PasswordNone || e.Password >= PasswordShadowed {
				t.Errorf("%+v", e)
			}
			if e.Err != nil {
				broken++
			}
		}
		if len(bad) < broken {
			t.Error("an error is lost")
		}
	})
}

func FuzzLoginDefs(f *testing.F) {
	f.Add([]byte("UID_MIN 1000\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if n, err := ParseUIDMin(data); n < 0 || err != nil && n != defaultUIDMin {
			t.Error(n, err)
		}
	})
}
