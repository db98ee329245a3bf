package distro

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestRunPartsName has the answers of "run-parts --lsbsysinit --list" of Debian 12; the
// end-to-end tests ask the real one.
func TestRunPartsName(t *testing.T) {
	for name, want := range map[string]bool{
		"99-one-click": true, "99one": true, "99-": true, "99--a": true, "99-a-": true, "99.foo-bar": true, "99_a-b": true, "_99-a": true,
		"99-one.click": false, "99-one_click": false, "99-One-Click": false, "99-x.sh": false, "-99": false, "99-é": false, "": false,
		"99-foo.dpkg-old": false, "99-foo.dpkg-dist": false,
	} {
		assert.Equal(t, want, runPartsName(name), name)
	}
}
