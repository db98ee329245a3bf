package clean_test

import "testing"

func TestHostKeys(t *testing.T) {
	const (
		keys = "-- etc/ssh/ssh_host_rsa_key mode=0600 --\nx\n-- etc/ssh/ssh_host_rsa_key.pub --\nx\n-- etc/ssh/ssh_host_ed25519_key mode=0600 --\nx\n-- etc/ssh/ssh_host_ed25519_key-cert.pub --\nx\n"
		// What cleanup.sh removes too, and nothing makes again.
		vendors = "-- etc/ssh/trusted_user_ca_keys --\nx\n-- etc/ssh/authorized_keys.d/deploy --\nx\n-- etc/ssh/ssh_host_keys/rsa --\nx\n-- etc/ssh/auth_principals/root --\nx\n"
		made    = "-- etc/ssh/revoked_keys mode=0600 --\n"
	)
	removed := []string{
		"remove /etc/ssh/ssh_host_ed25519_key 2", "remove /etc/ssh/ssh_host_ed25519_key-cert.pub 2", "remove /etc/ssh/ssh_host_rsa_key 2", "remove /etc/ssh/ssh_host_rsa_key.pub 2",
	}
	writes := "write /etc/ssh/revoked_keys (an empty list of revoked keys)"
	left := func(why string) []string {
		return []string{"leave /etc/ssh (its host keys (4 files) are left alone: " + why + ")", writes}
	}
	testStep(t, "host-keys", []row{
		{name: "clean", want: []string{writes}, left: made},
		{name: "where cloud-init makes new ones", dirt: keys + vendors, want: append(removed[:4:4], writes), left: vendors + made},
		{
			name: "where Red Hat's units make new ones", machine: "rocky-9", dirt: keys + "-- etc/cloud/cloud.cfg.d/99.cfg --\nssh_deletekeys: false\n",
			want: append(removed[:4:4], writes), left: "-- etc/cloud/cloud.cfg.d/99.cfg --\nssh_deletekeys: false\n" + made,
		},
		{
			// It keeps keys that are there, and makes those that are not.
			name: "where cloud-init is told to keep them", dirt: keys + "-- etc/cloud/cloud.cfg append --\nssh_deletekeys:   true\n-- etc/cloud/cloud.cfg.d/99.cfg --\n\"ssh_deletekeys\": 'no' # ours\n",
			want: append(removed[:4:4], writes),
			left: "-- etc/cloud/cloud.cfg append --\nssh_deletekeys:   true\n-- etc/cloud/cloud.cfg.d/99.cfg --\n\"ssh_deletekeys\": 'no' # ours\n" + made,
		},
		{
			name: "where it was told to and is not any more", dirt: keys + "-- etc/cloud/cloud.cfg append --\nssh_deletekeys: 0\n-- etc/cloud/cloud.cfg.d/99.cfg --\nother:\n  ssh_deletekeys: false\nssh_deletekeys: yes\n",
			want: append(removed[:4:4], writes),
			left: "-- etc/cloud/cloud.cfg append --\nssh_deletekeys: 0\n-- etc/cloud/cloud.cfg.d/99.cfg --\nother:\n  ssh_deletekeys: false\nssh_deletekeys: yes\n" + made,
		},
		{
			name: "where it makes none", dirt: keys + "-- etc/cloud/cloud.cfg append --\nssh_genkeytypes: [ ]\n",
			want: left("ssh_genkeytypes tells cloud-init to make none"), left: keys + "-- etc/cloud/cloud.cfg append --\nssh_genkeytypes: [ ]\n" + made,
			still: []string{"warn ssh-host-keys"},
		},
		{
			name: "without cloud-init", dirt: keys + "-- usr/bin/cloud-init removed --\n",
			want: left("cloud-init is not installed"), left: keys + "-- usr/bin/cloud-init removed --\n" + made,
			still: []string{"fail ssh-host-keys"},
		},
		{
			name: "with cloud-init masked", dirt: keys + "-- etc/systemd/system/cloud-init.service link=/dev/null --\n",
			want: left("cloud-init.service is masked, which does the SSH keys"), left: keys + "-- etc/systemd/system/cloud-init.service link=/dev/null --\n" + made,
			still: []string{"fail ssh-host-keys"},
		},
		{
			name: "where nobody can tell", dirt: keys + "-- etc/cloud/cloud.cfg --\n: [\n",
			want: []string{writes}, left: keys + "-- etc/cloud/cloud.cfg --\n: [\n" + made, err: "looking what renews host keys", still: []string{"error ssh-host-keys"},
		},
		{name: "a list of revoked keys", dirt: "-- etc/ssh/revoked_keys mode=0644 --\nkey\n", left: "-- etc/ssh/revoked_keys mode=0644 --\nkey\n"},
		{name: "no SSH server", dirt: "-- etc/ssh removed --\n", left: "-- etc/ssh removed --\n"},
		{
			name: "what is in the way", dirt: vendors,
			hostile: "-- etc/ssh/ssh_host_rsa_key link=/srv/canary --\n-- etc/ssh/ssh_host_ecdsa_key hardlink=srv/canary --\n-- etc/ssh/ssh_host_dsa_key fifo --\n-- etc/ssh/ssh_host_ed25519_key/x --\nx\n-- etc/ssh/ssh_host_rsa_key.pub link=OUTSIDE --\n-- etc/ssh/revoked_keys dir --\n",
			want: []string{
				"leave /etc/ssh/ssh_host_dsa_key (a fifo, left alone)", "unlink /etc/ssh/ssh_host_ecdsa_key (a file with other names, which keep what it holds)",
				"leave /etc/ssh/ssh_host_ed25519_key (a folder, left alone)", "unlink /etc/ssh/ssh_host_rsa_key (a link, whose target stays)",
				"unlink /etc/ssh/ssh_host_rsa_key.pub (a link, whose target stays)", "leave /etc/ssh/revoked_keys (a folder where the list of revoked keys is due, left alone)",
			},
			left: vendors + "-- etc/ssh/ssh_host_dsa_key fifo --\n-- etc/ssh/ssh_host_ed25519_key/x --\nx\n-- etc/ssh/revoked_keys dir --\n",
		},
	})
}
