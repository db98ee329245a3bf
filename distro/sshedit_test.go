package distro

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const forceLine = `        ForceCommand echo "Please wait while we get your droplet ready..."`

func TestEdits(t *testing.T) {
	const file = "/etc/ssh/sshd_config"
	for script, want := range map[string]edit{
		"sed -e '/Match User root/d' \\\n    -e '/.*ForceCommand.*droplet.*/d' \\\n    -i /etc/ssh/sshd_config":        editRemoves,
		"sed -i '/ForceCommand/d' /etc/ssh/sshd_config":                                                                editRemoves,
		"sed -i.bak '/forcecommand/Id;/Match/d' /etc/ssh/sshd_config":                                                  editRemoves,
		"sed -i '/forcecommand/d' /etc/ssh/sshd_config":                                                                editOther,
		"sed -ri '/^\\s*(ForceCommand|Match)/d' /etc/ssh/sshd_config":                                                  editRemoves,
		"sed -i '/^\\s*\\(ForceCommand\\|Match\\)/d' /etc/ssh/sshd_config":                                             editRemoves,
		"sed -i '/^\\s*(ForceCommand|Match)/d' /etc/ssh/sshd_config":                                                   editOther,
		"sed --in-place --expression='s/.*ForceCommand.*//' /etc/ssh/sshd_config":                                      editRemoves,
		"sed -i 's/^\\( *\\)ForceCommand/#&/' /etc/ssh/sshd_config 2>/dev/null":                                        editRemoves,
		"sed -i '/Match User root/,+1d' /etc/ssh/sshd_config":                                                          editRemoves,
		"sed -i '/Match User root/,$d' /etc/ssh/sshd_config":                                                           editRemoves,
		"sed -i '/Match User root/d' /etc/ssh/sshd_config":                                                             editOther,
		"sed -i '/ForceCommand.*wordpress/d' /etc/ssh/sshd_config":                                                     editOther,
		"sed -i 's/#Port 22/Port 2222/' /etc/ssh/sshd_config 2>/dev/null":                                              editOther,
		"sed -i '$d' /etc/ssh/sshd_config":                                                                             editUnclear,
		"sed -i '122,123d' /etc/ssh/sshd_config":                                                                       editUnclear,
		"sed -i 's#.*ForceCommand.*##' /etc/ssh/sshd_config":                                                           editUnclear,
		"sed -i '/\\(unclosed/d' /etc/ssh/sshd_config":                                                                 editUnclear,
		"sed '/ForceCommand/d' /etc/ssh/sshd_config":                                                                   editNone,
		"sed '/ForceCommand/d' /etc/ssh/sshd_config >/tmp/x && mv /tmp/x /etc/ssh/sshd_config":                         editRemoves,
		"grep -v ForceCommand /etc/ssh/sshd_config > /etc/ssh/x; cp /etc/ssh/x /etc/ssh/sshd_config":                   editRemoves,
		"cp /etc/ssh/sshd_config /root/backup":                                                                         editNone,
		"cat /opt/sshd_config > /etc/ssh/sshd_config":                                                                  editRemoves,
		"cat >>/etc/ssh/sshd_config <<EOF":                                                                             editOther,
		"tee /etc/ssh/sshd_config </opt/x":                                                                             editRemoves,
		"echo x | tee -a /etc/ssh/sshd_config":                                                                         editOther,
		"CONF=/etc/ssh/sshd_config\nsed -i '/ForceCommand/d' \"$CONF\"":                                                editRemoves,
		"export CONF='/etc/ssh/sshd_config'\n[ -e x ] && sed -i '/ForceCommand/d' ${CONF}":                             editRemoves,
		"sed -i '/ForceCommand/d' \"$CONF\"":                                                                           editNone,
		"if grep -q ForceCommand /etc/ssh/sshd_config; then\n  sudo sed -i '/ForceCommand/d' /etc/ssh/sshd_config\nfi": editRemoves,
		"# sed -i '/ForceCommand/d' /etc/ssh/sshd_config":                                                              editNone,
		"  # rm /etc/ssh/sshd_config":                                                                                  editNone,
		"rm -f /etc/ssh/sshd_config*":                                                                                  editRemoves,
		"rm -rf /etc/ssh":                                                                                              editRemoves,
		"perl -i -ne 'print unless /ForceCommand/' /etc/ssh/sshd_config":                                               editUnclear,
		"python3 /opt/x.py /etc/ssh/sshd_config":                                                                       editUnclear,
		"chmod 600 /etc/ssh/sshd_config; systemctl restart ssh":                                                        editNone,
		"sshd -t -f /etc/ssh/sshd_config":                                                                              editNone,
		"":                                                                                                             editNone, "'": editNone, "sed": editNone, "sed -i": editNone, "> /etc/ssh/sshd_config": editRemoves,
	} {
		assert.Equal(t, want, editOf(script, file, forceLine), script)
	}
}

