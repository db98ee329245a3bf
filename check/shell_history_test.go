package check

import "testing"

func TestShellHistory(t *testing.T) {
	const app = "-- etc/passwd append --\napp:x:1000:1000::/srv/app:/bin/sh\n"
	testCheck(t, shellHistory(Usual()), []row{
		{name: "none", want: Pass},
		{name: "empty", overlay: "-- root/.bash_history --\n-- root/.zsh_history --\n", want: Pass},
		{
			name: "199 bytes of bash", want: Pass,
			overlay:  "-- root/.bash_history no-newline --\n{{bytes 199}}\n",
			findings: []string{"note /root/.bash_history 199 bytes of bash history"},
		},
		{
			name: "200 bytes of bash", want: Fail,
			overlay:  "-- root/.bash_history no-newline --\n{{bytes 200}}\n",
			findings: []string{"fail /root/.bash_history 200 bytes of bash history"},
		},
		{
			name: "users', wherever they live", want: Fail,
			overlay: app + "-- srv/app/.bash_history size=2G --\n-- home/app/.bash_history size=300 --\n",
			findings: []string{
				"fail /home/app/.bash_history 300 bytes of bash history",
				"fail /srv/app/.bash_history 2147483648 bytes of bash history",
			},
		},
		{
			name: "root's with a user's uid, where img_check.sh looks then", want: Fail,
			overlay:  "-- etc/passwd append --\nroot:x:1000:1000::/nonexistent:/bin/sh\n-- home/root/.bash_history size=200 --\n",
			findings: []string{"fail /home/root/.bash_history 200 bytes of bash history"},
		},
		{
			name: "other programs'", want: Warn,
			overlay: "-- root/.local/share/fish/fish_history --\nx\n-- root/.mysql_history --\nx\n-- root/.mongodb/mongosh/mongosh_repl_history --\nx\n",
			findings: []string{
				"warn /root/.local/share/fish/fish_history 2 bytes of fish history",
				"warn /root/.mongodb/mongosh/mongosh_repl_history 2 bytes of mongosh history",
				"warn /root/.mysql_history 2 bytes of mysql history",
			},
		},
		{
			name: "behind a link", want: Fail,
			overlay:  "-- root/.bash_history link=/root/h --\n-- root/h size=200 --\n",
			findings: []string{"fail /root/.bash_history 200 bytes of bash history"},
		},
		{name: "what holds no history", want: Pass,
			overlay: "-- root/.bash_history link=/dev/null --\n-- root/.viminfo fifo --\n-- root/.lesshst dir --\n-- root/.psql_history link=/nowhere --\n"},
		{name: "a link that leads in a circle", overlay: "-- root/.bash_history link=.bash_history --\n", want: Error, err: "looking for histories"},
		{name: "passwd is gone", overlay: "-- etc/passwd removed --\n", want: Error, err: "reading the accounts"},
		{
			name: "a history, though a line of passwd is broken", want: Fail,
			overlay:  "-- etc/passwd append --\nbroken\n-- root/.bash_history size=200 --\n",
			findings: []string{"fail /root/.bash_history 200 bytes of bash history"},
			err:      "/etc/passwd line 25",
		},
	})
}
