package host

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnew: what a package has brought since is seen by a fresh look alone.
func TestAnew(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "usr/lib/systemd/system/ssh.service"), "[Unit]\n")
	h, err := OpenTree(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	enabled := func(h *Host) bool {
		state, err := h.Units.State(t.Context(), "ssh.service")
		require.NoError(t, err)
		return state.Enabled
	}
	assert.False(t, enabled(h))
	link(t, "/usr/lib/systemd/system/ssh.service", filepath.Join(dir, "etc/systemd/system/multi-user.target.wants/ssh.service"))
	assert.False(t, enabled(h), "one machine gives one answer")
	assert.True(t, enabled(h.Anew()))

	byHand := &Host{Root: h.Root, Units: busUnits{}}
	assert.IsType(t, busUnits{}, byHand.Anew().Units, "what was put together by hand stays")
}
