package host

import (
	"context"
	"errors"
	"os"
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

// TestWholeDisk: a volume on an encrypted partition, as the kernel shows them.
func TestWholeDisk(t *testing.T) {
	sys := t.TempDir()
	at := func(name string) string { return filepath.Join(sys, "devices", name) }
	put(t, at("vda/size"), "52428801\n")
	put(t, at("vda/vda1/partition"), "1\n")
	put(t, at("vda/vda1/size"), "1000\n")
	put(t, at("dm-0/size"), "900\n")
	link(t, at("vda/vda1"), at("dm-0/slaves/vda1"))
	put(t, at("dm-1/size"), "800\n")
	link(t, at("dm-0"), at("dm-1/slaves/dm-0"))
	put(t, at("loop0/size"), "many\n")
	for device, want := range map[string]uint64{"vda": 52428801 * 512, "vda/vda1": 52428801 * 512, "dm-1": 52428801 * 512} {
		name, size, err := wholeDisk(at(device), diskDepth)
		require.NoError(t, err, device)
		assert.Equal(t, "vda", name, device)
		assert.Equal(t, want, size, device)
	}
	_, _, err := wholeDisk(at("loop0"), diskDepth)
	require.Error(t, err)
	_, _, err = wholeDisk(at("gone"), diskDepth)
	require.Error(t, err)

	link(t, at("dm-1"), at("vda/slaves/dm-1"))
	_, _, err = wholeDisk(at("dm-1"), diskDepth)
	require.ErrorIs(t, err, ErrNoDisk, "a circle ends")
}

func TestMountSource(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mountinfo")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join([]string{
		"22 27 0:21 / /proc rw,relatime - proc proc rw",
		"27 1 0:25 /@ / rw,noatime shared:1 - btrfs /dev/vda2 rw,subvol=/@",
		"nonsense",
	}, "\n")), 0o600))
	source, err := mountSource("/", file)
	require.NoError(t, err)
	assert.Equal(t, "/dev/vda2", source)

	_, _, err = diskOf(context.Background(), "/proc", t.TempDir(), file)
	require.ErrorIs(t, err, ErrNoDisk)
}
