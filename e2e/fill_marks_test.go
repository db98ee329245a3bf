//go:build e2e

package e2e

import (
	"cmp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// fillRow is one file system, and what may be left in it.
type fillRow struct {
	name     string
	kind     string
	mkfs     []string
	options  string
	mib      int64
	files    int   // marked; 400 where 0
	leave    int64 // MiB free, 0 for all
	discards bool
	most     int
	says     string // in what is said to be unreached; nothing may be, where empty
}

func TestFillLeavesNothing(t *testing.T) {
	rows := []fillRow{
		{name: "ext4", kind: "ext4", mib: 256},
		{name: "ext4 nearly full", kind: "ext4", mib: 256, leave: 6},
		// What little is free is what the file system keeps for itself.
		{name: "ext4 hardly any room", kind: "ext4", mib: 256, files: 25, leave: 6, most: 25, says: "did not give out"},
		{name: "ext4 discards", kind: "ext4", mib: 256, discards: true},
		{name: "ext4 small blocks", kind: "ext4", mib: 64, mkfs: []string{"-b", "1024"}},
		{name: "ext4 journals data", kind: "ext4", mib: 256, mkfs: []string{"-J", "size=64"}, options: "data=journal"},
		{name: "ext3", kind: "ext3", mib: 128},
		{name: "ext2", kind: "ext2", mib: 128},
		{name: "xfs", kind: "xfs", mib: 300, most: 9, says: "takes no discards"},
		{name: "xfs nearly full", kind: "xfs", mib: 300, leave: 12, most: 9, says: "takes no discards"},
		{name: "xfs hardly any room", kind: "xfs", mib: 300, files: 25, leave: 2, most: 25, says: "did not give out"},
		{name: "xfs discards", kind: "xfs", mib: 300, discards: true},
		{name: "xfs nearly full discards", kind: "xfs", mib: 300, leave: 12, discards: true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := diskOf(t, row.kind, row.mib, row.discards, row.mkfs...).mount(row.options)
			d.plant(cmp.Or(row.files, 400), row.leave)
			filled := d.fill()
			t.Logf("%d bytes; unreached: %q", filled.Bytes, filled.Unreached)
			free := d.free()
			d.unmount()
			left := d.left()
			t.Logf("%d of %d marks left, %d free", left, len(d.marks), free)
			assert.LessOrEqual(t, left, row.most)
			said := strings.Join(filled.Unreached, "\n")
			assert.Contains(t, said, row.says)
			assert.Equal(t, row.says == "", said == "", "%q", said)
			assert.Greater(t, filled.Bytes, free-free/10)
			d.sound()
		})
	}
}
