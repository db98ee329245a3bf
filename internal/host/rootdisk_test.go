package host

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRootDisk asks the kernel of this machine.
func TestRootDisk(t *testing.T) {
	name, size, err := liveFacts().RootDisk(context.Background())
	if errors.Is(err, ErrNoDisk) {
		t.Skip("the tests run in a container")
	}
	require.NoError(t, err)
	assert.FileExists(t, filepath.Join("/sys/class/block", name, "size"))
	assert.Positive(t, size)
}

// TestRootDiskBelow: a partition, and a volume that lies on one.
func TestRootDiskBelow(t *testing.T) {
	for _, mountinfo := range []string{droplet, strings.ReplaceAll(droplet, "252:1 ", "253:0 ")} {
		k := fakeKernel(t, mountinfo)
		put(t, filepath.Join(k.sys, "class/block/vda/size"), "52428801\n")
		name, size, err := k.rootDisk()
		require.NoError(t, err)
		assert.Equal(t, "vda", name)
		assert.EqualValues(t, 52428801*512, size)
		put(t, filepath.Join(k.sys, "class/block/vda/size"), "many\n")
		_, _, err = k.rootDisk()
		require.ErrorContains(t, err, "size of a disk")
	}
	for _, mountinfo := range []string{"30 1 0:40 / / rw - overlay overlay rw\n", "30 1 252:1 / /mnt rw - ext4 /dev/vda1 rw\n"} {
		_, _, err := fakeKernel(t, mountinfo).rootDisk()
		require.ErrorIs(t, err, ErrNoDisk)
	}
	_, _, err := fakeKernel(t, "nonsense\n").rootDisk()
	require.ErrorIs(t, err, errMountinfo)
}

// TestDevicesInACircle: no kernel shows that, and it has to end.
func TestDevicesInACircle(t *testing.T) {
	k := fakeKernel(t, strings.ReplaceAll(droplet, "252:1 ", "253:0 "))
	link(t, filepath.Join(k.sys, "devices/dm-0"), filepath.Join(k.sys, "devices/vda/slaves/dm-0"))
	_, _, err := k.rootDisk()
	require.ErrorContains(t, err, "without an end")
}
