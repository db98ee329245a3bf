//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fillSpeed takes three ways of overwriting free space in turn on one disk, whose
// blocks were all written once before: cleanup.sh's, the fastest that dd knows, ours.
func fillSpeed(t *testing.T) []measure {
	t.Helper()
	const runs = 5
	var rows []measure
	for _, kind := range []string{"ext4", "xfs"} {
		d := diskOf(t, kind, 2048, false).mount("")
		// dd ends with an error when the disk is full, which is what is wanted.
		small := func() {
			d.shell("dd if=/dev/zero of=zerofile bs=4096 2>/dev/null || :; sync zerofile; rm zerofile; sync -f .")
		}
		direct := func() {
			d.shell("dd if=/dev/zero of=zerofile bs=4M oflag=direct conv=fsync 2>/dev/null || :; rm zerofile; sync -f .")
		}
		ours := func() { d.fill() }
		direct()
		var took [3][]time.Duration
		for range runs {
			for i, way := range []func(){small, direct, ours} {
				start := time.Now()
				way()
				took[i] = append(took[i], time.Since(start))
			}
		}
		middle := func(i int) time.Duration { slices.Sort(took[i]); return took[i][runs/2] }
		a, b, c := middle(0), middle(1), middle(2)
		rows = append(rows,
			measure{what: kind + ": dd bs=4096 until full, sync", wall: a},
			measure{what: kind + ": dd bs=4M oflag=direct conv=fsync", wall: b},
			measure{what: kind + ": zero fill", wall: c, target: "1.5 times faster than the first, 1.2 of the second",
				note: fmt.Sprintf("%.1f times faster, %.2f", float64(a)/float64(c), float64(c)/float64(b))})
		d.unmount()
	}
	return rows
}

// shell runs a command on the mounted disk.
func (d *disk) shell(text string) {
	d.t.Helper()
	require.NoError(d.t, command(d.dir, "sh", "-c", text))
}