func TestRemovedAtBoot(t *testing.T) {
	const locked = bootedByCloudInit + "-- etc/ssh/sshd_config --\nMatch User root\n" + forceLine + "\n"
	const edit = "sed -i -e '/ForceCommand/d' /etc/ssh/sshd_config\n"
	for overlay, want := range map[string]LineRemoval{
		"": {},
		"-- var/lib/cloud/scripts/per-instance/001_onboot mode=0755 --\n#!/bin/sh\n" + edit: {By: "/var/lib/cloud/scripts/per-instance/001_onboot"},
		"-- var/lib/cloud/scripts/per-instance/001_onboot --\n#!/bin/sh\n" + edit:           {},
		"-- var/lib/cloud/scripts/per-boot/a mode=0755 --\n#!/bin/sh\n. /opt/app/setup.sh\n-- opt/app/setup.sh --\n#!/bin/sh\ncd /opt/app/lib\n./unlock -x\n" +
			"-- opt/app/lib/unlock --\n#!/bin/bash\n" + edit: {By: "/opt/app/lib/unlock"},
		"-- etc/cloud/cloud.cfg.d/99.cfg --\nruncmd:\n - " + edit: {By: "/etc/cloud/cloud.cfg.d/99.cfg"},
		"-- etc/rc.local mode=0755 --\n#!/bin/sh\n" + edit:        {By: "/etc/rc.local"},
		"-- etc/systemd/system/unlock.service --\n[Service]\nExecStart=/bin/" + edit + "-- etc/systemd/system/multi-user.target.wants/unlock.service link=../unlock.service --\n": {By: "/etc/systemd/system/unlock.service"},
		"-- etc/systemd/system/unlock.service --\n[Service]\nExecStart=/bin/" + edit:                                                                                              {},
		"-- etc/rc.local mode=0755 --\n#!/bin/sh\nsed -i '$d' /etc/ssh/sshd_config\nsed -i s/a/b/ /etc/ssh/sshd_config\n":                                                         {Perhaps: []string{"/etc/rc.local"}},
		"-- etc/rc.local mode=0755 --\n#!/bin/sh\nsed -i s/a/b/ /etc/ssh/sshd_config\n":                                                                                           {Others: []string{"/etc/rc.local"}},
		"-- etc/cloud/cloud-init.disabled --\n-- var/lib/cloud/scripts/per-instance/001_onboot mode=0755 --\n#!/bin/sh\n" + edit:                                                  {},
	} {
		m := treeMachine(t, locked+overlay)
		config, err := m.SSHD(t.Context())
		require.NoError(t, err)
		setting, found := config.For(SSHDUser{Name: "root"}, "forcecommand")
		require.True(t, found)
		got, err := m.RemovedAtBoot(t.Context(), setting)
		assert.NoError(t, err)
		assert.Equal(t, want, got, overlay)
	}
}

func TestBootScriptsThatCannotBeRead(t *testing.T) {
	_, err := treeMachine(t, "-- etc/rc.local link=rc.local --\n").bootScripts(t.Context())
	assert.ErrorContains(t, err, "reading what runs at first boot")
	found, err := treeMachine(t, "-- etc/rc.local mode=0755 --\n#!/bin/sh\n/opt/a\n-- opt/a --\n#!/bin/sh\n/opt/b\n-- opt/b --\n#!/bin/sh\n/opt/a /etc/rc.local /opt/c\n-- opt/c fifo --\n").bootScripts(t.Context())
	assert.NoError(t, err)
	assert.Len(t, found, 3, "scripts that name each other are read once")
}

func FuzzEdit(f *testing.F) {
	f.Add("A=/f\nsed -i -e '/x\\(y/,$d' \"${A}\" >b; rm /f/* \\\n | tee -a /f")
	f.Fuzz(func(t *testing.T, script string) {
		if got := editOf(script, "/f", forceLine); got < editNone || got > editRemoves {
			t.Error(got)
		}
		for _, name := range namedPaths(script) {
			if name == "" || name[0] != '/' {
				t.Errorf("%q", name)
			}
		}
	})
}
