package check

import "testing"

func TestSSHFiles(t *testing.T) {
	testCheck(t, sshFiles(), []row{
		{name: "no .ssh", want: Pass},
		{name: "an empty .ssh", overlay: "-- root/.ssh dir --\n", want: Pass},
		{name: "what other checks judge", want: Pass, overlay: "-- root/.ssh/authorized_keys --\n" + publicKey + "\n-- root/.ssh/known_hosts --\nx\n" +
			"-- root/.ssh/old/k --\n-----BEGIN PRIVATE KEY-----\n-- root/.ssh/id_rsa --\n"},
		{
			name: "other files, hidden and below too", want: Warn,
			overlay: "-- root/.ssh/config --\nHost *\n-- root/.ssh/.lock --\n-- root/.ssh/control/master --\nx\n-- root/.ssh/none dir --\n" +
				"-- root/.ssh/id_rsa.pub no-newline --\n{{bytes 80}}\n-- root/.ssh/old/authorized_keys --\n" + publicKey + "\n",
			findings: []string{
				"warn /root/.ssh/.lock empty file",
				"warn /root/.ssh/config file, 7 bytes",
				"warn /root/.ssh/control/master file, 2 bytes",
				"warn /root/.ssh/id_rsa.pub file, 80 bytes",
				"warn /root/.ssh/none empty folder",
				"warn /root/.ssh/old/authorized_keys file, 81 bytes",
			},
		},
		{
			name: "what is no file", want: Warn,
			overlay: "-- root/.ssh/a fifo --\n-- root/.ssh/b socket --\n-- root/.ssh/c link=/nowhere --\n-- root/.ssh/d link=/etc --\n" +
				"-- root/.ssh/e link=/etc/hosts --\n-- root/.ssh/id_rsa link=/nowhere --\n-- root/.ssh/known_hosts fifo --\n-- etc/hosts --\nx\n",
			findings: []string{
				"warn /root/.ssh/a fifo",
				"warn /root/.ssh/b socket",
				"warn /root/.ssh/c link to nothing",
				"warn /root/.ssh/d link to a folder",
				"warn /root/.ssh/e link to a file, 2 bytes",
				"warn /root/.ssh/id_rsa link to nothing",
				"warn /root/.ssh/known_hosts fifo",
			},
		},
		{
			name: ".ssh is no folder", want: Warn,
			overlay:  "-- root/.ssh --\nx\n",
			findings: []string{"warn /root/.ssh file, 2 bytes"},
		},
		{
			name: ".ssh is a link to a folder", want: Warn,
			overlay:  "-- root/.ssh link=/srv/ssh --\n-- srv/ssh/rc --\nx\n",
			findings: []string{"warn /root/.ssh/rc file, 2 bytes"},
		},
		{name: "a loop of links", overlay: "-- root/.ssh link=.ssh --\n", want: Error, err: "too many levels of symbolic links"},
	})
}
