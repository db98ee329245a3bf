package host

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBoth compares with what looking at every byte finds.
func TestBoth(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const length, devices = 40, 2
	some := func() (runs []stretch, at map[[2]int64]bool) {
		at = map[[2]int64]bool{}
		for device := range uint32(devices) {
			for start := random.Int64N(5); start < length; start += 1 + random.Int64N(6) {
				end := min(start+1+random.Int64N(6), length)
				runs = append(runs, stretch{device: device, start: start, end: end})
				for i := start; i < end; i++ {
					at[[2]int64{int64(device), i}] = true
				}
				start = end
			}
		}
		return runs, at
	}
	for range 500 {
		a, inA := some()
		b, inB := some()
		found := map[[2]int64]bool{}
		for _, r := range both(a, b) {
			for i := r.start; i < r.end; i++ {
				found[[2]int64{int64(r.device), i}] = true
			}
		}
		want := map[[2]int64]bool{}
		for place := range inA {
			if inB[place] {
				want[place] = true
			}
		}
		require.Equal(t, want, found, "%v and %v", a, b)
		require.Equal(t, int64(len(want)), total(both(a, b)))
	}
}

func TestSizes(t *testing.T) {
	ones := func(n int) (list []int64) {
		for range n {
			list = append(list, 1)
		}
		return list
	}
	thorough := false
	of := func(kind string, block int64, pieces ...int64) []int64 {
		f := &filler{v: &volume{FileSystem: FileSystem{Type: kind}, block: block}}
		return f.sizes(pieces, thorough)
	}
	assert.Equal(t, []int64{1024, 6}, of("ext4", 4096, 1000, 30), "a large one is put together from many")
	assert.Equal(t, []int64{64, 64, 2}, of("ext4", 65536, 130), "no more than one write takes")
	assert.Equal(t, append([]int64{30}, ones(3)...), of("xfs", 4096, 3, 30), "large ones whole")
	thorough = true
	assert.Equal(t, ones(33), of("xfs", 4096, 30, 3), "one by one")
	many := of("xfs", 4096, 7, 9, 8192, 8)
	assert.Equal(t, append([]int64{1024, 9, 8}, ones(7)...), many[7:], "of many the large ones at once")
	assert.Empty(t, of("xfs", 4096))
}

func TestDoubts(t *testing.T) {
	for name, row := range map[string]struct {
		v    volume
		rest unreached
		want []string
	}{
		"all of ext4":  {v: volume{FileSystem: FileSystem{Type: "ext4"}}, rest: unreached{known: true}},
		"some of ext4": {v: volume{FileSystem: FileSystem{Type: "ext4"}}, rest: unreached{known: true, kept: 4096}, want: []string{"4096 free bytes that ext4 did not give out"}},
		"discarded": {
			v: volume{FileSystem: FileSystem{Type: "xfs"}}, rest: unreached{known: true, kept: 4096, discarded: true},
			want: []string{"4096 free bytes, which xfs did not give out, were discarded only"},
		},
		"xfs": {
			v: volume{FileSystem: FileSystem{Type: "xfs"}}, rest: unreached{known: true},
			want: []string{"the few blocks that xfs holds ready for its own lists, as the device takes no discards"},
		},
		"an old kernel": {
			v: volume{FileSystem: FileSystem{Type: "ext4"}, journal: journalUnwritten}, rest: unreached{kept: 512},
			want: []string{
				"up to 512 bytes that ext4 keeps back, as free blocks cannot be listed here",
				"what went through the journal (data=journal), which this kernel cannot be told to write back",
			},
		},
		"contents in the journal": {
			v: volume{FileSystem: FileSystem{Type: "ext4"}, journal: journalContents}, rest: unreached{known: true},
			want: []string{"single blocks, as contents go through the journal (data=journal)"},
		},
		"another kind in a thin pool": {
			v:    volume{FileSystem: FileSystem{Type: "btrfs", below: blockDevice{layers: []string{"LVM-a", "LVM-b-tpool"}}}},
			rest: unreached{endless: true},
			want: []string{
				"free space: more was written than the file system holds, and it did not get full",
				"old copies and what is kept back: how btrfs goes about that is not known here",
				"what the thin pool below it holds for snapshots or has not given out",
			},
		},
		"no room in a volume group": {
			v:    volume{FileSystem: FileSystem{Type: "ext4", below: blockDevice{layers: []string{"LVM-a"}}}},
			rest: unreached{full: true, kept: 4096},
			want: []string{"4096 free bytes: there was no room even for an empty file", "what the volume group below it has not given out"},
		},
	} {
		assert.Equal(t, row.want, row.v.doubts(row.rest), name)
	}
}

