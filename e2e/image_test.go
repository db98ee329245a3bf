//go:build e2e

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// image is a droplet's disk, mounted, on which the tree of a base lies. What is on it
// is what a snapshot of it would hold.
type image struct {
	*tree
	disk *disk // nil where the tree is no disk
}

// imageKind is a kind of disk: its file system, and whether it takes discards.
type imageKind struct {
	name     string
	fs       string
	discards bool
}

func imageKinds() []imageKind {
	return []imageKind{
		{"ext4", "ext4", false},
		{"ext4 with discards", "ext4", true},
		{"xfs", "xfs", false},
		{"xfs with discards", "xfs", true},
	}
}

// imageSize leaves a few hundred MiB beside a tree, which is enough to be filled and
// little enough to be filled often.
const imageSize = 1024 // MiB

// imageOf makes a disk that holds the tree of a base and the program.
func imageOf(t testing.TB, b base, kind imageKind) *image {
	t.Helper()
	layer, err := binary()
	require.NoError(t, err)
	d := diskOf(t, kind.fs, imageSize, kind.discards).mount("")
	for _, dir := range []string{b.dir, layer} {
		require.NoError(t, command("/", "cp", "-a", dir+"/.", d.dir))
	}
	return &image{tree: &tree{base: b, t: t, root: d.dir}, disk: d}
}

func debianImage(t testing.TB, kind imageKind) *image {
	t.Helper()
	b, err := debian()
	require.NoError(t, err)
	return imageOf(t, b, kind)
}

// left takes the disk out of the machine, has it checked, and returns the files whose
// marks are found in its raw bytes.
func (d *image) left(planted marks) []string {
	d.t.Helper()
	d.disk.unmount()
	left := planted.left(d.t, d.disk.image)
	d.disk.sound()
	return left
}
