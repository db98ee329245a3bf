package distro

import (
	"testing"

	"github.com/stretchr/testify/require"

	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// treeMachine is a machine in an otherwise empty tree with this overlay over it.
func treeMachine(t testing.TB, overlay string) *Machine {
	t.Helper()
	dir := t.TempDir()
	fixtures.Lay(t, dir, overlay)
	h, err := host.OpenTree(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	return Detect(h, Settings{})
}
