package distro

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bootedByCloudInit is a machine on which cloud-init runs, with its usual settings.
const bootedByCloudInit = `
-- usr/bin/cloud-init mode=0755 --
#!/bin/sh
-- usr/lib/systemd/system/cloud-init.service --
[Unit]
-- etc/systemd/system/cloud-init.target.wants/cloud-init.service link=/usr/lib/systemd/system/cloud-init.service --
-- usr/lib/systemd/system/cloud-init-local.service --
[Unit]
-- etc/systemd/system/cloud-init.target.wants/cloud-init-local.service link=/usr/lib/systemd/system/cloud-init-local.service --
-- usr/lib/systemd/system/cloud-config.service --
[Unit]
-- etc/systemd/system/cloud-init.target.wants/cloud-config.service link=/usr/lib/systemd/system/cloud-config.service --
-- usr/lib/systemd/system/cloud-final.service --
[Unit]
-- etc/systemd/system/cloud-init.target.wants/cloud-final.service link=/usr/lib/systemd/system/cloud-final.service --
-- usr/lib/systemd/system-generators/cloud-init-generator mode=0755 --
-- etc/cloud/cloud.cfg --
cloud_init_modules: [users-groups, ssh]
-- etc/passwd --
root:x:0:0::/root:/bin/sh
`

// redHat is how Enterprise Linux starts sshd and makes its keys.
const redHat = `
-- etc/os-release --
ID=rocky
VERSION_ID="9"
-- usr/sbin/sshd mode=0755 --
-- usr/lib/systemd/system/sshd.service --
[Unit]
Wants=sshd-keygen.target
-- usr/lib/systemd/system/sshd-keygen.target --
[Unit]
-- etc/systemd/system/multi-user.target.wants/sshd.service link=/usr/lib/systemd/system/sshd.service --
`

func TestHostKeyFate(t *testing.T) {
	const off = "-- etc/cloud/cloud-init.disabled --\n"
	replaced := HostKeyFate{ReplacedBy: "cloud-init", MadeBy: "cloud-init"}
	for overlay, want := range map[string]HostKeyFate{
		"": replaced,
		"-- etc/cloud/cloud.cfg.d/1.cfg --\n\nssh_deletekeys: no\n": {
			Kept: "ssh_deletekeys in /etc/cloud/cloud.cfg.d/1.cfg line 2 tells cloud-init to keep it", MadeBy: "cloud-init",
		},
		"-- etc/cloud/cloud.cfg.d/1.cfg --\nssh_genkeytypes: ~\n":                              {ReplacedBy: "cloud-init", NotMade: "ssh_genkeytypes tells cloud-init to make none"},
		"-- etc/cloud/cloud.cfg.d/1.cfg --\nssh_genkeytypes: []\nssh_keys: {rsa_private: x}\n": replaced,
		"-- etc/cloud/cloud.cfg.d/1.cfg --\nssh_genkeytypes: [ed25519]\n":                      replaced,
		"-- etc/cloud/cloud.cfg.d/1.cfg --\nssh_genkeytypes: ~\n" + redHat:                     {ReplacedBy: "cloud-init", MadeBy: "sshd-keygen.target", NotMade: "ssh_genkeytypes tells cloud-init to make none"},
		"-- etc/cloud/cloud.cfg.d/1.cfg --\ncloud_init_modules: [users-groups]\n": {
			Kept: "cloud-init's module ssh is not among those that run", NotMade: "cloud-init's module ssh is not among those that run",
		},
		"-- etc/cloud/cloud.cfg.d/1.cfg --\ncloud_init_modules: []\ncloud_final_modules: [[cc_ssh, always]]\n": replaced,
		off: {Kept: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off", NotMade: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off"},
		off + "-- etc/cloud/cloud-init.enabled --\n-- usr/lib/python3/dist-packages/cloudinit/version.py --\n__VERSION__ = '22.4.2'\n": replaced,
		"-- etc/systemd/system/cloud-init.target.wants/cloud-init.service removed --\n":                                                {Kept: "nothing starts cloud-init-network.service or cloud-init.service, for the SSH keys", NotMade: "nothing starts cloud-init-network.service or cloud-init.service, for the SSH keys"},
		"-- boot/grub/grub.cfg --\nlinux /boot/vmlinuz root=UUID=1 cloud-init=disabled\n": {
			Kept: "/boot/grub/grub.cfg: the kernel's argument cloud-init=disabled switches cloud-init off", NotMade: "/boot/grub/grub.cfg: the kernel's argument cloud-init=disabled switches cloud-init off",
		},
		off + redHat: {Kept: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off", MadeBy: "sshd-keygen.target", NotMade: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off"},
		off + redHat + "-- etc/systemd/system/sshd-keygen.target link=/dev/null --\n": {
			Kept: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off", NotMade: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off",
		},
		off + redHat + "-- etc/sysconfig/sshd --\nAUTOCREATE_SERVER_KEYS=\"NO\"\n": {
			Kept: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off", NotMade: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off",
		},
		redHat + "-- etc/cloud/cloud.cfg.d/1.cfg --\nssh_genkeytypes: []\n-- usr/lib/systemd/system/sshd-keygen@.service.d/x.conf --\n[Unit]\nConditionPathExists=!/run/systemd/generator.early/multi-user.target.wants/cloud-init.target\n": {
			ReplacedBy: "cloud-init", NotMade: "ssh_genkeytypes tells cloud-init to make none",
		},
		off + "-- etc/rc.local mode=0755 --\n#!/bin/sh\nrm -f /etc/ssh/ssh_host_*\nDEBIAN_FRONTEND=noninteractive dpkg-reconfigure openssh-server\n": {
			ReplacedBy: "/etc/rc.local", MadeBy: "/etc/rc.local",
			Kept: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off", NotMade: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off",
		},
		off + redHat + "-- etc/systemd/system/sshd.service.d/keys.conf --\n[Service]\nExecStartPre=/usr/bin/ssh-keygen -A\n-- usr/lib/systemd/system/sshd-keygen.target removed --\n": {
			Kept: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off", MadeBy: "sshd.service", NotMade: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off",
		},
		off + "-- etc/init.d/sshd --\nssh-keygen -A\n": {
			Kept: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off", MadeBy: "/etc/init.d/sshd", NotMade: "/etc/cloud/cloud-init.disabled: this file switches cloud-init off",
		},
		"-- etc/ssh/sshd_config --\nHostKey /etc/ssh/keys/own\n": {
			ReplacedBy: "cloud-init", NotMade: "sshd's configuration names other keys than those that cloud-init makes",
		},
		"-- etc/ssh/sshd_config --\nHostKey /etc/ssh/keys/own\nHostKey /etc/ssh/ssh_host_rsa_key\n": replaced,
	} {
		got, err := treeMachine(t, bootedByCloudInit+overlay).HostKeyFate(t.Context())
		assert.NoError(t, err, overlay)
		assert.Equal(t, want, got, overlay)
	}
}

