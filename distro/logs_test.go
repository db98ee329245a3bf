package distro

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

func TestKindOfLog(t *testing.T) {
	kinds := map[LogKind][]string{
		LogArchive: {
			"syslog.1", "syslog.10", "syslog.2.gz", "nginx/access.log.11.xz", "wtmp.1", "btmp-20261101", "a.bz2", "a.zst", "a.old",
			"app-20261121", "app.log-20261121.gz", "app-2026112108", "app-20261121-1732147200", "app-20261121.log", "deep/er/x.0",
		},
		LogCurrent: {
			"syslog", "cloud-init.log", "mysql-slow.log", "app-20261399", "app-19991", "1", "gz", "app/wtmp", "app/cpanel-install.log",
			"x-services", "journal", "apt/term.log", "lfd.log",
		},
		LogLogins:  {"wtmp", "btmp", "lastlog", "faillog", "tallylog"},
		LogJournal: {"journal/0123/system.journal", "journal/0123/user-1000@0005.journal~", "journal/x.1"},
		LogKept:    {"cpanel-install.log"},
	}
	for kind, names := range kinds {
		for _, name := range names {
			assert.Equal(t, kind, KindOfLog("/var/log/"+name), name)
		}
	}
}

func TestLFDSize(t *testing.T) {
	own := "Nov 20 08:00:00 build lfd[1]: /var/log/messages has been reset\n"
	for name, c := range map[string]struct {
		text string
		want int64
	}{
		"its own lines":           {strings.Repeat(own, 3), 0},
		"fifty bytes of others":   {own + strings.Repeat("x", 49) + "\n" + own, 50},
		"a line longer than ours": {own + strings.Repeat("x", 1<<20), int64(len(own)) + 1<<20},
		"no line end":             {own + "x", 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := Detect(treeWith(t, map[string]string{"var/log/lfd.log": c.text}), Settings{})
			got, err := m.lfdSize(int64(len(c.text)), LogLimit)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestOnlyScanners(t *testing.T) {
	for line, want := range map[string]bool{
		"Nov 20 08:00:12 b sshd[1]: Invalid user a from 198.51.100.1 port 1":                                             true,
		"Nov 20 08:00:12 b sshd[1]: error: Could not load host key: /etc/ssh/ssh_host_rsa_key":                           true,
		"Nov 20 08:00:12 b sshd-session[1]: Connection reset by 198.51.100.1 port 1 [preauth]":                           true,
		"Nov 20 08:00:12 b sshd[1]: message repeated 2 times: [ Failed password for root from 198.51.100.1 port 1 ssh2]": true,
		"Nov 20 08:00:12 b sshd[1]: message repeated 2 times: [ Accepted password for root]":                             false,
		"Nov 20 08:00:12 b sshd[1]: Accepted publickey for root from 203.0.113.9":                                        false,
		"Nov 20 08:00:12 b sshd[1]: Disconnected from user root 203.0.113.9 port 1":                                      false,
		"Nov 20 08:00:12 b sshd[1]: pam_unix(sshd:session): session opened for user root":                                false,
		"Nov 20 08:00:12 b sudo: root : COMMAND=/bin/sh -c 'sshd[1]: Invalid user'":                                      false,
		"Nov 20 08:00:12 b CRON[1]: pam_unix(cron:session): session opened":                                              false,
		"": false,
	} {
		assert.Equal(t, want, onlyScanners([]byte(line+"\n")), line)
	}
}

// FuzzKindOfLog proves that every name has one kind, and that more digits behind a
// number never make an archive a current log.
func FuzzKindOfLog(f *testing.F) {
	for _, seed := range []string{"/var/log/syslog.1", "/var/log/a-20261121", "/var/log/journal/x", "/var/log/\xff\n.gz", "/", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		kind := KindOfLog(name)
		if kind < LogCurrent || kind > LogKept {
			t.Fatalf("%q has kind %d", name, kind)
		}
		if digit.MatchString(name) && kind == LogArchive && KindOfLog(name+"0") != LogArchive {
			t.Fatalf("%q is an archive, and with one digit more it is none", name)
		}
		if base := path.Base(name); isRotated(base) != rotated.MatchString(base) {
			t.Fatalf("%q is judged otherwise than by one expression", base)
		}
	})
}

var (
	digit   = regexp.MustCompile(`\.[0-9]+$`)
	rotated = regexp.MustCompile(`\.(gz|xz|bz2|zst|old|[0-9]+)$|` + datedLog.String())
)

// FuzzOnlyScanners proves that one foreign line is enough.
func FuzzOnlyScanners(f *testing.F) {
	f.Add([]byte("Nov 20 08:00:12 b sshd[1]: Invalid user a from 198.51.100.1 port 1\n"))
	f.Add([]byte("\x00\xff\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		onlyScanners(data)
		if onlyScanners(append(data, "\nNov 20 b sshd[1]: Accepted password for root\n"...)) {
			t.Fatal("a login was taken for a scanner's")
		}
	})
}

// treeWith opens debian-12 with these files in it, by their paths.
func treeWith(t testing.TB, files map[string]string) *host.Host {
	t.Helper()
	root := fixtures.Copy(t, "debian-12")
	for name, text := range files {
		fixtures.Lay(t, root, fmt.Sprintf("-- %s no-newline --\n%s\n", name, text))
	}
	h, err := host.OpenTree(root)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	return h
}
