package check

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"imgcheck/fixtures"
)

func TestPrivateKeys(t *testing.T) {
	testCheck(t, privateKeys(), []row{
		{name: "no .ssh", want: Pass},
		{name: "other files", overlay: "-- root/.ssh/config --\nHost *\n-- root/.ssh/id_rsa.pub --\n" + publicKey + "\n", want: Pass},
		{
			name: "a key of root's under an odd name", want: Fail,
			overlay:  "-- \"root/.ssh/.hidden\\n\" --\nbefore it\n-----BEGIN PRIVATE KEY-----\nAAAA\n",
			findings: []string{"fail /root/.ssh/.hidden\n PKCS#8 private key, 43 bytes"},
		},
		{
			name: "a system account's key in a sub-folder", want: Fail,
			overlay:  "-- opt/myapp/.ssh/old/deploy --\nPuTTY-User-Key-File-3: ssh-ed25519\n",
			findings: []string{"fail /opt/myapp/.ssh/old/deploy PuTTY private key, 35 bytes"},
		},
		{
			name: "a key behind a link", want: Fail,
			overlay:  "-- root/.ssh/key link=/srv/key --\n-- srv/key --\n-----BEGIN OPENSSH PRIVATE KEY-----\n",
			findings: []string{"fail /root/.ssh/key OpenSSH private key, 36 bytes"},
		},
		{
			name: "the name of a key is enough", want: Fail,
			overlay:  "-- root/.ssh/id_ed25519 --\ngone\n",
			findings: []string{"fail /root/.ssh/id_ed25519 5 bytes under the name of a private key"},
		},
		{
			name: "empty", want: Warn,
			overlay: "-- root/.ssh/id_rsa --\n-- root/.ssh/id_work --\n-- root/.ssh/id_x.pub --\n",
			findings: []string{
				"warn /root/.ssh/id_rsa empty file under the name of a private key",
				"warn /root/.ssh/id_work empty file under the name of a private key",
			},
		},
		{name: "a key further in than 1 MiB", overlay: "-- root/.ssh/huge size=2G --\n", want: Pass},
		{name: "a fifo, a socket and a link to nothing hold nothing", want: Pass,
			overlay: "-- root/.ssh/a fifo --\n-- root/.ssh/b socket --\n-- root/.ssh/c link=/nowhere --\n"},
		{name: "a link that leads in a circle", overlay: "-- root/.ssh/a link=a --\n", want: Error, err: "/root/.ssh/a"},
		{name: "passwd is gone", overlay: "-- etc/passwd removed --\n", want: Error, err: "reading the accounts"},
	})
}

// TestPrivateKeysOfAllKinds plants whole keys and looks for them in what is said.
func TestPrivateKeysOfAllKinds(t *testing.T) {
	for kind, want := range map[string]string{
		"openssh": "OpenSSH private key", "rsa": "PEM RSA private key", "ec": "PEM EC private key",
		"pkcs8": "PKCS#8 private key", "putty": "PuTTY private key",
	} {
		overlay := "-- root/.ssh/x --\n{{private-key " + kind + "}}\n"
		got := described(judge(t, privateKeys(), row{overlay: overlay}))
		if assert.Len(t, got, 1, kind) {
			assert.Contains(t, got[0], "fail /root/.ssh/x "+want+", ", kind)
			planted := fixtures.Planted(t, overlay)
			assert.NotEmpty(t, planted)
			assert.False(t, slices.ContainsFunc(planted, func(secret string) bool { return strings.Contains(got[0], secret) }), kind)
		}
	}
}
