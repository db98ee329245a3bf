package distro

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProUpdates(t *testing.T) {
	const system = "-- etc/os-release --\nID=ubuntu\nVERSION_ID=24.04\n-- var/lib/dpkg/status --\nPackage: libheif1\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.17.6-1\n\n" +
		"Package: openssl\nStatus: hold ok installed\nArchitecture: amd64\nVersion: 3.0-1\n\nPackage: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n\n"
	const apps = "-- var/lib/ubuntu-advantage/apt-esm/var/lib/apt/lists/esm.ubuntu.com_apps_ubuntu_dists_noble-apps-security_main_binary-amd64_Packages --\n" +
		"Package: libheif1\nArchitecture: amd64\nVersion: 1.17.6-1+esm1\n\nPackage: libheif1\nArchitecture: amd64\nVersion: 1.17.6-1+esm2\n\nPackage: gone\nArchitecture: amd64\nVersion: 2\n\n"
	const infra = "-- var/lib/apt/lists/esm.ubuntu.com_infra_ubuntu_dists_noble-infra-security_main_binary-amd64_Packages --\n" +
		"Package: openssl\nArchitecture: all\nVersion: 3.0-2\n\nPackage: libheif1\nArchitecture: i386\nVersion: 9\n\nnonsense\n\n"
	const updates = "-- var/lib/apt/lists/esm.ubuntu.com_infra_ubuntu_dists_noble-infra-updates_main_binary-amd64_Packages --\nPackage: openssl\nArchitecture: amd64\nVersion: 9\n\n"
	ask := func(overlay string) []Update {
		m := treeMachine(t, overlay)
		d, ok := newDebPackages(m, Settings{}).(*debPackages)
		require.True(t, ok)
		return d.proUpdates(context.Background())
	}
	assert.Equal(t, []Update{
		{Name: "libheif1", Arch: "amd64", Installed: "1.17.6-1", Candidate: "1.17.6-1+esm2", Source: "esm-apps", Security: true},
		{Name: "openssl", Arch: "amd64", Installed: "3.0-1", Candidate: "3.0-2", Source: "esm-infra", Security: true, Held: true},
	}, ask(system+apps+infra+updates))
	assert.Empty(t, ask(system))
	assert.Empty(t, ask(system+apps+"-- "+proLogin[1:]+" --\n"), "with a subscription they are updates like others")
}
