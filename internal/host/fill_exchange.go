package host

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// stretch is a part of a device, bytes.
type stretch struct {
	device     uint32
	start, end int64
}

// extent is a stretch of a file and where it lies on the device, bytes.
type extent struct{ file, at, physical, length int64 }

func total(runs []stretch) (bytes int64) {
	for _, r := range runs {
		bytes += r.end - r.start
	}
	return bytes
}

// both returns what lies in a and in b; each is sorted, and so is the answer.
func both(a, b []stretch) []stretch {
	var common []stretch
	for len(a) > 0 && len(b) > 0 {
		if a[0].device == b[0].device {
			r := stretch{device: a[0].device, start: max(a[0].start, b[0].start), end: min(a[0].end, b[0].end)}
			if r.start < r.end {
				common = append(common, r)
			}
		}
		if cmp.Or(cmp.Compare(a[0].device, b[0].device), cmp.Compare(a[0].end, b[0].end)) < 0 {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return common
}

// exchange overwrites what the file system keeps back even from root when it is full:
// 16 MiB of ext4, of xfs the same and a part of each allocation group.
//
// What it keeps back is a number of blocks, not certain ones. So blocks that hold
// zeros by now are freed, and as many are taken in their stead. A journaling file
// system does not give out again what was freed before that is on the disk: what it
// gives are the blocks that it kept back. The list of free blocks shows which were
// reached; where others make it flush in between it takes more than one round.
func (f *filler) exchange() (unreached, error) {
	rest := unreached{endless: f.endless, known: true}
	region, err := f.region()
	if err != nil {
		return rest, fmt.Errorf("asking for the allocation groups: %w", err)
	}
	free, err := f.freeRuns()
	if errors.Is(err, errNoMap) {
		return f.exchangeUnseen(region)
	}
	first, left, filled := free, free, f.written
	const rounds, patience = 32, 4
	for round, idle := 0, 0; err == nil && len(left) > 0 && round < rounds && idle < patience; round++ {
		if err = f.exchangeOnce(left, free, region, round > 0); err != nil {
			break
		}
		before := total(left)
		if free, err = f.freeRuns(); err != nil {
			break
		}
		left = both(left, free)
		idle++
		if total(left) < before {
			idle = 0
		}
	}
	// What was written over and over counts once.
	f.written = filled + total(first) - total(left)
	rest.kept = total(left)
	return rest, err
}

// freeRuns lists what is free now.
func (f *filler) freeRuns() ([]stretch, error) {
	// On xfs it would make the blocks that were freed be given out again, and be of no
	// use: its descriptions of files take their time to the disk.
	if f.v.Type != "xfs" {
		if err := errors.Join(f.disown(), f.v.sync()); err != nil {
			return nil, err
		}
	}
	runs, err := freeRuns(f.ctx, f.v.fd())
	if err != nil {
		err = fmt.Errorf("listing free blocks: %w", err)
	}
	return runs, err
}

// disown gives back what ext4 set aside for the files to grow into: it is in no list of
// free blocks, and was not written to.
func (f *filler) disown() error {
	for _, file := range f.files {
		if err := file.Truncate(file.size); err != nil {
			return fmt.Errorf("giving back: %w", err)
		}
	}
	return nil
}

// exchangeUnseen does it once where free blocks cannot be listed: as many as are free.
func (f *filler) exchangeUnseen(region int64) (unreached, error) {
	if err := f.v.look(); err != nil {
		return unreached{}, err
	}
	rest := unreached{endless: f.endless, kept: f.v.free}
	if f.v.Type != "ext4" || f.v.free == 0 {
		return rest, nil
	}
	all := []stretch{{end: f.v.free}}
	filled := f.written
	err := f.exchangeOnce(all, all, region, false)
	f.written = filled
	return rest, err
}

// region is the part of the device within which space is given out and kept back:
// all of it, but on xfs, where each allocation group keeps some.
func (f *filler) region() (int64, error) {
	if f.v.Type == "xfs" {
		return xfsGroupSize(f.v.fd())
	}
	return 1 << 62, nil
}

// exchangeOnce exchanges all that is free in each region in which something is left
// to be reached, one after the other: where one has nothing left to give, xfs flushes,
// and then blocks of zeros would be given out in all of them.
func (f *filler) exchangeOnce(left, free []stretch, region int64, thorough bool) error {
	wanted := map[int64][]int64{}
	for _, r := range left {
		wanted[r.start/region] = nil
	}
	for _, r := range free {
		if pieces, some := wanted[r.start/region]; some {
			wanted[r.start/region] = append(pieces, (r.end-r.start)/f.v.block)
		}
	}
	if err := f.slacken(); err != nil {
		return err
	}
	for _, i := range slices.Sorted(maps.Keys(wanted)) {
		if err := f.exchangeIn(i, region, f.sizes(wanted[i], thorough)); err != nil {
			return err
		}
	}
	return nil
}

// exchangeIn exchanges pieces of those sizes in one region. Where the files hold less
// there, what was taken is freed in its turn.
func (f *filler) exchangeIn(i, region int64, sizes []int64) error {
	const turns = 64
	for turn := 0; len(sizes) > 0 && turn < turns; turn++ {
		own, err := f.extents(region)
		if err != nil {
			return err
		}
		holes, err := f.makeHoles(own[i], sum(sizes))
		if err != nil || len(holes) == 0 {
			return err
		}
		before := len(sizes)
		if sizes, err = f.fillHoles(holes, sizes); err != nil || len(sizes) == before {
			return err
		}
	}
	return nil
}
