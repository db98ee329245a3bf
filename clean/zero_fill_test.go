package clean_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/internal/host"
)

// TestZeroFillOfAFolder: a folder that is no file system of its own lies on the disk of
// this computer, which is not to be filled; and that is said.
func TestZeroFillOfAFolder(t *testing.T) {
	h, err := host.OpenTree(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, h.Close()) })
	plan := func(how clean.ZeroFill) ([]*clean.Action, error) {
		for _, step := range clean.Catalogue() {
			if step.ID == "zero-fill" {
				return step.Plan(t.Context(), &clean.Scope{Machine: distro.Detect(h, distro.Settings{}), ZeroFill: how})
			}
		}
		t.Fatal("there is no such step")
		return nil, nil
	}
	for _, how := range []clean.ZeroFill{clean.FillSpace, clean.TrimSpace} {
		actions, err := plan(how)
		require.NoError(t, err)
		require.Len(t, actions, 1)
		assert.Equal(t, clean.OpLeave, actions[0].Op)
		assert.Equal(t, "/", actions[0].At.Path)
		assert.Contains(t, actions[0].Note, "holds more than the image")
	}
	actions, err := plan(clean.LeaveSpace)
	require.NoError(t, err)
	assert.Empty(t, actions)
	actions, err = plan(0)
	require.Error(t, err, "a disk is not filled because nobody said a word")
	assert.Empty(t, actions)
}
