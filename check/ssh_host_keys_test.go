package check

import "testing"

func TestSSHHostKeys(t *testing.T) {
	const key = "-- etc/ssh/ssh_host_ed25519_key --\nplaceholder\n"
	testCheck(t, sshHostKeys(), []row{
		{name: "none, and cloud-init makes them", want: Pass},
		{name: "none, and sshd-keygen makes them", machine: "rocky-9", overlay: "-- etc/cloud/cloud-init.disabled --\n", want: Pass},
		{name: "no SSH server", machine: "not-a-system", want: Skip, err: "there is no SSH server"},
		{
			name: "keys that cloud-init replaces", want: Warn,
			overlay: key + "-- etc/ssh/ssh_host_rsa_key --\n{{private-key rsa}}\n-- etc/ssh/ssh_host_rsa_key.pub --\n{{ed25519-public root@x}}\n",
			findings: []string{
				"warn /etc/ssh/ssh_host_ed25519_key 12 bytes under the name of a host key, replaced at first boot by cloud-init",
				"warn /etc/ssh/ssh_host_rsa_key PEM RSA private key, replaced at first boot by cloud-init",
			},
		},
		{
			name: "keys that cloud-init is told to keep", want: Fail,
			overlay: key + "-- etc/cloud/cloud.cfg.d/99.cfg --\nssh_deletekeys: false\n",
			findings: []string{"fail /etc/ssh/ssh_host_ed25519_key 12 bytes under the name of a host key, on every droplet: " +
				"ssh_deletekeys in /etc/cloud/cloud.cfg.d/99.cfg line 1 tells cloud-init to keep it"},
		},
		{
			name: "keys, and no cloud-init", want: Fail,
			overlay:  key + "-- usr/bin/cloud-init removed --\n",
			findings: []string{"fail /etc/ssh/ssh_host_ed25519_key 12 bytes under the name of a host key, on every droplet: cloud-init is not installed"},
		},
		{
			name: "keys that a script replaces", want: Warn,
			overlay:  key + "-- etc/cloud/cloud-init.disabled --\n-- etc/rc.local mode=0755 --\n#!/bin/sh\nrm /etc/ssh/ssh_host_*\nssh-keygen -A\n",
			findings: []string{"warn /etc/ssh/ssh_host_ed25519_key 12 bytes under the name of a host key, replaced at first boot by /etc/rc.local"},
		},
		{
			name: "a key elsewhere", want: Fail,
			overlay:  "-- etc/ssh/sshd_config append --\nHostKey /etc/ssh/keys/host\n-- etc/ssh/keys/host --\n{{private-key openssh}}\n",
			findings: []string{"fail /etc/ssh/keys/host OpenSSH private key, which nothing replaces in that place"},
		},
		{
			name: "none, and nothing makes them", want: Fail,
			overlay:  "-- etc/cloud/cloud-init.disabled --\n",
			findings: []string{"fail  there is no host key, and nothing makes one: /etc/cloud/cloud-init.disabled: this file switches cloud-init off"},
		},
		{
			name: "a key, and a configuration that cannot be read", want: Error, machine: "debian-12",
			overlay:  key + "-- etc/cloud/cloud.cfg --\nssh: [\n",
			findings: []string{"warn /etc/ssh/ssh_host_ed25519_key 12 bytes under the name of a host key"},
			err:      "/etc/cloud/cloud.cfg is not one YAML document",
		},
		{name: "a key that is a loop of links", overlay: "-- etc/ssh/ssh_host_rsa_key link=ssh_host_rsa_key --\n", want: Error, err: "/etc/ssh/ssh_host_rsa_key"},
	})
}
