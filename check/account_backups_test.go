package check

import (
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/stretchr/testify/require"

	"imgcheck/distro"
)

// writesPacked lays a file into the tree that unpacks to text.
func writesPacked(name, text string) func(*testing.T, *distro.Machine) {
	return func(t *testing.T, m *distro.Machine) {
		t.Helper()
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, err := w.Write([]byte(text))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		writes(name, packed.Bytes())(t, m)
	}
}

func TestAccountBackups(t *testing.T) {
	const harmless = " holds nothing that the machine does not have, and no password"
	testCheck(t, accountBackups(), []row{
		{name: "none", want: Pass},
		{
			name: "copies that say no more", want: Pass,
			overlay: "-- etc/passwd- --\nroot:x:0:0:root:/root:/bin/sh\n\n# a comment\n-- etc/shadow- --\nroot:*:1::::::\n-- var/backups/group.bak --\nroot:x:0:\n" +
				"-- etc/gshadow- no-newline --\n-- etc/security/opasswd no-newline --\n",
			findings: []string{"note /etc/passwd-" + harmless, "note /etc/shadow-" + harmless, "note /var/backups/group.bak" + harmless},
		},
		{
			name: "hashes", want: Warn,
			overlay: "-- etc/shadow- --\nroot:{{sha512-hash}}:1::::::\ndaemon:!{{yescrypt-hash}}:1::::::\n-- etc/gshadow- --\nroot:{{sha512-hash}}::\n" +
				"-- etc/security/opasswd --\nroot:0:1:{{sha512-hash}}\n",
			findings: []string{
				"warn /etc/gshadow- holds 1 hash of a password", "warn /etc/security/opasswd holds 1 hash of a password", "warn /etc/shadow- holds 2 hashes of passwords",
			},
		},
		{
			name: "accounts and groups that are gone", want: Warn,
			overlay: "-- etc/passwd- --\nroot:x:0:0::/root:/bin/sh\npacker:x:1000:1000::/home/packer:/bin/sh\n-- var/backups/group.bak --\npacker:x:1000:\nwheels:x:7:\n" +
				"-- etc/subuid- --\npacker:100000:65536\n",
			findings: []string{
				"warn /etc/passwd- names 1 account or group that is gone", "warn /etc/subuid- names 1 account or group that is gone",
				"warn /var/backups/group.bak names 2 accounts or groups that are gone",
			},
		},
		{
			name: "a packed one", change: writesPacked("var/backups/passwd.1.gz", "packer:x:1000:1000::/home/packer:/bin/sh\n"), want: Warn,
			findings: []string{"warn /var/backups/passwd.1.gz names 1 account or group that is gone"},
		},
		{name: "a packed one that is none", overlay: "-- var/backups/shadow.1.gz --\nx\n", want: Error, err: "unpacking /var/backups/shadow.1.gz"},
		{name: "too large to be one", overlay: "-- etc/shadow- size=20M --\n", want: Error, err: "looking at copies of the account files"},
		{
			name: "where nobody is known", overlay: "-- etc/passwd removed --\n-- etc/passwd- --\nroot:x:0:0::/root:/bin/sh\n-- etc/shadow- --\nroot:{{sha512-hash}}:1::::::\n", want: Error,
			findings: []string{"warn /etc/shadow- holds 1 hash of a password"}, err: "looking at copies of the account files",
		},
	})
}
