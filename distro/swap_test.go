package distro

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSwaps(t *testing.T) {
	m := treeMachine(t, "-- etc/fstab --\n# /commented none swap sw 0 0\n/dev/vda1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n  /my\\040swap\tnone swap sw\n"+
		"LABEL=s none swap sw 0 0\n/dev/vdb1 none swap sw 0 0\n/short none swap sw 0 0\n/gone none swap sw 0 0\n"+
		"-- proc/swaps --\nFilename Type Size Used Priority\n/live file 1 0 -2\n-- live --\nx\n-- swapfile --\n"+strings.Repeat("x", 4086)+"SWAPSPACE2\n-- \"my swap\" --\n"+
		strings.Repeat("x", 4086)+"SWAP-SPACE\n-- short --\nx\n-- dev/vdb1 fifo --\n")
	swaps, err := m.Swaps(t.Context())
	require.NoError(t, err)
	want := []Swap{
		{Path: "/dev/vdb1", Line: 6}, {Path: "/gone", Line: 8, Missing: true}, {Path: "/my swap", Line: 4, Size: 4097, File: true}, {Path: "/short", Line: 7, Size: 2},
		{Path: "/swapfile", Line: 3, Size: 4097, File: true}, {Path: "LABEL=s", Line: 5},
	}
	assert.Equal(t, want, swaps, "a tree swaps to nothing now")
	m.Live = true
	swaps, err = m.Swaps(t.Context())
	require.NoError(t, err)
	assert.Contains(t, swaps, Swap{Path: "/live", Size: 2, Active: true, File: true})

	data, changed, err := m.FstabWithout([]string{"/my swap", "/gone"})
	require.NoError(t, err)
	assert.True(t, changed)
	assert.Equal(t, "# /commented none swap sw 0 0\n/dev/vda1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\nLABEL=s none swap sw 0 0\n/dev/vdb1 none swap sw 0 0\n/short none swap sw 0 0\n", string(data))
	_, changed, err = m.FstabWithout([]string{"/dev/vda1"})
	require.NoError(t, err)
	assert.False(t, changed, "what is mounted is no swap")
}

func TestNoSwaps(t *testing.T) {
	m := treeMachine(t, "-- etc/hostname --\nx\n")
	m.Live = true
	swaps, err := m.Swaps(t.Context())
	require.NoError(t, err)
	assert.Empty(t, swaps)
	_, changed, err := m.FstabWithout([]string{"/swapfile"})
	require.NoError(t, err)
	assert.False(t, changed)

	broken := treeMachine(t, "-- etc/fstab dir --\n")
	_, err = broken.Swaps(t.Context())
	require.ErrorContains(t, err, "looking for swap")
	_, _, err = broken.FstabWithout(nil)
	require.ErrorContains(t, err, "/etc/fstab")
}

// FuzzFstabWithout: without its swaps an fstab has no swaps, and every other line as it was.
func FuzzFstabWithout(f *testing.F) {
	f.Add("/swapfile none swap sw 0 0\n/dev/vda1 / ext4 defaults 0 1\n# x\n")
	f.Add("/a\\040b\tnone\tswap\n\n/x none swap")
	f.Fuzz(func(t *testing.T, data string) {
		var swaps []string
		for line := range strings.SplitSeq(data, "\n") {
			if name := fstabSwap(line); name != "" {
				swaps = append(swaps, name)
			}
		}
		kept := fstabWithout(data, swaps)
		for line := range strings.SplitSeq(kept, "\n") {
			assert.Empty(t, fstabSwap(line))
		}
		assert.Equal(t, data, fstabWithout(data, nil))
		lines := strings.Split(data, "\n")
		assert.LessOrEqual(t, len(strings.Split(kept, "\n")), len(lines))
		for line := range strings.SplitSeq(kept, "\n") {
			assert.True(t, line == "" || slices.Contains(lines, line), "%q", line)
		}
	})
}
