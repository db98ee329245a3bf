package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const scannersLog = "2026-11-20T08:00:11.402113+00:00 build sshd[17]: Invalid user admin from 198.51.100.1 port 40000\n" +
	"Nov 20 08:00:12 build sshd-session[18]: Connection closed by invalid user admin 198.51.100.1 port 40000 [preauth]\n" +
	"Nov 20 08:00:12 build sshd[18]: message repeated 3 times: [ Failed password for root from 198.51.100.1 port 40000 ssh2]\n"

func TestLogFiles(t *testing.T) {
	testCheck(t, logFiles(Usual()), []row{
		{name: "clean", want: Pass},
		{
			name: "fifty bytes are an empty log, one more is not", want: Warn,
			overlay:  "-- var/log/a.log size=50 --\n-- var/log/b.log size=51 --\n-- var/log/nginx/access size=2G --\n",
			findings: []string{"warn /var/log/b.log 51 bytes", "warn /var/log/nginx/access 2.0 GiB"},
		},
		{
			name: "what other checks look at, what must stay, and what is no file", want: Pass,
			overlay: "-- var/log/wtmp size=9999 --\n-- var/log/lastlog size=9999 --\n-- var/log/journal/0/system.journal size=9999 --\n" +
				"-- var/log/cpanel-install.log size=9999 --\n-- var/log/syslog.1 size=9999 --\n-- var/log/pipe.log fifo --\n" +
				"-- var/log/outside.log link=/etc/passwd --\n",
		},
		{
			name: "csf's own lines", want: Pass,
			overlay: "-- var/log/lfd.log --\n{{lines 40 Nov 20 lfd[1]: /var/log/messages has been reset}}\n" +
				"{{lines 40 Nov 20 lfd[1]: *lfd* Watching /var/log/messages...}}\n",
		},
		{
			name: "csf's own lines and others", want: Warn,
			overlay:  "-- var/log/lfd.log --\nlfd[1]: /var/log/messages has been reset\n{{bytes 60}}\n",
			findings: []string{"warn /var/log/lfd.log 102 bytes"},
		},
		{
			name: "scanners alone", want: Warn, overlay: "-- var/log/auth.log --\n" + scannersLog,
			findings: []string{"warn /var/log/auth.log 331 bytes, nothing but failed SSH logins of scanners"},
		},
		{
			name: "a login among the scanners", want: Warn,
			overlay:  "-- var/log/auth.log --\n" + scannersLog + "Nov 20 08:00:12 build sshd[19]: Accepted publickey for root from 203.0.113.9\n",
			findings: []string{"warn /var/log/auth.log 408 bytes"},
		},
		{
			name: "names that are none", want: Warn, overlay: "-- \"var/log/a\\nb\\x1b[31m\\xff.log\" size=60 --\n",
			findings: []string{"warn /var/log/a\nb\x1b[31m\xff.log 60 bytes"},
		},
		{
			name: "no folder", overlay: "-- var/log removed --\n", want: Warn,
			findings: []string{"warn /var/log there is no such folder"},
		},
		{
			name: "no folder but a file", overlay: "-- var/log removed --\n-- var/log --\n", want: Error,
			err: "looking at the logs: /var/log is no folder",
		},
	})
}

func TestBinarySize(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 bytes", 1023: "1023 bytes", 1024: "1.0 KiB", 4198: "4.1 KiB", 1048575: "1.0 MiB", 2 << 30: "2.0 GiB", 1<<63 - 1: "8192.0 PiB",
	} {
		assert.Equal(t, want, BinarySize(n))
	}
}