// TestJournal: the options of the mount leave out what the file system was made with.
func TestJournal(t *testing.T) {
	k := fakeKernel(t, droplet)
	for device, options := range map[string]string{"vda1": "rw\ndelalloc\ndata=journal\n", "vda15": "rw\ndata=ordered\n"} {
		put(t, filepath.Join(k.proc, "fs/ext4", device, "options"), options)
	}
	on := func(device string, options ...string) journal {
		found, err := k.journal(FileSystem{below: blockDevice{name: device}, mount: mount{options: options}})
		require.NoError(t, err)
		return found
	}
	assert.Equal(t, journalContents, on("vda1", "rw"))
	assert.Equal(t, journalNoContents, on("vda15", "rw"))
	assert.Equal(t, journalNoContents, on("sda", "rw"), "no such file")
	assert.Equal(t, journalContents, on("sda", "rw", "data=journal"))
}

// TestFillRefuses: what is barred, or stands there instead, is not written to.
func TestFillRefuses(t *testing.T) {
	r, dir := tree(t)
	h := &Host{Root: r}
	for _, fs := range []FileSystem{
		{Mount: "/", Type: "ext4", Barred: "it is mounted read-only"},
		{Mount: "/etc", Type: "ext4"}, // another device than it was
		{Mount: "/etc/passwd", Type: "ext4"},
		{Mount: "/absent", Type: "ext4"},
	} {
		_, err := h.Fill(t.Context(), fs, nil)
		require.Error(t, err, fs.Mount)
		_, err = h.Trim(t.Context(), fs)
		require.Error(t, err, fs.Mount)
	}
	link(t, "/etc", filepath.Join(dir, "linked"))
	_, err := h.Fill(t.Context(), FileSystem{Mount: "/linked"}, nil)
	require.Error(t, err)
}

// TestDevices follows what lies on what, and ends where it goes round.
func TestDevices(t *testing.T) {
	k := fakeKernel(t, droplet)
	d, err := k.blockDevice(mount{major: 253})
	require.NoError(t, err)
	assert.Equal(t, blockDevice{name: "dm-0", disks: []string{"vda"}, layers: []string{"LVM-abc"}}, d)
	link(t, filepath.Join(k.sys, "devices/sda"), filepath.Join(k.sys, "devices/dm-0/slaves/sda"))
	d, err = k.blockDevice(mount{major: 253})
	require.NoError(t, err)
	assert.Equal(t, []string{"sda", "vda"}, d.disks)
	link(t, filepath.Join(k.sys, "devices/dm-0"), filepath.Join(k.sys, "devices/dm-0/slaves/dm-0"))
	_, err = k.blockDevice(mount{major: 253, point: "/"})
	require.ErrorContains(t, err, "without an end")
	_, err = k.blockDevice(mount{major: 9, point: "/"})
	require.ErrorIs(t, err, errNoDevice)
	_, err = k.blockDevice(mount{source: "overlay"})
	require.ErrorIs(t, err, errNoDevice)
}

func TestMountinfoLines(t *testing.T) {
	mounts, err := parseMounts([]byte("1 0 0:1 / /a\\040b\\134\\011\\043 rw,ro shared:1 master:2 - tmpfs  rw\n2 0 8:1 /x\\9 /c rw - ext4 /dev/sda1 ro,x\n"))
	require.NoError(t, err)
	assert.Equal(t, "/a b\\\t#", mounts[0].point)
	assert.Empty(t, mounts[0].source, "a field may be empty")
	assert.True(t, mounts[0].readonly && mounts[1].readonly, "the mount or the file system")
	assert.Equal(t, `/x\9`, mounts[1].root, "no escape")
	for _, bad := range []string{"", "x", "1 0 8:1 / /a rw\n", "1 0 81 / /a rw - ext4 d rw\n", "1 0 8:x / /a rw - ext4 d rw\n", "1 0 8:1 / a rw - ext4 d rw\n"} {
		_, err := parseMounts([]byte("1 0 8:1 / /a rw - ext4 d rw\n" + bad + "\n"))
		require.ErrorIs(t, err, errMountinfo, "%q", bad)
		require.ErrorContains(t, err, "line 2", "%q", bad)
	}
	hidden, err := parseMounts([]byte("1 0 8:1 / /a rw - ext4 d rw\n2 0 8:2 / /a rw - ext4 e rw\n"))
	require.NoError(t, err)
	seen := visible(hidden)
	require.Len(t, seen, 1)
	assert.Equal(t, uint32(2), seen[0].minor, "the later one is on top")
}
