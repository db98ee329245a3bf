package check

import "testing"

func TestKnownHosts(t *testing.T) {
	testCheck(t, knownHosts(), []row{
		{name: "none", want: Pass},
		{name: "50 bytes", overlay: "-- root/.ssh/known_hosts no-newline --\n{{bytes 50}}\n", want: Pass},
		{
			name: "51 bytes", want: Warn,
			overlay:  "-- root/.ssh/known_hosts no-newline --\n{{bytes 51}}\n",
			findings: []string{"warn /root/.ssh/known_hosts 51 bytes"},
		},
		{
			name: "a user's, by its other names", want: Warn,
			overlay: "-- etc/passwd append --\napp:x:1000:1000::/srv/app:/bin/sh\n" +
				"-- home/app/.ssh/known_hosts.old no-newline --\n{{bytes 99}}\n-- srv/app/.ssh/known_hosts2 link=k --\n-- srv/app/.ssh/k size=1M --\n",
			findings: []string{
				"warn /home/app/.ssh/known_hosts.old 99 bytes",
				"warn /srv/app/.ssh/known_hosts2 1048576 bytes",
			},
		},
		{name: "a home that cannot be read", overlay: "-- root link=/root --\n", want: Error, err: "looking into a home"},
	})
}
