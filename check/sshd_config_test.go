package check

import "testing"

func TestSSHDConfig(t *testing.T) {
	const locked = "-- etc/ssh/sshd_config append --\nMatch User root\n  ForceCommand echo \"Please wait while we get your droplet ready...\"\n"
	const script = "-- var/lib/cloud/scripts/per-instance/001_onboot mode=0755 --\n#!/bin/sh\n"
	set := func(lines string) string { return "-- etc/ssh/sshd_config --\n" + lines }
	testCheck(t, sshdConfig(), []row{
		{name: "keys only", want: Pass},
		{name: "no SSH server", machine: "not-a-system", want: Skip, err: "there is no SSH server"},
		{
			name: "passwords", want: Warn, overlay: set("\nPasswordAuthentication yes\n"),
			findings: []string{"warn /etc/ssh/sshd_config:2 PasswordAuthentication is yes"},
		},
		{
			name: "passwords by default", want: Warn, overlay: set("UsePAM yes\n"),
			findings: []string{"warn /etc/ssh/sshd_config PasswordAuthentication is yes, as OpenSSH's default where nothing sets it"},
		},
		{
			name: "passwords by PAM", want: Warn, overlay: set("PasswordAuthentication no\nUsePAM yes\nKbdInteractiveAuthentication yes\n"),
			findings: []string{"warn /etc/ssh/sshd_config:3 KbdInteractiveAuthentication is yes, and asks for passwords by PAM"},
		},
		{
			name: "the first file counts", want: Pass,
			overlay: "-- etc/ssh/sshd_config --\nInclude /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication yes\n-- etc/ssh/sshd_config.d/50-cloud-init.conf --\nPasswordAuthentication no\n",
		},
		{
			name: "options are stronger than files", want: Warn, overlay: "-- etc/default/ssh --\nSSHD_OPTS=\"-o PasswordAuthentication=yes\"\n",
			findings: []string{"warn /etc/default/ssh:1 PasswordAuthentication is yes"},
		},
		{
			name: "in Match blocks", want: Warn,
			overlay: set("PasswordAuthentication no\nMatch Address 10.0.0.0/8\nPasswordAuthentication yes\nPermitEmptyPasswords yes\nPermitRootLogin yes\nMatch User app\nPasswordAuthentication no\n"),
			findings: []string{
				"warn /etc/ssh/sshd_config:3 PasswordAuthentication is yes in a Match block",
				"warn /etc/ssh/sshd_config:4 PermitEmptyPasswords is yes in a Match block",
				"warn /etc/ssh/sshd_config:5 PermitRootLogin is yes in a Match block",
			},
		},
		{
			name: "root by password, and empty passwords", want: Warn,
			overlay: set("PermitRootLogin yes\nPermitEmptyPasswords yes\nPasswordAuthentication yes\n"),
			findings: []string{
				"warn /etc/ssh/sshd_config:1 PermitRootLogin is yes, so that root's password opens the machine",
				"warn /etc/ssh/sshd_config:2 PermitEmptyPasswords is yes",
				"warn /etc/ssh/sshd_config:3 PasswordAuthentication is yes",
			},
		},
		{
			name: "root by password, as CentOS 7 has it by default", machine: "centos-7", want: Warn, overlay: set("PasswordAuthentication yes\n"),
			findings: []string{
				"warn /etc/ssh/sshd_config PermitRootLogin is yes, so that root's password opens the machine, as OpenSSH's default where nothing sets it",
				"warn /etc/ssh/sshd_config:1 PasswordAuthentication is yes",
			},
		},
		{
			name: "root by key, without prohibiting what is not asked for", want: Pass, overlay: set("PermitRootLogin yes\nPasswordAuthentication no\nUsePAM no\n"),
			findings: []string{"note /etc/ssh/sshd_config:1 PermitRootLogin is yes, though no password is asked for"},
		},
		{
			name: "root not at all", want: Warn, overlay: set("PermitRootLogin no\nPasswordAuthentication no\n"),
			findings: []string{"warn /etc/ssh/sshd_config:1 PermitRootLogin is no, and DigitalOcean gives the customer's key to root"},
		},
		{
			name: "keys that no file shows", want: Warn,
			overlay: set("PasswordAuthentication no\nTrustedUserCAKeys /etc/ssh/ca.pub\nAuthorizedKeysCommand none\nMatch User app\nAuthorizedKeysCommand /usr/bin/keys\n"),
			findings: []string{
				"warn /etc/ssh/sshd_config:2 TrustedUserCAKeys lets in keys that no file shows",
				"warn /etc/ssh/sshd_config:5 AuthorizedKeysCommand lets in keys that no file shows",
			},
		},
		{
			name: "root is told to wait, for good", want: Fail, overlay: locked,
			findings: []string{"fail /etc/ssh/sshd_config:18 ForceCommand logs root out for good: nothing that runs at first boot removes it"},
		},
		{
			name: "root is told to wait until first boot", want: Pass,
			overlay:  locked + script + "sed -e '/Match User root/d' \\\n    -e '/.*ForceCommand.*droplet.*/d' \\\n    -i /etc/ssh/sshd_config\nsystemctl restart ssh\n",
			findings: []string{"note /etc/ssh/sshd_config:18 ForceCommand for root, which /var/lib/cloud/scripts/per-instance/001_onboot removes at first boot"},
		},
		{
			name: "the script looks for another text", want: Fail,
			overlay: locked + script + "sed -i -e '/Match User root/d' -e '/ForceCommand.*wordpress/d' /etc/ssh/sshd_config\n",
			findings: []string{"fail /etc/ssh/sshd_config:18 ForceCommand logs root out for good: " +
				"/var/lib/cloud/scripts/per-instance/001_onboot changes the file, but not this line"},
		},
		{
			name: "the script is not executable", want: Fail,
			overlay:  locked + "-- var/lib/cloud/scripts/per-instance/001_unlock --\n#!/bin/sh\nsed -i '/ForceCommand/d' /etc/ssh/sshd_config\n",
			findings: []string{"fail /etc/ssh/sshd_config:18 ForceCommand logs root out for good: nothing that runs at first boot removes it"},
		},
		{
			name: "a script that nobody here understands", want: Warn,
			overlay:  locked + script + "perl -i -ne 'print unless /wait/' /etc/ssh/sshd_config\n",
			findings: []string{"warn /etc/ssh/sshd_config:18 ForceCommand logs root out; make sure that /var/lib/cloud/scripts/per-instance/001_onboot removes it"},
		},
		{
			name: "a program for root", want: Warn, overlay: set("PasswordAuthentication no\nMatch User ro*\nForceCommand /usr/local/bin/menu\n"),
			findings: []string{"warn /etc/ssh/sshd_config:3 ForceCommand for root: make sure that the program gives the customer a shell"},
		},
		{
			name: "commands for others", want: Pass,
			overlay: set("PasswordAuthentication no\nMatch Group sftp\nForceCommand internal-sftp\nMatch User root Address 10.0.0.0/8\nForceCommand echo\nMatch User root\nForceCommand none\n"),
		},
		{
			name: "what runs at boot cannot be read", want: Error, overlay: locked + "-- etc/rc.local link=rc.local --\n",
			findings: []string{"warn /etc/ssh/sshd_config:18 ForceCommand logs root out; whether something removes it could not be looked at"},
			err:      "reading what runs at first boot",
		},
		{
			name: "a configuration that sshd would refuse", want: Error, overlay: set("Banner \"x\n"),
			err: "/etc/ssh/sshd_config line 1 has a quote that is not closed",
		},
	})
}
