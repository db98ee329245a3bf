package check

import (
	"strings"
	"testing"
)

const (
	publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbzzHYDNBgKSKoFkR5ET2EjTX4qxKWs9G5dnsAIwqhu"
	keyShown  = "ssh-ed25519 SHA256:/fBnrR+Xl3jP/4LqB7lJCEsu8tR0seRqASFXWrzX42U"
)

func TestAuthorizedKeys(t *testing.T) {
	const app = "-- etc/passwd append --\napp:x:1000:1000::/srv/app:/bin/sh\n"
	testCheck(t, authorizedKeys(), []row{
		{name: "no .ssh", want: Pass},
		{name: "an empty file", overlay: "-- root/.ssh/authorized_keys --\n", want: Pass},
		{
			name: "root's key, with a comment", want: Fail,
			overlay:  "-- root/.ssh/authorized_keys --\n# mine\n" + publicKey + " deploy@ci\n",
			findings: []string{"fail /root/.ssh/authorized_keys:2 " + keyShown + " deploy@ci"},
		},
		{
			name: "Packer's key and an authority", want: Fail,
			overlay: "-- root/.ssh/authorized_keys2 --\n" + publicKey + " packer_0123\nno-pty,cert-authority " + publicKey + "\n",
			findings: []string{
				"fail /root/.ssh/authorized_keys2:1 " + keyShown + " packer_0123, Packer's own temporary key",
				"fail /root/.ssh/authorized_keys2:2 certificate authority " + keyShown,
			},
		},
		{
			name: "a user's key, in its home and in /home", want: Fail,
			overlay: app + "-- srv/app/.ssh/authorized_keys --\n" + publicKey + "\n-- home/app/.ssh/authorized_keys --\n" + publicKey + "\n",
			findings: []string{
				"fail /home/app/.ssh/authorized_keys:1 " + keyShown,
				"fail /srv/app/.ssh/authorized_keys:1 " + keyShown,
			},
		},
		{
			name: "two homes that are one are reported once", want: Fail,
			overlay:  app + "-- srv/app/.ssh/authorized_keys --\n" + publicKey + "\n-- home/app link=/srv/app --\n",
			findings: []string{"fail /home/app/.ssh/authorized_keys:1 " + keyShown},
		},
		{
			name: "where sshd is told to look", want: Fail,
			overlay: app + "-- etc/ssh/sshd_config append --\nauthorizedkeysfile=\"/etc/ssh/keys/%u\" %h/%u.%U%% .config/none\n" +
				"Include sshd_config.d/*.conf\n-- etc/ssh/sshd_config.d/1.conf --\nMatch User x\n  AuthorizedKeysFile /etc/ssh/all\n" +
				"-- etc/ssh/keys/app --\n" + publicKey + "\n-- srv/app/app.1000% --\n" + publicKey + "\n-- etc/ssh/all --\n" + publicKey + "\n",
			findings: []string{
				"fail /etc/ssh/all:1 " + keyShown,
				"fail /etc/ssh/keys/app:1 " + keyShown,
				"fail /srv/app/app.1000%:1 " + keyShown,
			},
		},
		{
			name: "beside the home, by a pattern that begins with it", want: Fail,
			overlay:  app + "-- etc/ssh/sshd_config append --\nAuthorizedKeysFile %h.keys\n-- srv/app.keys --\n" + publicKey + "\n",
			findings: []string{"fail /srv/app.keys:1 " + keyShown},
		},
		{
			name: "a file in .ssh that has none of the usual names", want: Fail,
			overlay: "-- etc/ssh/sshd_config append --\nAuthorizedKeysFile .ssh/keys none\n" +
				"-- root/.ssh/keys --\n" + publicKey + "\n-- root/.ssh/authorized_keys --\n" + publicKey + "\n",
			findings: []string{"fail /root/.ssh/authorized_keys:1 " + keyShown, "fail /root/.ssh/keys:1 " + keyShown},
		},
		{name: "50 bytes without a key", overlay: "-- root/.ssh/authorized_keys no-newline --\n{{bytes 50}}\n", want: Pass},
		{
			name: "51 bytes without a key", want: Fail,
			overlay:  "-- root/.ssh/authorized_keys no-newline --\n{{bytes 51}}\n",
			findings: []string{"fail /root/.ssh/authorized_keys 51 bytes without a readable key; over 50, img_check.sh takes the file for filled"},
		},
		{
			name: "a huge file", want: Fail,
			overlay:  "-- root/.ssh/authorized_keys size=2G --\n",
			findings: []string{"fail /root/.ssh/authorized_keys over 1 MiB; the rest of it was not read"},
		},
		{
			name: "a link inside the tree", want: Fail,
			overlay:  "-- root/.ssh/authorized_keys link=/root/keys --\n-- root/keys --\n" + publicKey + "\n",
			findings: []string{"fail /root/.ssh/authorized_keys:1 " + keyShown},
		},
		{
			name: "a link to nothing", want: Warn,
			overlay:  "-- root/.ssh/authorized_keys link=../../../../mnt/keys --\n",
			findings: []string{"warn /root/.ssh/authorized_keys is a link that leads to nothing here"},
		},
		{name: "a link to /dev/null", overlay: "-- root/.ssh/authorized_keys link=/dev/null --\n", want: Pass},
		{name: "a fifo", overlay: "-- root/.ssh/authorized_keys fifo --\n", want: Error, err: "/root/.ssh/authorized_keys: not a regular file"},
		{
			name: "a key beside a fifo", want: Fail,
			overlay:  "-- root/.ssh/authorized_keys fifo --\n-- root/.ssh/authorized_keys2 --\n" + publicKey + "\n",
			findings: []string{"fail /root/.ssh/authorized_keys2:1 " + keyShown},
			err:      "/root/.ssh/authorized_keys: not a regular file",
		},
		{name: "passwd is gone", overlay: "-- etc/passwd removed --\n", want: Error, err: "reading the accounts"},
		{
			name: "a configuration that sshd would refuse", want: Error,
			overlay: "-- etc/ssh/sshd_config --\nAuthorizedKeysFile \"/etc\n",
			err:     "/etc/ssh/sshd_config line 1 has a quote that is not closed",
		},
		{
			name: "a token that sshd does not know", want: Error,
			overlay: "-- etc/ssh/sshd_config --\nAuthorizedKeysFile /keys/%k\n",
			err:     "/etc/ssh/sshd_config line 1 has a % token",
		},
		{
			name: "a loop of links", want: Error,
			overlay: "-- root/.ssh link=.ssh --\n", err: "too many levels of symbolic links",
		},
	})
}

func TestKeyFindingsHoldNoKey(t *testing.T) {
	overlay := "-- root/.ssh/authorized_keys --\ncommand=\"secret\" " + publicKey + " x\nrubbish " + publicKey + "\n"
	for _, text := range described(judge(t, authorizedKeys(), row{overlay: overlay})) {
		if strings.Contains(text, "AAAA") || strings.Contains(text, "secret") {
			t.Error(text)
		}
	}
}
