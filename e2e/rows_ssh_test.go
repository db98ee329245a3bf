//go:build e2e

package e2e

// keyFaults are keys that open the droplet, or that somebody left in it.
func keyFaults() []fault {
	const root = `mkdir -p /root/.ssh; `
	const app = `account app 1000 /home/app '*'; mkdir -p /home/app/.ssh; `
	const srv = `account app 1000 /srv/app '*'; mkdir -p /srv/app/.ssh; `
	return []fault{
		{name: "root key", plant: root + `cp /mnt/ed25519.pub /root/.ssh/authorized_keys`, want: "authorized-keys=fail", says: "authorized-keys: deploy@ci"},
		{name: "root key with options", plant: root + `(printf 'command="echo Please",no-pty '; cat /mnt/rsa.pub) >/root/.ssh/authorized_keys`,
			want: "authorized-keys=fail", says: "authorized-keys: SHA256:"},
		{name: "packer's key", plant: root + `cp /mnt/packer.pub /root/.ssh/authorized_keys`, want: "authorized-keys=fail", says: "authorized-keys: Packer"},
		{name: "user key", bug: "B2", plant: app + `cp /mnt/rsa.pub /home/app/.ssh/authorized_keys`, want: "authorized-keys=fail", says: "authorized-keys: /home/app/.ssh/authorized_keys"},
		{name: "user key outside /home", bug: "B16", plant: srv + `cp /mnt/ecdsa.pub /srv/app/.ssh/authorized_keys`, want: "authorized-keys=fail"},
		{name: "user key in /home though the home is elsewhere", bug: "B16",
			plant: srv + `mkdir -p /home/app/.ssh; cp /mnt/ecdsa.pub /home/app/.ssh/authorized_keys`, want: "authorized-keys=fail"},
		{name: "system account's key", bug: "B15", plant: `mkdir -p /var/www/.ssh; cp /mnt/ed25519.pub /var/www/.ssh/authorized_keys`, want: "authorized-keys=fail"},
		{name: "authorized_keys2", bug: "B17", plant: root + `cp /mnt/ed25519.pub /root/.ssh/authorized_keys2`, want: "authorized-keys=fail"},
		{name: "AuthorizedKeysFile", bug: "B17", plant: `mkdir -p /etc/ssh/keys; cp /mnt/ed25519.pub /etc/ssh/keys/root
			echo 'AuthorizedKeysFile /etc/ssh/keys/%u' >>/etc/ssh/sshd_config`, want: "authorized-keys=fail"},
		{name: "AuthorizedKeysFile in a drop-in", bug: "B17", plant: `cp /mnt/ed25519.pub /root/keys
			echo 'AuthorizedKeysFile %h/keys' >/etc/ssh/sshd_config.d/keys.conf`, want: "authorized-keys=fail"},
		{name: "50 bytes are no key", plant: root + `fill /root/.ssh/authorized_keys 50`},
		{name: "51 bytes without a key", plant: root + `fill /root/.ssh/authorized_keys 51`, want: "authorized-keys=fail"},
		{name: "a key that is commented out", plant: root + `sed 's/^/#/' /mnt/ed25519.pub >/root/.ssh/authorized_keys`, want: "authorized-keys=fail"},
		{name: "authorized_keys is a link", plant: root + `cp /mnt/ed25519.pub /root/keys; ln -s ../keys /root/.ssh/authorized_keys`, want: "authorized-keys=fail"},
		{name: "empty authorized_keys", plant: root + `: >/root/.ssh/authorized_keys`},
		{name: "root's home elsewhere", bug: "B16", plant: `sed -i 's|^\(root:.*\):/root:|\1:/srv/root:|' /etc/passwd
			mkdir -p /srv/root/.ssh; cp /mnt/ed25519.pub /srv/root/.ssh/authorized_keys`, want: "authorized-keys=fail"},
	}
}

