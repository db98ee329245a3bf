package distro

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/fixtures"
)

func TestParseOSRelease(t *testing.T) {
	for name, c := range map[string]struct {
		text, err string
		want      OS
	}{
		"Rocky": {
			text: "NAME=\"Rocky Linux\"\nVERSION_ID='9.4'\nID=rocky\nID_LIKE=\"rhel centos fedora\"\nPRETTY_NAME=\"Rocky Linux 9.4 (Blue Onyx)\"\n",
			want: OS{ID: "rocky", Name: "Rocky Linux", Version: "9.4", Pretty: "Rocky Linux 9.4 (Blue Onyx)", Like: []string{"rhel", "centos", "fedora"}},
		},
		"comments, blanks":      {text: "# x\n\n  ID=debian # y\n\tVERSION_CODENAME='bookworm' \n", want: OS{ID: "debian", Codename: "bookworm"}},
		"CRLF":                  {text: "ID=debian\r\nVERSION_ID=\"12\"\r\n", want: OS{ID: "debian\r", Version: "12\r"}},
		"other blanks":          {text: "VERSION_ID=12\f\nID=debian\u00a0\n", want: OS{ID: "debian\u00a0", Version: "12\f"}},
		"escapes":               {text: `NAME="a \"b\" \$c \\ \d"` + "\n" + `ID=a\ b'\c'`, want: OS{Name: `a "b" $c \ \d`, ID: `a b\c`}},
		"a word of parts":       {text: "VERSION_ID=\"12\".5#x\n", want: OS{Version: "12.5#x"}},
		"nothing runs":          {text: "ID=$(id)\nNAME=`id`\n", want: OS{ID: "$(id)", Name: "`id`"}},
		"empty":                 {},
		"a command":             {text: "ID=a\nrm -rf x\n", err: "line 2 is not an assignment", want: OS{ID: "a"}},
		"a value for a command": {text: "NAME=Debian GNU/Linux\nID=a\n", err: "line 1 is not an assignment", want: OS{ID: "a"}},
		"two commands":          {text: "ID=a;ID=b\n", err: "line 1 is not an assignment"},
		"exported":              {text: "ID=a\nexport ID=b\n", err: "line 2 is not an assignment", want: OS{ID: "a"}},
		"appended":              {text: "ID=a\nID+=b\n", err: "line 2 is not an assignment", want: OS{ID: "a"}},
		"an open quote":         {text: "ID=\"a\nNAME=b\n", err: "line 1 has a quote that is not closed"},
		"binary":                {text: "ID=a\x00\n", err: "not text", want: OS{ID: "a"}},
		"invalid UTF-8":         {text: "ID=\xff\n", err: "not text", want: OS{ID: "\xff"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseOSRelease([]byte(c.text))
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
			} else {
				require.NoError(t, err)
			}
			if len(c.want.Like) == 0 {
				c.want.Like = got.Like[:0]
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestDetectGoesDownTheFiles(t *testing.T) {
	for name, c := range map[string]struct {
		overlay string
		want    OS
	}{
		"etc before usr": {
			"-- etc/os-release --\nID=debian\n-- usr/lib/os-release --\nID=other\n", OS{ID: "debian", File: "/etc/os-release"},
		},
		"usr/lib": {"-- usr/lib/os-release --\nID=debian\n", OS{ID: "debian", File: "/usr/lib/os-release"}},
		"lsb": {
			"-- etc/lsb-release --\nDISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=16.04\nDISTRIB_CODENAME=xenial\nDISTRIB_DESCRIPTION=\"Ubuntu 16.04.7 LTS\"\n",
			OS{ID: "ubuntu", Name: "Ubuntu", Version: "16.04", Codename: "xenial", Pretty: "Ubuntu 16.04.7 LTS", File: "/etc/lsb-release"},
		},
		"EL 6": {
			"-- etc/redhat-release --\nCentOS release 6.10 (Final)\n",
			OS{ID: "centos", Name: "CentOS Linux", Version: "6", Pretty: "CentOS release 6.10 (Final)", File: "/etc/redhat-release"},
		},
		"Debian's number": {
			"-- etc/debian_version --\n12.5\n", OS{ID: "debian", Name: "Debian GNU/Linux", Version: "12", File: "/etc/debian_version"},
		},
		"nothing": {"-- etc dir --\n", OS{}},
	} {
		t.Run(name, func(t *testing.T) {
			m := treeMachine(t, c.overlay)
			require.NoError(t, m.OSErr)
			m.OS.Like = nil
			assert.Equal(t, c.want, m.OS)
		})
	}
}

func TestDetectSaysWhatIsWrong(t *testing.T) {
	for overlay, want := range map[string]string{
		"-- etc/os-release fifo --\n":                     "/etc/os-release: not a regular file",
		"-- etc/os-release size=1M --\n":                  "/etc/os-release: file too large",
		"-- etc/redhat-release --\nsomething\n":           "/etc/redhat-release: line 1 names no release",
		"-- etc/debian_version no-newline --\n\x00\n":     "/etc/debian_version: not text",
		"-- etc/os-release link=/etc/os-release --\n":     "too many levels of symbolic links",
		"-- etc/lsb-release --\nDISTRIB_ID=\"Ubuntu\nx\n": "/etc/lsb-release: line 1 has a quote that is not closed",
	} {
		assert.ErrorContains(t, treeMachine(t, overlay).OSErr, want)
	}
}

func FuzzOSRelease(f *testing.F) {
	for _, name := range fixtures.Names() {
		if data, err := os.ReadFile(filepath.Join(fixtures.Dir(name), "etc/os-release")); err == nil {
			f.Add(data)
		}
	}
	f.Add([]byte(`NAME="a\`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ParseOSRelease(data)
		if err == nil && strings.Contains(got.ID, "\n") {
			t.Error("a value goes over a line's end")
		}
		for _, parse := range []func([]byte) (OS, error){parseLSBRelease, parseDebianVersion, parseRedHatRelease} {
			if _, err := parse(data); err != nil && len(err.Error()) > 100 {
				t.Error("an error quotes the file")
			}
		}
	})
}
