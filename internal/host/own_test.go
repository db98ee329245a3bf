package host

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOwn: what a run needs is known by the path it has inside the root, with and
// without the links on the way.
func TestOwn(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "tree")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "var/tmp"), 0o755))
	link(t, "var/tmp", filepath.Join(dir, "tmp"))
	link(t, dir, filepath.Join(top, "other"))
	root := rootAt(t, dir)

	for file, want := range map[string][]string{
		filepath.Join(dir, "var/tmp/r"):          {"/var/tmp/r"},
		filepath.Join(dir, "tmp/r"):              {"/tmp/r", "/var/tmp/r"},
		filepath.Join(top, "other", "var/tmp/r"): {"/var/tmp/r"},
		filepath.Join(top, "r"):                  nil,
		dir + "-not/r":                           nil,
		dir:                                      nil,
	} {
		assert.Equal(t, want, root.Own(file), file)
	}
	assert.Empty(t, root.Program(), "the test's program lies elsewhere")

	self, err := os.Executable()
	require.NoError(t, err)
	whole := rootAt(t, "/")
	assert.Contains(t, whole.Own("/x"), "/x")
	assert.Contains(t, whole.Own(), self)
	assert.Equal(t, self, whole.Program())
	t.Chdir(dir)
	assert.Equal(t, []string{"/r"}, root.Own("r"))
}
