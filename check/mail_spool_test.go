package check

import "testing"

func TestMailSpool(t *testing.T) {
	testCheck(t, mailSpool(), []row{
		{name: "none", want: Pass},
		{name: "empty ones", overlay: "-- var/mail/root no-newline --\n-- var/mail/app/new dir --\n", want: Pass},
		{
			name: "a mailbox, a folder of messages, and both names of one folder", machine: "rocky-9", want: Warn,
			overlay:  "-- var/spool/mail/root --\n{{bytes 90}}\n-- var/spool/mail/app/new/1.host --\nx\n",
			findings: []string{"warn /var/mail/app/new/1.host 2 bytes", "warn /var/mail/root 91 bytes"},
		},
		{
			name: "mail that waits", want: Pass, overlay: "-- var/spool/postfix/deferred/A/A1 --\nx\n",
			findings: []string{"note /var/spool/postfix/deferred 1 file of mail that is yet to be sent"},
		},
		{name: "no folder but a file", overlay: "-- var/mail --\nx\n", want: Error, err: "looking for mail"},
	})
}
