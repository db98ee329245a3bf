package check

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/distro"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// unclean is what the checks say of each committed machine that is not simply
// publishable: what does not pass, but for skips.
func unclean() map[string][]string {
	ended := []string{"warn os-eol"}
	return map[string][]string{
		"centos-7": ended, "centos-8": ended, "centos-stream-8": ended,
		"debian-9": ended, "debian-10": ended, "debian-11": ended,
		"ubuntu-16.04": ended, "ubuntu-18.04": ended, "ubuntu-20.04": ended, "ubuntu-22.10": ended,
		"ubuntu-26.04": {"warn os-release"},
		"fedora-42":    {"fail os-supported", "fail os-release", "warn motd"},
		"alpine-3.20": {
			"fail os-supported", "fail os-release", "error cloud-init", "error cloud-init-enabled", "fail openssh-server", "warn motd", "warn firewall",
			"error security-updates", "error updates", "error package-state", "error ssh-host-keys", "warn sshd-config", "error architecture",
		},
		"not-a-system": {
			"fail os-supported", "fail os-release", "fail cloud-init", "fail openssh-server", "warn motd", "warn firewall",
			"error security-updates", "error updates", "error package-state", "warn log-files", "error root-password", "error user-passwords",
			"error system-passwords", "error uid-zero", "error authorized-keys", "error private-keys", "error known-hosts",
			"error ssh-files", "error shell-history", "error credentials", "error architecture",
		},
		"ubuntu-24.04-dirty": {
			"warn cloud-init-datasource", "warn first-boot-scripts", "warn motd", "warn firewall", "fail security-updates", "warn updates", "warn package-state",
			"warn log-archives", "warn log-files",
			"fail root-password", "fail user-passwords", "fail system-passwords", "fail uid-zero", "fail authorized-keys",
			"fail private-keys", "warn known-hosts", "warn ssh-files", "warn ssh-host-keys", "fail shell-history", "fail credentials", "fail do-agent", "warn swap",
		},
	}
}

func TestFixtures(t *testing.T) {
	for _, machine := range fixtures.Names() {
		t.Run(machine, func(t *testing.T) {
			t.Parallel()
			h, err := host.OpenTree(fixtures.Dir(machine))
			require.NoError(t, err)
			h.Now = now
			var got []string
			for r := range Run(context.Background(), distro.Detect(h, distro.Settings{}), Catalogue(), Limits{Timeout: time.Minute}) {
				if !slices.Contains([]Status{Pass, Skip}, r.Status) {
					got = append(got, r.Status.String()+" "+r.Check.ID)
				}
			}
			assert.Equal(t, unclean()[machine], got)
			assert.NoError(t, h.Close())
		})
	}
}
