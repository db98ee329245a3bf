package distro

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVersionBefore(t *testing.T) {
	for version, want := range map[string]bool{
		"0.7.5-10.el6": true, "0.7.6~bzr976-2": true, "0.7.6rc1": true, "0.7": true, "0.6.3": true, "1:0.7.5": true,
		"0.7.6": false, "0.7.6-1": false, "0.7.9-233-ge586fe35": false, "0.7.10": false, "0.76": false, "18.2": false,
		"24.1.3-0ubuntu1~22.04.1": false, "23.1.1+git": false, "1:24.1.3": false, "0.7.6.0": false,
	} {
		before, ok := VersionBefore(version, "0.7.6")
		assert.True(t, ok, version)
		assert.Equal(t, want, before, version)
	}
	for _, version := range []string{"", "git", "v1", "-1", "99999999999"} {
		_, ok := VersionBefore(version, "0.7.6")
		assert.False(t, ok, version)
	}
}

// FuzzVersionBefore proves that what can be read is not both before and behind.
func FuzzVersionBefore(f *testing.F) {
	f.Add("0.7.9-233-ge586fe35-0ubuntu1~16.04.1")
	f.Add("1:0.7.6~rc1\xff")
	f.Fuzz(func(t *testing.T, version string) {
		older, ok := VersionBefore(version, "0.7.6")
		newer, _ := VersionBefore(version, "0.7.9")
		if older && !newer || !ok && (older || newer) {
			t.Fatalf("%q is before 0.7.6 and not before 0.7.9", version)
		}
	})
}
