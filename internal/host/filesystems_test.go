package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// droplet is /proc/self/mountinfo of a droplet with a volume, a container and a loop.
const droplet = `25 30 0:23 / /sys rw,nosuid shared:7 - sysfs sysfs rw
26 30 0:24 / /proc rw,nosuid shared:14 - proc proc rw
30 1 252:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard
31 30 0:26 / /run rw,nosuid shared:5 - tmpfs tmpfs rw,size=203196k
32 30 252:16 / /boot rw,relatime shared:2 - ext4 /dev/vda16 rw
33 32 252:15 / /boot/efi rw,relatime shared:3 - vfat /dev/vda15 rw
34 30 8:0 / /mnt/volume rw,relatime shared:4 - ext4 /dev/sda rw
35 30 7:0 / /snap/core/1 ro,nodev shared:9 - squashfs /dev/loop0 ro
36 30 252:1 /srv/data /srv/two\040words rw,relatime shared:1 - ext4 /dev/vda1 rw,discard
37 30 0:50 / /mnt/share rw - nfs4 10.0.0.1:/x rw
38 30 0:51 / /var/lib/docker/overlay rw - overlay overlay rw
`

// fakeKernel lays out /proc and /sys as a droplet has them.
func fakeKernel(t *testing.T, mountinfo string) kernelFiles {
	t.Helper()
	dir := t.TempDir()
	k := kernelFiles{proc: filepath.Join(dir, "proc"), sys: filepath.Join(dir, "sys")}
	put(t, filepath.Join(k.proc, "self/mountinfo"), mountinfo)
	for number, device := range map[string]string{
		"252:0": "vda", "252:1": "vda/vda1", "252:15": "vda/vda15", "252:16": "vda/vda16", "8:0": "sda", "7:0": "loop0", "253:0": "dm-0",
	} {
		folder := filepath.Join(k.sys, "devices", device)
		require.NoError(t, os.MkdirAll(folder, 0o755))
		if strings.Contains(device, "/") {
			put(t, filepath.Join(folder, "partition"), "1\n")
		}
		link(t, folder, filepath.Join(k.sys, "dev/block", number))
	}
	link(t, filepath.Join(k.sys, "devices/vda/vda1"), filepath.Join(k.sys, "devices/dm-0/slaves/vda1"))
	put(t, filepath.Join(k.sys, "devices/dm-0/dm/uuid"), "LVM-abc\n")
	return k
}

func fileSystems(t *testing.T, top string, live bool, mountinfo string) []string {
	t.Helper()
	k := fakeKernel(t, mountinfo)
	mounts, err := k.mounts()
	require.NoError(t, err)
	table := mountTable{kernel: k, top: top, live: live, mounts: visible(mounts)}
	found, err := table.fileSystems()
	require.NoError(t, err)
	rows := []string{}
	for _, f := range found {
		rows = append(rows, strings.TrimSpace(strings.Join([]string{f.Mount, f.Type, f.Device, f.Barred}, " ")))
	}
	return rows
}

func TestFileSystems(t *testing.T) {
	assert.Equal(t, []string{"/ ext4 /dev/vda1", "/boot ext4 /dev/vda16", "/boot/efi vfat /dev/vda15"}, fileSystems(t, "/", true, droplet),
		"those on the disk of /, each once")
	assert.Equal(t, []string{"/ ext4 /dev/sda"}, fileSystems(t, "/mnt/volume", false, droplet), "a tree that is a file system")
	shared := fileSystems(t, "/srv/www", false, droplet)
	require.Len(t, shared, 1)
	assert.Contains(t, shared[0], "holds more than the image", "a folder of this computer's disk is not to be filled")
	part := fileSystems(t, "/srv/two words", false, droplet)
	require.Len(t, part, 1)
	assert.Contains(t, part[0], "mounted at / too", "nor a part of it that is mounted twice")
	assert.Equal(t, []string{"/ ext4 /dev/dm-0", "/boot ext4 /dev/vda16", "/boot/efi vfat /dev/vda15"},
		fileSystems(t, "/", true, strings.ReplaceAll(droplet, "252:1 ", "253:0 ")), "LVM lies on the disk too")
	readonly := fileSystems(t, "/", true, strings.Replace(droplet, "/boot rw", "/boot ro", 1))
	assert.Contains(t, readonly[1], "mounted read-only")
	overlay := fileSystems(t, "/", true, "30 1 0:40 / / rw - overlay overlay rw\n")
	require.Len(t, overlay, 1)
	assert.Contains(t, overlay[0], "no block device of its own")
}

func FuzzMounts(f *testing.F) {
	f.Add([]byte(droplet))
	f.Add([]byte("30 1 252:1 / /a\\134\\011b\\ rw - ext4  rw\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		mounts, err := parseMounts(data)
		if err != nil {
			return
		}
		for _, m := range visible(mounts) {
			assert.True(t, strings.HasPrefix(m.point, "/"))
		}
	})
}
