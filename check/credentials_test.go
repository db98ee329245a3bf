package check

import "testing"

func TestCredentials(t *testing.T) {
	const app = "-- etc/passwd append --\napp:x:1000:1000::/srv/app:/bin/sh\n"
	testCheck(t, credentials(), []row{
		{name: "none", want: Pass},
		{
			name: "files without anything in them", want: Pass,
			overlay: "-- root/.docker/config.json --\n{\"credsStore\": \"pass\"}\n-- root/.npmrc --\n//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n" +
				"-- root/.digitalocean_dbaas_credentials --\ndb_protocol=\"mysql\"\ndb_username=\"\"\ndb_password=\"\"\n-- root/.netrc fifo --\n-- root/.aws dir --\n" +
				"-- etc/mysql/debian.cnf --\n[client]\nuser = root\npassword =\n",
		},
		{
			name: "of DigitalOcean", want: Fail,
			overlay: "-- root/.digitalocean_password --\nroot_mysql_pass=\"{{bytes 24}}\"\n-- root/.digitalocean_dbaas_credentials --\ndb_protocol=\"mysql\"\ndb_password=\"{{bytes 16}}\"\n" +
				"-- root/.config/doctl/config.yaml --\naccess-token: {{token do}}\n",
			findings: []string{
				"fail /root/.config/doctl/config.yaml:1 doctl login",
				"fail /root/.digitalocean_dbaas_credentials:2 credentials of a managed database",
				"fail /root/.digitalocean_password:1 passwords of a 1-Click",
			},
		},
		{
			name: "of a user whose home lies elsewhere", want: Fail,
			overlay:  app + "-- srv/app/.docker/config.json --\n{\"auths\": {\"registry.digitalocean.com\": {\"auth\": \"{{bytes 40}}\"}}}\n",
			findings: []string{"fail /srv/app/.docker/config.json:1 registry login"},
		},
		{
			name: "of a system account", want: Fail,
			overlay:  "-- etc/passwd append --\nci:x:998:998::/var/lib/ci:/bin/sh\n-- var/lib/ci/.git-credentials --\nhttps://ci:{{token github}}@github.com\n",
			findings: []string{"fail /var/lib/ci/.git-credentials:1 git password"},
		},
		{
			name: "tokens", want: Fail,
			overlay: "-- opt/myapp/.env --\nPORT=80\nDO_TOKEN={{token do}}\nAGAIN={{token do}}\nAWS={{token aws}}\n-- etc/myapp.conf --\n{{token gitlab}}\n-- home/gone/notes --\n{{token slack}}\n",
			findings: []string{
				"fail /etc/myapp.conf:1 GitLab token", "fail /home/gone/notes:1 Slack token",
				"fail /opt/myapp/.env:2 DigitalOcean token (2 times)", "fail /opt/myapp/.env:4 AWS access key",
			},
		},
		{
			name: "what every droplet would share", want: Warn,
			overlay: "-- root/.pgpass --\n*:*:*:postgres:{{bytes 20}}\n-- root/.my.cnf --\n[client]\npassword={{bytes 20}}\n-- etc/mysql/debian.cnf --\n[client]\npassword = {{bytes 20}}\n" +
				"-- etc/ssl/private/ssl-cert-snakeoil.key --\n{{private-key pkcs8}}\n-- etc/letsencrypt/archive/x/privkey1.pem --\n{{private-key ec}}\n-- root/deploy.pem --\n{{private-key rsa}}\n",
			findings: []string{
				"warn /etc/letsencrypt/archive/x/privkey1.pem:1 PEM EC private key, which every droplet would share",
				"warn /etc/mysql/debian.cnf:2 MySQL password, which every droplet would share",
				"warn /etc/ssl/private/ssl-cert-snakeoil.key:1 PKCS#8 private key, which every droplet would share",
				"warn /root/.my.cnf:2 MySQL password, which every droplet would share",
				"warn /root/.pgpass:1 PostgreSQL password, which every droplet would share",
				"warn /root/deploy.pem:1 PEM RSA private key, which every droplet would share",
			},
		},
		{
			name: "what has checks of its own, and other people's code", want: Pass,
			overlay: "-- root/.ssh/id_rsa --\n{{private-key rsa}}\n-- etc/ssh/ssh_host_rsa_key --\n{{private-key rsa}}\n-- opt/myapp/node_modules/x/test.pem --\n{{private-key rsa}}\n" +
				"-- usr/share/doc/x --\n{{token aws}}\n-- opt/link link=/usr/share/doc/x --\n-- opt/out link=../../../../../etc/shadow --\n",
		},
		{
			name: "one that cannot be read beside one that can", want: Fail,
			overlay:  "-- root/.docker/config.json --\n{\n-- root/.aws/credentials --\naws_secret_access_key={{bytes 40}}\n",
			findings: []string{"fail /root/.aws/credentials:1 AWS credentials"},
			err:      "/root/.docker/config.json: is not JSON",
		},
		{name: "one that cannot be read", overlay: "-- root/.kube/config --\n\t- {\n", want: Error, err: "/root/.kube/config: is not YAML"},
		{name: "a loop of links", overlay: "-- root/.npmrc link=.npmrc --\n", want: Error, err: "/root/.npmrc"},
		{name: "passwd is gone", overlay: "-- etc/passwd removed --\n", want: Error, err: "reading the accounts"},
	})
}
