package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHomes(t *testing.T) {
	m := treeMachine(t, `
-- etc/passwd --
root:x:0:0::/srv/root:/bin/sh
app:x:1000:1000::/srv/app/:/bin/sh
bpp:x:1001:1001::srv/app:/bin/sh
none:x:99:99::/nonexistent:
null:x:98:98::/dev/null:
nohome:x:97:97:::
link:x:96:96::/lnk:
-- root/.ssh/a/b --
x
-- srv/root/.profile --
-- srv/app/.ssh link=/gone --
-- home/app/.ssh --
x
-- dev/null --
-- lnk link=/srv/root --
-- home/link dir --
`)
	homes, err := m.Homes(t.Context())
	require.NoError(t, err)
	var got []string
	for _, h := range homes {
		paths := []string{h.Dir + " " + strings.Join(h.Accounts, ",")}
		for _, e := range h.SSH {
			paths = append(paths, e.Path)
		}
		got = append(got, strings.Join(paths, " "))
	}
	assert.Equal(t, []string{
		"/home/app app /home/app/.ssh",
		"/lnk link,root",
		"/root root /root/.ssh/a /root/.ssh/a/b",
		"/srv/app app,bpp /srv/app/.ssh",
	}, got, "root's in /root too, users' in /home too, one home for two names")
	assert.Equal(t, "app and 1 more", homes[3].Owner())
	assert.Equal(t, "root", homes[2].Owner())
	assert.True(t, homes[1].Has(".profile"))
	assert.False(t, homes[1].Has(".ssh"))
}

func TestHomesThatCannotBeRead(t *testing.T) {
	m := treeMachine(t, "-- etc/passwd --\na:x:1:1::/loop:\nb:x:2:2::/fine:\nbroken\n-- loop link=loop --\n-- fine dir --\n")
	homes, err := m.Homes(t.Context())
	require.Len(t, homes, 1)
	assert.Equal(t, "/fine", homes[0].Dir)
	assert.ErrorContains(t, err, "looking into a home: ")
	assert.ErrorContains(t, err, "/loop: too many levels")
	assert.ErrorContains(t, err, "/etc/passwd line 3")
}

// TestSSHFolderWithoutEnd: what is too deep for an .ssh folder is an error, and what
// was met until then still counts.
func TestSSHFolderWithoutEnd(t *testing.T) {
	m := treeMachine(t, "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\n-- root/.ssh/authorized_keys --\nx\n"+
		"-- root/.ssh/"+strings.Repeat("d/", 40)+"id_rsa --\nx\n")
	homes, err := m.Homes(t.Context())
	require.ErrorContains(t, err, "looking into /root/.ssh: more than 10000 things or 32 levels")
	require.Len(t, homes, 1)
	assert.Equal(t, "/root/.ssh/authorized_keys", homes[0].SSH[0].Path)
}
