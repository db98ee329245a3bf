package check

import "testing"

func TestLogSecrets(t *testing.T) {
	testCheck(t, logSecrets(), []row{
		{name: "logs as they are", want: Pass},
		{
			name: "host keys as cloud-init prints them", want: Pass,
			overlay: "-- var/log/cloud-init-output.log --\nYour public key has been saved in /etc/ssh/ssh_host_rsa_key.pub\nSHA256:{{bytes 43}} root@x\n" +
				"-----BEGIN SSH HOST KEY FINGERPRINTS-----\n256 SHA256:{{bytes 43}} root@x (ED25519)\n{{ed25519-public root@x}}\n",
		},
		{
			name: "a token and a key", want: Warn,
			overlay: "-- var/log/cloud-init-output.log --\n+ doctl auth init -t {{token do}}\n+ again {{token do}}\n-- var/log/app/deep/install.log --\nwrote\n{{private-key openssh}}\n" +
				"-- var/log/journal/x/system.journal --\nMESSAGE={{token github}} {{bytes 20}}\n",
			findings: []string{
				"warn /var/log/app/deep/install.log:2 OpenSSH private key",
				"warn /var/log/cloud-init-output.log:1 DigitalOcean token (2 times)",
				"warn /var/log/journal/x/system.journal GitHub token",
			},
		},
		{
			name: "where cloud-init writes to", want: Warn,
			overlay:  "-- etc/cloud/cloud.cfg.d/05_logging.cfg --\noutput: {all: '| tee -a /root/out.log'}\n-- root/out.log --\n{{token aws}}\n",
			findings: []string{"warn /root/out.log:1 AWS access key"},
		},
		{name: "fifos, links and holes", want: Pass, overlay: "-- var/log/a.log fifo --\n-- var/log/b.log link=/root/x --\n-- root/x --\n{{token aws}}\n-- var/log/c.log size=8G --\n"},
		{name: "no /var/log", overlay: "-- var/log removed --\n", want: Pass},
		{
			name: "an archive that is none", want: Error,
			overlay: "-- var/log/x.gz --\n\x1f\x8b{{bytes 100}}\n", err: "unpacking /var/log/x.gz",
		},
		{name: "a configuration that cannot be read", overlay: "-- etc/cloud/cloud.cfg --\na: [\n", want: Error, err: "/etc/cloud/cloud.cfg is not one YAML document"},
	})
}
