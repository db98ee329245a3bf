package distro

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

func TestFindRelease(t *testing.T) {
	for _, c := range []struct {
		os   OS
		want string // codename, or NAME VERSION, or nothing
	}{
		{OS{ID: "ubuntu", Name: "Ubuntu", Version: "24.04"}, "Ubuntu 24.04"},
		{OS{ID: "ubuntu", Name: "Ubuntu", Version: "23.10"}, ""},
		{OS{ID: "ubuntu", Name: "Mintbuntu", Version: "24.04"}, ""},
		{OS{ID: "debian", Name: "Debian GNU/Linux", Version: "12"}, "Debian GNU/Linux 12"},
		{OS{ID: "debian", Name: "Debian GNU/Linux", Version: "1"}, ""},
		{OS{ID: "centos", Name: "CentOS Linux", Version: "7"}, "CentOS Linux 7"},
		{OS{ID: "centos", Name: "CentOS Linux", Version: "6.10"}, ""},
		{OS{ID: "centos", Name: "CentOS Stream", Version: "8"}, "CentOS Stream 8"},
		{OS{ID: "centos", Name: "CentOS Stream", Version: "10"}, ""},
		{OS{ID: "rocky", Name: "Rocky Linux", Version: "9.4"}, "Rocky Linux 9"},
		{OS{ID: "rocky", Name: "Rocky Linux", Version: "18.4"}, ""},
		{OS{ID: "fedora", Name: "Fedora Linux", Version: "42"}, ""},
		{OS{}, ""},
	} {
		r := findRelease(c.os)
		if c.want == "" {
			assert.Nil(t, r, "%v", c.os)
			continue
		}
		if assert.NotNil(t, r, "%v", c.os) {
			assert.Equal(t, c.want, r.Name+" "+r.Version)
		}
	}
}

func TestReleases(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Releases() {
		assert.False(t, seen[r.Name+r.Version], "%s %s stands twice", r.Name, r.Version)
		seen[r.Name+r.Version] = true
		assert.True(t, r.Named(OS{ID: r.ID, Name: r.Name}), r.Name)
		assert.True(t, Supported(OS{ID: r.ID, Name: r.Name}), r.Name)
		assert.Contains(t, []Family{FamilyDeb, FamilyRPM}, r.Family)
		assert.Contains(t, []string{"accepted", "unlisted"}, r.Support.String())
		assert.Regexp(t, `^https://`, r.Source)
		assert.Greater(t, r.EndOfLife.Year(), 2019, r.Name)
	}
	assert.False(t, Supported(OS{ID: "debian", Name: "Devuan"}))
}

// TestEveryReleaseHasAFixture ties the table to the trees, both ways.
func TestEveryReleaseHasAFixture(t *testing.T) {
	found := map[string]bool{}
	for _, name := range fixtures.Names() {
		h, err := host.OpenTree(fixtures.Dir(name))
		require.NoError(t, err)
		m := Detect(h, Settings{})
		require.NoError(t, m.OSErr, name)
		if m.Release != nil {
			found[m.Release.Name+" "+m.Release.Version] = true
			assert.Equal(t, m.Release.Family, m.Family, name)
		}
		require.NoError(t, h.Close())
	}
	for _, r := range Releases() {
		if r.ID == "centos" && r.Version == "6" {
			continue // too old to hold anything that the others do not
		}
		assert.True(t, found[r.Name+" "+r.Version], "%s %s has no fixture", r.Name, r.Version)
	}
}

func TestFamily(t *testing.T) {
	for overlay, want := range map[string]Family{
		"-- etc/os-release --\nID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=12\n-- var/lib/rpm dir --\n": FamilyDeb,
		"-- etc/os-release --\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n":                                    FamilyDeb,
		"-- etc/os-release --\nID=fedora\n":                                                                  FamilyRPM,
		"-- etc/os-release --\nID=new\n-- usr/lib/sysimage/rpm dir --\n":                                     FamilyRPM,
		"-- var/lib/dpkg/status --\n":                                                                        FamilyDeb,
		"-- etc/os-release --\nID=alpine\n":                                                                  FamilyUnknown,
	} {
		assert.Equal(t, want, treeMachine(t, overlay).Family, overlay)
	}
}
