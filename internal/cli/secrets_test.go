package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/fixtures"
	"imgcheck/report"
)

// planted holds secrets of every kind that a check looks for, where it looks.
const planted = `
-- root/.digitalocean_password --
root_mysql_pass="{{token do}}"
-- root/.docker/config.json --
{"auths": {"x": {"auth": "{{token github}}"}}}
-- root/.aws/credentials --
[default]
aws_secret_access_key = {{token aws}}
-- root/.kube/config --
users: [{name: x, user: {token: {{token gitlab}}}}]
-- root/.npmrc --
//registry.npmjs.org/:_authToken={{token slack}}
-- root/.netrc --
machine x login y password {{sha512-hash}}
-- root/.composer/auth.json --
{"broken": "{{token github}}", 
-- root/.config/doctl/config.yaml --
access-token: [{{token do}}
-- root/.ssh/id_ed25519 --
{{private-key openssh}}
-- root/deploy.pem --
{{private-key rsa}}
-- etc/ssl/private/x.key --
{{private-key pkcs8}}
-- etc/ssh/ssh_host_ecdsa_key --
{{private-key ec}}
-- etc/ssh/sshd_config append --
Match User root
ForceCommand echo "{{token do}}"
Banner "{{token github}}
-- etc/cloud/cloud.cfg.d/99.cfg --
password: [{{token do}}
ssh_deletekeys: false
-- opt/myapp/.env --
A={{token do}}
B={{token aws}}
C={{token github}}
D={{token gitlab}}
E={{token slack}}
-- var/log/cloud-init-output.log --
{{token do}} {{token aws}} {{token github}} {{token gitlab}} {{token slack}}
{{private-key putty}}
-- var/log/old.log.1 --
{{private-key openssh}}
-- root/.bash_history --
export TOKEN={{token do}}
-- etc/shadow append --
app:{{yescrypt-hash}}:20000::::::
-- etc/passwd append --
app:x:1000:1000::/srv/app:/bin/sh
-- srv/app/.git-credentials --
https://x:{{token github}}@github.com
-- var/lib/cloud/scripts/per-instance/009_x mode=0755 --
#!/bin/sh
sed -i 's/{{token do}}/x/' /etc/ssh/sshd_config
`

// No eight bytes in a row of any secret may appear anywhere in what is said.
func TestNoSecretIsPrinted(t *testing.T) {
	tree := fixtures.Copy(t, "debian-12", planted)
	windows := map[string]bool{}
	for _, secret := range fixtures.Planted(t, planted) {
		for i := range len(secret) - 7 {
			windows[secret[i:i+8]] = true
		}
	}
	holdsSecret := func(text string) bool {
		for i := range max(len(text)-7, 0) {
			if windows[text[i:i+8]] {
				return true
			}
		}
		return false
	}
	env, err := os.ReadFile(filepath.Join(tree, "opt/myapp/.env"))
	require.NoError(t, err)
	require.True(t, holdsSecret(string(env)), "what is looked for is what was planted")
	runs := [][]string{{"check", "-v"}, {"check", "--strict", "--color", "always"}}
	for _, format := range report.Formats() {
		runs = append(runs, []string{"check", "--format", format})
	}
	for _, args := range runs {
		var stdout, stderr bytes.Buffer
		code := Run(context.Background(), append(args, "--root", tree), nil, strings.NewReader(""), &stdout, &stderr)
		assert.Equal(t, 1, code, args)
		assert.False(t, holdsSecret(stdout.String()), "%v: standard output holds a part of a secret", args)
		assert.False(t, holdsSecret(stderr.String()), "%v: standard error holds a part of a secret", args)
		for _, id := range []string{"credentials", "log-secrets", "ssh-host-keys", "sshd-config", "private-keys"} {
			assert.Contains(t, stdout.String(), id, args)
		}
		assert.Contains(t, stdout.String(), "opt/myapp/.env", args) // SARIF has relative paths
	}
}