// sshFaults are the other things in an .ssh folder.
func sshFaults() []fault {
	const root = `mkdir -p /root/.ssh; `
	const app = `account app 1000 /home/app '*'; mkdir -p /home/app/.ssh; `
	return []fault{
		{name: "id_rsa", plant: root + `cp /mnt/rsa /root/.ssh/id_rsa`, want: "private-keys=fail"},
		{name: "id_rsa of a user", bug: "B2", plant: app + `cp /mnt/rsa /home/app/.ssh/id_rsa`, want: "private-keys=fail"},
		{name: "id_ed25519", bug: "B17", plant: root + `cp /mnt/ed25519 /root/.ssh/id_ed25519`, want: "private-keys=fail"},
		{name: "id_ecdsa", bug: "B17", plant: root + `cp /mnt/ecdsa /root/.ssh/id_ecdsa`, want: "private-keys=fail"},
		{name: "a key by another name", bug: "B17", plant: root + `cp /mnt/pkcs8 /root/.ssh/deploy.pem`, want: "private-keys=fail"},
		{name: "an old PEM key", bug: "B17", plant: root + `cp /mnt/pem /root/.ssh/old`, want: "private-keys=fail"},
		{name: "an encrypted key", bug: "B17", plant: root + `cp /mnt/encrypted /root/.ssh/work`, want: "private-keys=fail"},
		{name: "a PuTTY key", bug: "B17", plant: root + `cp /mnt/putty /root/.ssh/work.ppk`, want: "private-keys=fail"},
		{name: "a key in a hidden file", bug: "B17", plant: root + `cp /mnt/ed25519 /root/.ssh/.hidden`, want: "private-keys=fail"},
		{name: "a key in a sub-folder", bug: "B17", plant: app + `mkdir /home/app/.ssh/old; cp /mnt/rsa /home/app/.ssh/old/x`, want: "private-keys=fail"},
		{name: "id_rsa that is no key", plant: root + `echo gone >/root/.ssh/id_rsa`, want: "private-keys=fail"},
		{name: "empty id_rsa", plant: root + `: >/root/.ssh/id_rsa`, want: "private-keys=warn"},
		{name: "known_hosts of 51 bytes", plant: root + `fill /root/.ssh/known_hosts 51`, want: "known-hosts=warn"},
		{name: "known_hosts of 50 bytes", plant: root + `fill /root/.ssh/known_hosts 50`},
		{name: "known_hosts of a user", bug: "B2", plant: app + `fill /home/app/.ssh/known_hosts 500`, want: "known-hosts=warn"},
		{name: "a public key", plant: root + `cp /mnt/rsa.pub /root/.ssh/id_rsa.pub`, want: "ssh-files=warn"},
		{name: "config of a user", bug: "B2", plant: app + `fill /home/app/.ssh/config 20`, want: "ssh-files=warn"},
		{name: "a hidden file", bug: "B17", plant: root + `fill /root/.ssh/.lock 1`, want: "ssh-files=warn"},
		{name: "something in a sub-folder", bug: "B17", plant: root + `fill /root/.ssh/control/master 1`, want: "ssh-files=warn"},
		{name: "an empty .ssh", plant: root},
	}
}

// historyFaults are what shells and clients remember.
func historyFaults() []fault {
	const app = `account app 1000 /home/app '*'; `
	return []fault{
		{name: "root history of 200 bytes", plant: `fill /root/.bash_history 200`, want: "shell-history=fail"},
		{name: "root history of 199 bytes", plant: `fill /root/.bash_history 199`},
		{name: "user history", bug: "B1", plant: app + `fill /home/app/.bash_history 300`, want: "shell-history=fail"},
		{name: "user history outside /home", bug: "B16", plant: `account app 1000 /srv/app '*'; fill /srv/app/.bash_history 300`, want: "shell-history=fail"},
		{name: "system account's history", bug: "B15", plant: `fill /var/www/.bash_history 300`, want: "shell-history=fail"},
		{name: "zsh history", bug: "B35", plant: `fill /root/.zsh_history 20`, want: "shell-history=warn"},
		{name: "python history", bug: "B35", plant: app + `fill /home/app/.python_history 20`, want: "shell-history=warn"},
		{name: "mysql history", bug: "B35", plant: `fill /root/.mysql_history 20`, want: "shell-history=warn"},
		{name: "psql history", bug: "B35", plant: `fill /root/.psql_history 20`, want: "shell-history=warn"},
		{name: "vim history", bug: "B35", plant: `fill /root/.viminfo 20`, want: "shell-history=warn"},
		{name: "less history", bug: "B35", plant: `fill /root/.lesshst 20`, want: "shell-history=warn"},
		{name: "wget history", bug: "B35", plant: `fill /root/.wget-hsts 20`, want: "shell-history=warn"},
		{name: "empty histories", plant: `: >/root/.bash_history; : >/root/.zsh_history`},
	}
}
