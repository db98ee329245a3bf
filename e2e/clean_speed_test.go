//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// cleanSpeed measures the clean of many logs beside the least that can be done to them,
// in turn, on a disk without discards: with them the device decides.
func cleanSpeed(t *testing.T, program string) []measure {
	t.Helper()
	const runs = 3
	d := diskOf(t, "ext4", 2048, false).mount("")
	defer d.unmount()
	var cleans, floors []measure
	for range runs {
		for _, way := range []func(dir string){
			func(dir string) {
				cleans = append(cleans, timed(t, 1, "clean of 100000 logs, with the checks", "3 s, 64 MiB", program, "clean", "--root", dir))
			},
			func(dir string) { floors = append(floors, emptied(t, filepath.Join(dir, "var/log"))) },
		} {
			dir := filepath.Join(d.dir, "tree")
			require.NoError(t, largeTree(dir, 100_000, 10))
			unix.Sync() // what the tree itself has to write is not the clean's
			way(dir)
			require.NoError(t, os.RemoveAll(dir))
			unix.Sync()
		}
	}
	return []measure{middle(cleans), middle(floors)}
}

// middle returns the median by time, with the most memory of all.
func middle(runs []measure) measure {
	slices.SortFunc(runs, func(a, b measure) int { return int(a.wall - b.wall) })
	m := runs[len(runs)/2]
	for _, run := range runs {
		m.resident = max(m.resident, run.resident)
	}
	return m
}

// emptied measures the least that can be done to the same files: overwritten, flushed and
// cut, 8,192 at a time, with no look at what they are.
func emptied(t *testing.T, dir string) measure {
	t.Helper()
	start := time.Now()
	names, err := filepath.Glob(filepath.Join(dir, "*/*"))
	require.NoError(t, err)
	for some := range slices.Chunk(names, 8<<10) {
		open := make([]*os.File, len(some))
		for i, name := range some {
			open[i], err = os.OpenFile(name, os.O_WRONLY, 0)
			require.NoError(t, err)
			info, err := open[i].Stat()
			require.NoError(t, err)
			_, err = open[i].Write(make([]byte, info.Size()))
			require.NoError(t, err)
		}
		unix.Sync()
		for _, file := range open {
			require.NoError(t, file.Truncate(0))
			require.NoError(t, file.Close())
		}
	}
	return measure{what: "100000 files overwritten, flushed and cut, nothing else", wall: time.Since(start)}
}