func TestHostKeysRenewed(t *testing.T) {
	renewed, by, err := treeMachine(t, bootedByCloudInit).HostKeysRenewed(t.Context())
	assert.NoError(t, err)
	assert.True(t, renewed)
	assert.Equal(t, "cloud-init", by)
	renewed, why, err := treeMachine(t, "-- etc dir --\n").HostKeysRenewed(t.Context())
	assert.NoError(t, err)
	assert.False(t, renewed)
	assert.Equal(t, "cloud-init is not installed", why)
	for overlay, want := range map[string]string{
		"-- etc/cloud/cloud.cfg --\na: [\n":                                             "is not one YAML document",
		"-- etc/cloud/cloud-init.disabled removed --\n-- etc/cloud/cloud.cfg fifo --\n": "not a regular file",
	} {
		_, _, err := treeMachine(t, bootedByCloudInit+overlay).HostKeysRenewed(t.Context())
		assert.ErrorContains(t, err, want, overlay)
	}
}

func TestHostKeys(t *testing.T) {
	m := treeMachine(t, "-- etc/ssh/ssh_host_rsa_key --\n{{private-key openssh}}\n-- etc/ssh/ssh_host_rsa_key.pub --\n{{ed25519-public root@x}}\n"+
		"-- etc/ssh/ssh_host_ed25519_key --\nplaceholder\n-- etc/ssh/ssh_host_ecdsa_key --\n-- etc/ssh/ssh_host_dsa_key link=/nowhere --\n"+
		"-- etc/ssh/ssh_host_rsa_key.bak --\n{{private-key rsa}}\n-- etc/ssh/ssh_host_x_key fifo --\n-- etc/ssh/moduli --\nx\n-- srv/key --\n{{private-key ec}}\n"+
		"-- etc/ssh/sshd_config --\nHostKey /srv/key\nHostKey /srv/gone\nHostKey /etc/ssh/ssh_host_rsa_key\n")
	keys, err := m.HostKeys(t.Context())
	require.NoError(t, err)
	for i := range keys {
		assert.Positive(t, keys[i].Size)
		keys[i].Size = 0
	}
	assert.Equal(t, []HostKey{
		{Path: "/etc/ssh/ssh_host_ed25519_key"},
		{Path: "/etc/ssh/ssh_host_rsa_key", Kind: "OpenSSH private key"},
		{Path: "/etc/ssh/ssh_host_rsa_key.bak", Kind: "PEM RSA private key"},
		{Path: "/srv/key", Kind: "PEM EC private key", Own: true},
	}, keys)
	_, err = treeMachine(t, "-- etc/ssh/ssh_host_rsa_key link=ssh_host_rsa_key --\n").HostKeys(t.Context())
	assert.ErrorContains(t, err, "/etc/ssh/ssh_host_rsa_key")
}
