package distro

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHostname(t *testing.T) {
	for overlay, want := range map[string]string{
		"-- etc/hosts --\n":                   "a machine without a name",
		"-- etc/hostname --\n":                "a machine without a name",
		"-- etc/hostname --\nweb-1\nmore\n":   "web-1",
		"-- etc/hostname mode=0600 --\n x \n": "x",
	} {
		assert.Equal(t, want, treeMachine(t, overlay).Hostname(), overlay)
	}
}

func TestAuthorizedKeyCount(t *testing.T) {
	m := treeMachine(t, `
-- etc/passwd --
root:x:0:0:root:/root:/bin/bash
jane:x:1000:1000::/home/jane:/bin/bash
-- root/.ssh/authorized_keys --
# no key
{{ed25519-public a@b}}
-- home/jane/.ssh/authorized_keys --
{{ed25519-public c@d}}
{{ed25519-public e@f}}
-- home/jane/.ssh/authorized_keys2 link=nowhere --
`)
	count, err := m.AuthorizedKeyCount(context.Background())
	require.NoError(t, err)
	assert.Equal(t, 3, count)
}
