//go:build e2e

package e2e

import (
	"cmp"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
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
	says     string // in what is said to be unreached; nothing may be, where empty, but what was discarded
}

func TestFillLeavesNothing(t *testing.T) {
	rows := []fillRow{
		{name: "ext4", kind: "ext4", mib: 256},
		{name: "ext4 nearly full", kind: "ext4", mib: 256, leave: 6},
		// What little is free is what the file system keeps for itself.
		{name: "ext4 hardly any room", kind: "ext4", mib: 256, files: 25, leave: 6, most: 25, says: "did not give out"},
		{name: "ext4 discards", kind: "ext4", mib: 256, discards: true},
		{name: "ext4 small blocks", kind: "ext4", mib: 64, mkfs: []string{"-b", "1024"}},
		// Its journal, full of zeros, is flushed at any moment.
		{name: "ext4 journals data", kind: "ext4", mib: 256, mkfs: []string{"-J", "size=64"}, options: "data=journal", most: 400, says: "data=journal"},
		// What was freed there is given out again at once.
		{name: "ext4 without a journal", kind: "ext4", mib: 256, mkfs: []string{"-O", "^has_journal"}, most: 400, says: "did not give out"},
		{name: "ext3", kind: "ext3", mib: 128},
		{name: "ext2", kind: "ext2", mib: 128},
		{name: "xfs", kind: "xfs", mib: 300, most: 9, says: "takes no discards"},
		{name: "xfs nearly full", kind: "xfs", mib: 300, leave: 12, most: 9, says: "takes no discards"},
		{name: "xfs hardly any room", kind: "xfs", mib: 300, files: 25, leave: 2, most: 25, says: "did not give out"},
		{name: "xfs discards", kind: "xfs", mib: 300, discards: true},
		{name: "xfs nearly full discards", kind: "xfs", mib: 300, leave: 12, discards: true},
		{name: "btrfs", kind: "btrfs", mib: 300, most: 400, says: "not known here"},
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
			if left > 0 {
				assert.NotEmpty(t, said)
				assert.Contains(t, said, row.says)
			}
			if row.says == "" && !row.discards {
				assert.Empty(t, said)
			}
			if said == "" {
				assert.Greater(t, filled.Bytes, free-free/10)
			}
			d.sound()
		})
	}
}

// TestTrim discards only, and finds every free block.
func TestTrim(t *testing.T) {
	// Smaller blocks are less than what the device discards at once.
	for kind, block := range map[string]string{"ext4": "-b4096", "xfs": "-bsize=4096"} {
		t.Run(kind, func(t *testing.T) {
			d := diskOf(t, kind, 300, true, block).mount("")
			d.plant(400, 0)
			h, fs := d.fileSystem()
			bytes, err := h.Trim(t.Context(), fs)
			require.NoError(t, errors.Join(err, h.Close()))
			assert.Positive(t, bytes)
			d.unmount()
			assert.Zero(t, d.left())
			d.sound()
		})
		t.Run(kind+" refused", func(t *testing.T) {
			h, fs := diskOf(t, kind, 300, false).mount("").fileSystem()
			_, err := h.Trim(t.Context(), fs)
			require.NoError(t, h.Close())
			require.ErrorIs(t, err, host.ErrNoDiscard)
		})
	}
}
