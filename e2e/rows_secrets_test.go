//go:build e2e

package e2e

// secretFaults are credentials and keys where no check of ssh looks.
func secretFaults() []fault {
	const token = `dop_v1_$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')`
	return []fault{
		{name: "a token in a .env", plant: `mkdir -p /opt/app; echo "DO_TOKEN=` + token + `" >/opt/app/.env`, want: "credentials=fail", says: "credentials: /opt/app/.env DigitalOcean token"},
		{name: "a token in a user's home", plant: `account app 1000 /srv/app '*'; echo "export T=` + token + `" >/srv/app/.profile`, want: "credentials=fail"},
		{name: "a token under /etc", plant: `echo "T=` + token + `" >/etc/default/app`, want: "credentials=fail"},
		{name: "a docker login", plant: `mkdir /root/.docker; printf '{"auths": {"x": {"auth": "%s"}}}' "$(echo planted | base64)" >/root/.docker/config.json`, want: "credentials=fail"},
		{name: "docker without a login", plant: `mkdir /root/.docker; echo '{"credsStore": "pass"}' >/root/.docker/config.json`},
		{name: "a 1-Click's password", plant: `echo 'root_mysql_pass="planted"' >/root/.digitalocean_password`, want: "credentials=fail"},
		{name: "an empty template of a database's credentials", plant: `printf 'db_protocol="mysql"\ndb_password=""\n' >/root/.digitalocean_dbaas_credentials`},
		{name: "a TLS key", plant: `cp /mnt/pkcs8 /etc/ssl/private/site.key`, want: "credentials=warn", says: "credentials: /etc/ssl/private/site.key PKCS#8 private key"},
		{name: "a key in root's home", plant: `cp /mnt/rsa /root/deploy`, want: "credentials=warn"},
		{name: "a token in a binary file", plant: `printf 'x\0` + token + `\n' >/opt/program`},
		{name: "a token in other people's code", plant: `mkdir -p /srv/app/node_modules/x; echo "T=` + token + `" >/srv/app/node_modules/x/README`},
		{name: "a token in a log", plant: `echo "+ doctl auth init -t ` + token + `" >/var/log/cloud-init-output.log`, want: "log-files=warn log-secrets=warn",
			says: "log-secrets: /var/log/cloud-init-output.log DigitalOcean token"},
		{name: "a key in a packed log", plant: `gzip -c /mnt/rsa >/var/log/app.log.1.gz
			for kind in bz2 lzma; do python3 -c "import sys, $kind; sys.stdout.buffer.write($kind.compress(open('/mnt/ed25519', 'rb').read()))" >/var/log/app.log.2.$kind; done
			mv /var/log/app.log.2.lzma /var/log/app.log.2.xz`, want: "log-archives=warn log-secrets=warn"},
		{name: "a log archive that is cut off", plant: `head -c 100000 /dev/urandom | gzip | head -c 50000 >/var/log/app.log.1.gz`, want: "log-archives=warn log-secrets=error"},
		{name: "fingerprints in cloud-init's output", plant: `for k in rsa ed25519; do cat /mnt/$k.pub; echo "256 SHA256:$(head -c 32 /dev/urandom | base64) root@x"; done >/var/log/cloud-init-output.log`,
			want: "log-files=warn"},
	}
}

// serverFaults are what is wrong with the SSH server's keys and configuration.
func serverFaults() []fault {
	const conf = `/etc/ssh/sshd_config.d/10-app.conf`
	const locked = `printf 'Match User root\n\tForceCommand echo "Please wait while we get your droplet ready..."\n' >>/etc/ssh/sshd_config; `
	const onboot = `/var/lib/cloud/scripts/per-instance/001_onboot`
	return []fault{
		{name: "host keys", plant: `ssh-keygen -q -A`, want: "ssh-host-keys=warn", says: "ssh-host-keys: replaced at first boot by cloud-init"},
		{name: "host keys that are kept", plant: `ssh-keygen -q -A; echo 'ssh_deletekeys: false' >/etc/cloud/cloud.cfg.d/99.cfg`, want: "ssh-host-keys=fail",
			says: "ssh-host-keys: ssh_deletekeys in /etc/cloud/cloud.cfg.d/99.cfg line 1"},
		{name: "a host key elsewhere", plant: `cp /mnt/ed25519 /srv/hostkey; echo 'HostKey /srv/hostkey' >` + conf, want: "ssh-host-keys=fail credentials=warn"},
		{name: "cloud.cfg that is no YAML", plant: `echo 'a: [' >/etc/cloud/cloud.cfg.d/99.cfg`, want: "cloud-init-datasource=error ssh-host-keys=error log-secrets=error"},
		{name: "passwords", plant: `echo 'PasswordAuthentication yes' >` + conf, want: "sshd-config=warn", says: "sshd-config: " + conf + " PasswordAuthentication is yes"},
		{name: "passwords after keys only", plant: `echo 'PasswordAuthentication yes' >>/etc/ssh/sshd_config`},
		{name: "root by password", plant: `printf 'PermitRootLogin yes\nPasswordAuthentication yes\n' >` + conf, want: "sshd-config=warn", says: "sshd-config: PermitRootLogin"},
		{name: "a certificate authority", plant: `cp /mnt/ed25519.pub /etc/ssh/ca.pub; echo 'TrustedUserCAKeys /etc/ssh/ca.pub' >` + conf, want: "sshd-config=warn"},
		{name: "root is told to wait", plant: locked, want: "sshd-config=fail", says: "sshd-config: ForceCommand logs root out for good"},
		{name: "root is told to wait until first boot", plant: locked + `printf '#!/bin/sh\nsed -e "/Match User root/d" \\\n    -e "/.*ForceCommand.*droplet.*/d" \\\n    -i /etc/ssh/sshd_config\n' >` +
			onboot + `; chmod 755 ` + onboot, says: "sshd-config: removes at first boot"},
		{name: "root is told to wait, and the script is for another", plant: locked + `printf '#!/bin/sh\nsed -i "/ForceCommand.*wordpress/d" /etc/ssh/sshd_config\n' >` +
			onboot + `; chmod 755 ` + onboot, want: "sshd-config=fail"},
	}
}
