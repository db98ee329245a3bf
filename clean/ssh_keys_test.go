package clean_test

import "testing"

const appAccount = "-- etc/passwd append --\napp:x:1000:1000::/srv/app:/bin/sh\n"

func TestSSHKeys(t *testing.T) {
	testStep(t, "ssh-keys", []row{
		{name: "clean"},
		{
			name: "keys and hosts of all accounts",
			dirt: appAccount + "-- root/.ssh/authorized_keys mode=0600 --\n{{ed25519-public deploy@ci}}\n" +
				"-- root/.ssh/authorized_keys2 --\n# none\n-- root/.ssh/known_hosts --\n{{bytes 60}}\n-- root/.ssh/known_hosts.old size=0 --\n" +
				"-- srv/app/.ssh/authorized_keys --\n{{ed25519-public app}}\n-- home/app/.ssh/known_hosts2 --\nx\n" +
				"-- root/.ssh/id_rsa --\n-- root/.ssh/config --\nx\n-- root/.ssh/empty/known_hosts --\nx\n",
			want: []string{
				"truncate /root/.ssh/authorized_keys 91",
				"remove /root/.ssh/authorized_keys2 7",
				"truncate /srv/app/.ssh/authorized_keys 85",
				"remove /home/app/.ssh/known_hosts2 2",
				"remove /root/.ssh/known_hosts 61",
				"remove /root/.ssh/known_hosts.old 0",
			},
			left: appAccount + "-- root/.ssh/authorized_keys mode=0600 --\n-- srv/app/.ssh/authorized_keys --\n-- home/app/.ssh dir --\n" +
				"-- root/.ssh/id_rsa --\n-- root/.ssh/config --\nx\n-- root/.ssh/empty/known_hosts --\nx\n",
		},
		{
			name: "where sshd is told to look",
			dirt: "-- etc/ssh/sshd_config append --\nAuthorizedKeysFile .ssh/authorized_keys .ssh/extra .keys /etc/ssh/keys.d/%u /etc/ssh/none/%u\n" +
				"-- root/.ssh/extra --\n{{ed25519-public a}}\n-- root/.keys --\n{{ed25519-public b}}\n-- etc/ssh/keys.d/root mode=0640 --\n{{ed25519-public c}}\n",
			want: []string{
				"truncate /etc/ssh/keys.d/root 83", "truncate /root/.keys 83", "remove /root/.ssh/extra 83",
			},
			left: "-- etc/ssh/sshd_config append --\nAuthorizedKeysFile .ssh/authorized_keys .ssh/extra .keys /etc/ssh/keys.d/%u /etc/ssh/none/%u\n" +
				"-- root/.ssh dir --\n-- root/.keys --\n-- etc/ssh/keys.d/root mode=0640 --\n",
		},
		{
			name: "what is in the way",
			dirt: appAccount,
			hostile: "-- root/.ssh/authorized_keys link=/srv/canary --\n-- root/.ssh/authorized_keys2 link=OUTSIDE --\n" +
				"-- root/.ssh/known_hosts hardlink=srv/canary --\n-- root/.ssh/known_hosts.old link=../../../../../OUTSIDE --\n" +
				"-- srv/app/.ssh/authorized_keys fifo --\n-- srv/app/.ssh/authorized_keys2/canary --\nalive\n-- srv/app/.ssh/known_hosts2 socket --\n",
			want: []string{
				"unlink /root/.ssh/authorized_keys (a link, whose target stays)",
				"unlink /root/.ssh/authorized_keys2 (a link, whose target stays)",
				"leave /srv/app/.ssh/authorized_keys (a fifo, left alone)",
				"leave /srv/app/.ssh/authorized_keys2 (a folder, left alone)",
				"unlink /root/.ssh/known_hosts (a file with other names, which keep what it holds)",
			},
			left: appAccount + "-- root/.ssh/known_hosts.old link=../../../../../OUTSIDE --\n-- srv/app/.ssh/authorized_keys fifo --\n" +
				"-- srv/app/.ssh/authorized_keys2/canary --\nalive\n-- srv/app/.ssh/known_hosts2 socket --\n",
			still: []string{"error authorized-keys"},
		},
		{
			name:    "an .ssh folder that is a link",
			hostile: "-- root/.ssh link=/srv/keys --\n-- srv/keys/authorized_keys --\n{{bytes 60}}\n-- srv/keys/known_hosts --\n{{bytes 60}}\n",
			want: []string{
				"leave /root/.ssh/authorized_keys (behind the link /root/.ssh, left alone)",
				"leave /root/.ssh/known_hosts (behind the link /root/.ssh, left alone)",
			},
			left:  "-- root/.ssh link=/srv/keys --\n-- srv/keys/authorized_keys --\n{{bytes 60}}\n-- srv/keys/known_hosts --\n{{bytes 60}}\n",
			still: []string{"fail authorized-keys", "warn known-hosts"},
		},
		{
			name: "what could be read, though sshd's configuration is broken",
			dirt: "-- etc/ssh/sshd_config append --\nAuthorizedKeysFile \"%z\n-- root/.ssh/authorized_keys --\n{{ed25519-public x}}\n",
			want: []string{"truncate /root/.ssh/authorized_keys 83"},
			left: "-- etc/ssh/sshd_config append --\nAuthorizedKeysFile \"%z\n-- root/.ssh/authorized_keys --\n",
			err:  "sshd's configuration", still: []string{"error authorized-keys"},
		},
	})
}
