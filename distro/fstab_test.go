package distro

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParseFstab(t *testing.T) {
	assert.Equal(t, []fstabEntry{
		{source: "UUID=1", kind: "ext4", options: []string{"defaults", "nofail"}, line: 2},
		{source: "/a b\\040", kind: "swap", line: 4},
	}, parseFstab([]byte("# x y z\nUUID=1\t/\text4 defaults,nofail 0 1\n\n /a\\040b\\134040 none swap\nshort line\n")))
}

func FuzzFstab(f *testing.F) {
	f.Add([]byte("/swapfile none swap sw 0 0\n# x\nLABEL=a\\040b / ext4 defaults,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, e := range parseFstab(data) {
			if e.source == "" || e.kind == "" || strings.HasPrefix(e.source, "#") || e.line < 1 {
				t.Errorf("no entry: %+v", e)
			}
		}
	})
}
