//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A hostile tree is judged without following it anywhere, waiting for it, or
// running any of it.
func TestHostileTrees(t *testing.T) {
	rows := []fault{
		{name: "links out of the tree", plant: `mkdir -p /root/.ssh /outside
			ln -s /../../../../../../outside/keys /root/.ssh/authorized_keys
			ln -s ../../../../../../../../etc/hostname /root/.bash_history
			ln -s /nowhere/at/all /var/log/app.log`, want: "authorized-keys=warn"},
		{name: "link loops", plant: `mkdir -p /root/.ssh; ln -s loop /root/.ssh/loop; ln -s b /var/log/a; ln -s a /var/log/b
			ln -s . /var/log/self; ln -s .. /var/log/up`, want: "ssh-files=warn private-keys=error"},
		{name: "authorized_keys is a loop", plant: `mkdir -p /root/.ssh; ln -s authorized_keys /root/.ssh/authorized_keys`, want: "authorized-keys=error private-keys=error"},
		{name: "fifos", plant: `mkdir -p /root/.ssh; for i in 1 2 3; do mkfifo /var/log/fifo$i.log; done; mkfifo /var/log/f.log.1 /root/.ssh/fifo`, want: "ssh-files=warn"},
		{name: "authorized_keys is a fifo", plant: `mkdir -p /root/.ssh; mkfifo /root/.ssh/authorized_keys`, want: "authorized-keys=error"},
		{name: "devices", plant: `mknod /var/log/zero.log c 1 5; mkdir -p /root/.ssh; mknod /root/.ssh/zero c 1 5`, want: "ssh-files=warn"},
		{name: "history is a device", plant: `mknod /root/.bash_history c 1 3`},
		{name: "sockets", plant: `python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/var/log/dev.log")'`},
		{name: "a sparse log of 2 GB", plant: `truncate -s 2G /var/log/app.log`, want: "log-files=warn"},
		{name: "a sparse key of 2 GB", plant: `mkdir -p /root/.ssh; truncate -s 2G /root/.ssh/authorized_keys`, want: "authorized-keys=fail"},
		{name: "a sparse shadow of 2 GB", plant: `truncate -s 2G /etc/shadow`, want: "root-password=error user-passwords=error system-passwords=error"},
		{name: "names with newlines and escapes", plant: `cd /var/log; n="$(printf 'a\nb\033[31mred\a.log')"; yes | head -c 100 >"$n"; n="$(printf '\303\050\377.log.1')"; : >"$n"
			n="$(printf '\342\200\256gol.1')"; : >"$n"`, want: "log-files=warn log-archives=warn"},
		{name: "a user with an odd name", plant: `account '$(touch /tmp/executed)' 1000 '/home/$(touch /tmp/executed)' "$HASH"`, want: "user-passwords=fail"},
		{name: "homes that are the whole tree", plant: `account app 1000 / '*'; account dots 1001 /../../.. '*'`},
		{name: "a home that is a link out", plant: `account app 1000 /home/app '*'; rmdir /home/app; ln -s /../../../../root /home/app; fill /root/.bash_history 300`, want: "shell-history=fail"},
		{name: "log folders 500 deep", plant: `cd /var/log; for i in $(seq 500); do mkdir d; cd d; done; echo 'far below' | tee -a app.log.1 >/dev/null`, want: "log-archives=warn"},
		{name: "sshd_config that includes itself", plant: `echo 'Include /etc/ssh/sshd_config' >>/etc/ssh/sshd_config`,
			want: "authorized-keys=error ssh-host-keys=error sshd-config=error"},
		{name: "sshd_config that is binary", plant: `head -c 100000 /dev/urandom >/etc/ssh/sshd_config`, only: "authorized-keys,shell-history", want: "authorized-keys=error"},
	}
	plantAll(t, debianTree, rows)
}

// Nothing that lies in the tree is ever run by a look from outside.
func TestRootRunsNothingOfTheTree(t *testing.T) {
	own := debianTree(t)
	own.plant(`for name in apt-get apt dpkg dpkg-query rpm dnf yum ufw systemctl cloud-init sshd lsb_release; do
		for dir in /usr/bin /usr/sbin; do printf '#!/bin/sh\ntouch /tmp/executed\n' >$dir/$name; chmod 755 $dir/$name; done; done
		printf 'APT::Update::Pre-Invoke {"touch /tmp/executed";};\n' >/etc/apt/apt.conf.d/hook`)
	out := own.checkRoot()
	assert.Equal(t, 0, out.code, out.stdout)
	assert.NoFileExists(t, filepath.Join(own.root, "tmp/executed"))
	assert.NoFileExists(t, "/tmp/executed")
}

func TestRootsThatAreNone(t *testing.T) {
	own := debianTree(t)
	file := filepath.Join(own.root, "etc/hostname")
	require.NoError(t, os.WriteFile(file, []byte("lab\n"), 0o644))
	layer, err := binary()
	require.NoError(t, err)
	for _, root := range []string{file, "/nowhere/at/all", ""} {
		_, err := output("/", filepath.Join(layer, programPath), "check", "--root", root)
		require.ErrorContains(t, err, "exit status 2", root)
	}
}

// A run that is told to end does so, and takes what it started with it.
func TestInterrupt(t *testing.T) {
	own := debianTree(t)
	own.write("usr/bin/apt-get", "#!/bin/sh\nsleep 321\n")
	c := enterCommand(own.root, "", "timeout", "--signal=INT", "--preserve-status", "2", programPath, "check")
	start := time.Now()
	err := c.Run()
	require.Error(t, err)
	assert.Equal(t, 130, c.ProcessState.ExitCode())
	assert.Less(t, time.Since(start), 15*time.Second)
}
