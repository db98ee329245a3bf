package clean_test

import "testing"

func TestMail(t *testing.T) {
	testStep(t, "mail", []row{
		{name: "clean"},
		{
			name: "mailboxes, at any depth",
			dirt: "-- var/mail/root mode=0600 --\nFrom cron\n-- var/mail/empty --\n-- var/mail/example.org/info --\nx\n-- var/mail/app/new/1.host --\nx\n-- var/mail/app/cur/2.host --\nx\n" +
				"-- var/spool/mail link=../mail --\n",
			want: []string{
				"remove /var/mail/app/cur/2.host 2", "remove /var/mail/app/new/1.host 2", "truncate /var/mail/example.org/info 2", "truncate /var/mail/root 10",
			},
			left: "-- var/mail/root mode=0600 --\n-- var/mail/empty --\n-- var/mail/example.org/info --\n-- var/mail/app/new dir --\n-- var/mail/app/cur dir --\n-- var/spool/mail link=../mail --\n",
		},
		{
			name: "Red Hat's", machine: "rocky-9", dirt: "-- var/spool/mail/root --\nx\n", want: []string{"truncate /var/spool/mail/root 2"},
			left: "-- var/spool/mail/root --\n",
		},
		{
			name: "queues", dirt: "-- var/spool/postfix/deferred/A/A1 --\nx\n-- var/spool/postfix/deferred/A2 --\nx\n-- var/spool/postfix/pid/master.pid --\nx\n-- var/spool/exim4/input dir --\n",
			want: []string{"leave /var/spool/postfix/deferred (files of mail that is yet to be sent (2), left alone)"},
			left: "-- var/spool/postfix/deferred/A/A1 --\nx\n-- var/spool/postfix/deferred/A2 --\nx\n-- var/spool/postfix/pid/master.pid --\nx\n-- var/spool/exim4/input dir --\n",
		},
		{
			name: "what is in the way",
			hostile: "-- var/mail/root link=/srv/canary --\n-- var/mail/out link=OUTSIDE --\n-- var/mail/app hardlink=srv/canary --\n-- var/mail/pipe fifo --\n" +
				"-- var/mail/folder link=/srv/box --\n-- srv/box/mail --\nalive\n",
			want: []string{
				"unlink /var/mail/app (a file with other names, which keep what it holds)",
				"unlink /var/mail/folder (a link, whose target stays)",
				"unlink /var/mail/out (a link, whose target stays)",
				"leave /var/mail/pipe (a fifo, left alone)",
				"unlink /var/mail/root (a link, whose target stays)",
			},
			left: "-- var/mail/pipe fifo --\n-- srv/box/mail --\nalive\n",
		},
		{
			name: "no folder", hostile: "-- var/mail --\nx\n",
			want: []string{"leave /var/mail (a file where a folder is due, left alone)"}, left: "-- var/mail --\nx\n",
		},
	})
}
