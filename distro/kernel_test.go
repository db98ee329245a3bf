package distro

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParseKernel(t *testing.T) {
	for release, flavour := range map[string]string{
		"6.8.0-87-generic":                  "generic",
		"6.1.0-56-amd64":                    "amd64",
		"6.12.73+deb13-cloud-amd64":         "cloud-amd64",
		"5.15.0-1042-gcp":                   "gcp",
		"5.14.0-611.5.1.el9_7.x86_64":       "",
		"5.14.0-611.5.1.el9_7.x86_64+debug": "debug",
		"3.10.0-1160.119.1.el7.x86_64":      "",
		"4.18.0-553.lve.el8.x86_64":         "lve",
		"6.11.1-1.el9.elrepo.x86_64":        "elrepo",
		"5.15.0-306.177.4.el9uek.x86_64":    "uek",
		"6.1.0":                             "",
		"":                                  "",
	} {
		assert.Equal(t, Kernel{release, flavour}, ParseKernel(release), release)
	}
}

func TestCompareReleases(t *testing.T) {
	ordered := []string{
		"5.14.0-70.el9.x86_64", "5.14.0-70.13.1.el9_0.x86_64", "5.14.0-570.32.1.el9_6.x86_64", "5.14.0-611.5.1.el9_7.x86_64",
		"6.1.0-9-amd64", "6.1.0-13-amd64", "6.1.0-56-amd64", "6.12~rc6-amd64", "6.12.63+deb13-amd64", "6.12.73+deb13-amd64",
	}
	for i, a := range ordered {
		for j, b := range ordered {
			assert.Equal(t, i < j, compareReleases(a, b) < 0, "%s, %s", a, b)
		}
	}
}

// FuzzCompareReleases proves that the order is one: it does not depend on the side,
// and sorting keeps to it.
func FuzzCompareReleases(f *testing.F) {
	f.Add("6.1.0-9-amd64", "6.1.0-13-amd64", "5.14.0-70.el9")
	f.Add("~", "", "0~a")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if compareReleases(a, b) != -compareReleases(b, a) {
			t.Fatalf("%q and %q have no order", a, b)
		}
		sorted := []string{a, b, c}
		slices.SortFunc(sorted, compareReleases)
		if compareReleases(sorted[0], sorted[2]) > 0 {
			t.Fatalf("%q has no order", sorted)
		}
		ParseKernel(a)
	})
}
