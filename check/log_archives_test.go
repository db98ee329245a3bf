package check

import (
	"testing"
)

func TestLogArchives(t *testing.T) {
	testCheck(t, logArchives(), []row{
		{name: "clean", want: Pass},
		{
			name: "archives of all kinds", want: Warn,
			overlay: "-- var/log/app/deep/app.log-20261120 --\n{{bytes 10}}\n-- var/log/app/deep/app.log-20261120.gz size=4200 --\n" +
				"-- var/log/syslog.1 --\n-- var/log/syslog.10 --\n-- var/log/wtmp.1 --\n-- var/log/x.old --\n-- var/log/dpkg.log.2.xz --\n",
			findings: []string{
				"warn /var/log/app/deep/app.log-20261120 11 bytes",
				"warn /var/log/app/deep/app.log-20261120.gz 4.1 KiB",
				"warn /var/log/dpkg.log.2.xz 0 bytes",
				"warn /var/log/syslog.1 0 bytes",
				"warn /var/log/syslog.10 0 bytes",
				"warn /var/log/wtmp.1 0 bytes",
				"warn /var/log/x.old 0 bytes",
			},
		},
		{
			name: "eight characters behind a dash are no date, links and fifos no archives", want: Pass,
			overlay: "-- var/log/mysql-slow.log --\n-- var/log/x-services dir --\n-- var/log/a.1 link=/nowhere --\n" +
				"-- var/log/b.1 fifo --\n-- var/log/c.1 socket --\n-- var/log/d.1/README --\n-- var/log/app-20261399 --\n",
		},
		{
			name: "a folder elsewhere in the tree", want: Warn,
			overlay:  "-- var/log removed --\n-- var/log link=/data/log --\n-- data/log/secure-20261115 --\n",
			findings: []string{"warn /var/log/secure-20261115 0 bytes"},
		},
		{name: "no folder, see log-files", overlay: "-- var/log removed --\n", want: Pass},
		{
			name: "a link loop", overlay: "-- var/log removed --\n-- var/log link=/var/log --\n", want: Error,
			err: "looking at the logs",
		},
		{
			name: "no folder but a file", overlay: "-- var/log removed --\n-- var/log --\n", want: Error,
			err: "looking at the logs: /var/log is no folder",
		},
	})
}
