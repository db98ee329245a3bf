//go:build e2e

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A package manager that could not look is never "no updates", whatever its exit
// status says.
func TestRefreshThatFails(t *testing.T) {
	const reached = `sed -i 's|file:///srv/repo/debian-security|http://127.0.0.1:9/debian-security|' /etc/apt/sources.list.d/debian.sources`
	rows := []struct {
		name, plant string
		arrange     func(*testing.T, *tree)
	}{
		{name: "mirror that cannot be reached, where apt exits 0", plant: reached},
		{name: "Release file that has expired", arrange: func(t *testing.T, own *tree) {
			expired := securitySuite
			expired.validUntil = time.Now().Add(-time.Hour)
			require.NoError(t, expired.publish(own.root, otherFix))
		}},
		{name: "signature by another key", plant: `sed -i 's/^Description:.*/Description: changed/' /srv/repo/debian-security/dists/*/InRelease; rm /srv/repo/debian-security/dists/*/Release`},
		{name: "no signature", plant: `rm /srv/repo/debian-security/dists/*/InRelease`},
		{name: "index that does not match its hash", arrange: func(_ *testing.T, own *tree) {
			own.offer([]deb{{name: "lab-web", have: "1.0", next: "1.1", in: "security"}})
			own.plant(`echo x | gzip >/srv/repo/debian-security/dists/bookworm-security/main/binary-amd64/Packages.gz`)
		}},
		{name: "/tmp at mode 0755", plant: `chmod 0755 /tmp; rm -f /var/lib/apt/lists/*security*`},
		{name: "broken sources", plant: `echo 'deb nonsense' >/etc/apt/sources.list.d/broken.list`},
		{name: "apt is missing", plant: `rm /usr/bin/apt-get`},
		{name: "apt is killed", plant: `printf '#!/bin/sh\nkill -9 $$\n' >/usr/bin/apt-get`},
		{name: "apt exits 100 and says nothing", plant: `printf '#!/bin/sh\nexit 100\n' >/usr/bin/apt-get`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			own := debianTree(t)
			own.plant(row.plant)
			if row.arrange != nil {
				row.arrange(t, own)
			}
			out := own.checkLive()
			assert.Equal(t, "error", out.statuses()["security-updates"], out.said("security-updates"))
			assert.Equal(t, 3, out.code)
			assert.NotEmpty(t, out.said("security-updates"))
		})
	}
}

func TestManagerThatHangsOrFloods(t *testing.T) {
	rows := []struct{ name, text string }{
		{"hangs", "exec sleep 1000"},
		{"hangs and does not want to end", "trap '' TERM; sleep 1000; sleep 1000"},
		{"leaves children that hold the output", "(trap '' TERM; sleep 1000) & sleep 1000"},
		{"floods", "exec yes"},
		{"floods the errors", "exec yes >&2"},
		{"asks", "read answer; echo $answer; sleep 1000"},
	}
	for _, row := range rows {
		for program, fresh := range map[string]func(testing.TB) *tree{"apt-get": debianTree, "dnf": rockyTree} {
			t.Run(program+" "+row.name, func(t *testing.T) {
				t.Parallel()
				own := fresh(t)
				own.write("usr/bin/"+program, "#!/bin/sh\n"+row.text+"\n")
				own.plant("chmod 755 /usr/bin/" + program)
				start := time.Now()
				out := own.checkLive("--timeout", "3s")
				assert.Equal(t, "error", out.statuses()["security-updates"], out.said("security-updates"))
				assert.Equal(t, 3, out.code)
				assert.Less(t, time.Since(start), 20*time.Second)
			})
		}
	}
}

// The indexes are what a shorter look judges by; it says so.
func TestNoRefresh(t *testing.T) {
	own := debianTree(t)
	own.offer([]deb{{name: "lab-web", have: "1.0", next: "1.1", in: "security"}})
	assert.Equal(t, "pass", own.checkLive("--no-refresh").statuses()["security-updates"], "the index does not know it yet")
	assert.Equal(t, "fail", own.checkLive().statuses()["security-updates"])
	assert.Equal(t, "fail", own.checkLive("--no-refresh").statuses()["security-updates"], "the index was refreshed by the run before")
}

// A security suite that offers nothing yet is a security source all the same.
func TestEmptySecuritySuite(t *testing.T) {
	own := debianTree(t)
	require.NoError(t, securitySuite.publish(own.root, ""))
	own.refresh()
	for _, m := range modes() {
		out := m.run(own)
		assert.Equal(t, "pass", out.statuses()["security-updates"], "%s: %s", m.name, out.said("security-updates"))
	}
}
