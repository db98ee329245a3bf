//go:build e2e

package e2e

func logFaults() []fault {
	return []fault{
		{name: "rotated log", plant: `fill /var/log/syslog.1 1`, want: "log-archives=warn"},
		{name: "rotated and packed", bug: "B21", plant: `fill /var/log/auth.log.2.gz 100`, want: "log-archives=warn"},
		{name: "rotated ten times", bug: "B21", plant: `fill /var/log/app.log.10 1`, want: "log-archives=warn"},
		{name: "xz", bug: "B21", plant: `fill /var/log/app.log.xz 1`, want: "log-archives=warn"},
		{name: "old", bug: "B21", plant: `fill /var/log/app.log.old 1`, want: "log-archives=warn"},
		{name: "dated", plant: `fill /var/log/messages-20260101 1`, want: "log-archives=warn"},
		{name: "dated and packed", bug: "B21", plant: `fill /var/log/secure-20260101.gz 1`, want: "log-archives=warn"},
		{name: "archive far below", bug: "B21", plant: `fill /var/log/a/b/c/app.log.1 1`, want: "log-archives=warn", says: "log-archives: /var/log/a/b/c/app.log.1"},
		{name: "empty archive", plant: `: >/var/log/app.log.1`, want: "log-archives=warn"},
		{name: "eight characters after a dash", bug: "B19", plant: `fill /var/log/cloud-init.log 51`, want: "log-files=warn"},
		{name: "a folder with eight characters after a dash", bug: "B19", plant: `mkdir -p /var/log/app-services`},
		{name: "a dangling link comes first", bug: "B20", plant: `ln -s nowhere /var/log/0.1; fill /var/log/app.log.1 9; ln -s nowhere /var/log/0.log; fill /var/log/app.log 99`,
			want: "log-archives=warn log-files=warn"},
		{name: "log of 51 bytes", plant: `fill /var/log/app.log 51`, want: "log-files=warn"},
		{name: "log of 50 bytes", plant: `fill /var/log/app.log 50`},
		{name: "log without .log", bug: "B22", plant: `fill /var/log/syslog 51`, want: "log-files=warn"},
		{name: "log in a folder", bug: "B22", plant: `fill /var/log/nginx/access.log 51`, want: "log-files=warn"},
		{name: "cpanel-install.log", bug: "B23", plant: `fill /var/log/cpanel-install.log 5000`},
		{name: "lfd.log with its own lines", plant: `for i in 1 2 3; do
			echo 'Jan  1 00:00:00 host lfd[1]: /var/log/messages has been reset'
			echo 'Jan  1 00:00:00 host lfd[1]: Watching /var/log/messages...'; done >/var/log/lfd.log`},
		{name: "lfd.log with more", plant: `fill /var/log/lfd.log 51`, want: "log-files=warn"},
		{name: "/var/log is a link inside the tree", plant: `mv /var/log /srv/log; ln -s ../srv/log /var/log; fill /srv/log/app.log 99`, want: "log-files=warn"},
		{name: "/var/log is an absolute link", plant: `mv /var/log /srv/log; ln -s /srv/log /var/log; fill /srv/log/app.log.1 99`, want: "log-archives=warn"},
		{name: "/var/log is missing", plant: `rm -r /var/log`, want: "log-files=warn"},
	}
}
