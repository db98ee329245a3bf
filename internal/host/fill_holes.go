package host

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"golang.org/x/sys/unix"
)

// What a transaction of a file system may need while it is otherwise full, blocks.
const (
	slack   = 16
	reserve = 8
)

// sizes returns how many blocks to ask for at a time, the most first, to be given the
// free pieces of those lengths. On xfs large pieces are asked for whole, which is fast;
// what that leaves is searched thoroughly, one block at a time.
func (f *filler) sizes(pieces []int64, thorough bool) []int64 {
	const least, few = 8, 8192
	most, all := largestWrite/f.v.block, sum(pieces)
	if f.v.Type != "xfs" {
		pieces = []int64{all} // a large one is put together from many
	}
	var sizes []int64
	for _, left := range pieces {
		for left > 0 {
			size := int64(1)
			if f.v.Type != "xfs" || left >= least && (!thorough || all > few) {
				size = min(left, most)
			}
			sizes = append(sizes, size)
			left -= size
		}
	}
	sort.Slice(sizes, func(i, j int) bool { return sizes[i] > sizes[j] })
	return sizes
}

func sum(numbers []int64) (total int64) {
	for _, n := range numbers {
		total += n
	}
	return total
}

// slacken gives back a few blocks, so that a hole can be made at all.
func (f *filler) slacken() error {
	need := slack * f.v.block
	for _, file := range slices.Backward(f.files) {
		cut := min(need, file.size)
		if err := file.Truncate(file.size - cut); err != nil {
			return fmt.Errorf("giving back: %w", err)
		}
		file.size -= cut
		if need -= cut; need == 0 {
			break
		}
	}
	return nil
}

// extents lists where the zeros lie, by the region and the longest first. The spare
// file is no part of it.
func (f *filler) extents(region int64) (map[int64][]extent, error) {
	all := map[int64][]extent{}
	for i, file := range f.files[1:] {
		found, err := fileExtents(int(file.Fd()))
		if err != nil {
			return nil, fmt.Errorf("asking where the zeros lie: %w", err)
		}
		for _, e := range found {
			e.file = int64(i + 1)
			all[e.physical/region] = append(all[e.physical/region], e)
		}
	}
	for _, found := range all {
		sort.SliceStable(found, func(i, j int) bool { return found[i].length > found[j].length })
	}
	return all, nil
}

// makeHoles frees so many blocks of the extents, and some more for what describes the files.
// It takes the end of an extent, which splits none; its first block stays, as what is
// written behind it is put into the same allocation group.
func (f *filler) makeHoles(own []extent, blocks int64) (holes []extent, err error) {
	stays := int64(0)
	if f.v.Type == "xfs" {
		stays = f.v.block
	}
	need := (blocks + slack + blocks/64) * f.v.block
	for _, e := range own {
		length := min(e.length-stays, need, f.files[e.file].size-e.at-stays) / f.v.block * f.v.block
		if length <= 0 {
			continue
		}
		hole := extent{file: e.file, at: min(e.at+e.length, f.files[e.file].size) - length, length: length}
		err := unix.Fallocate(int(f.files[e.file].Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, hole.at, length)
		switch {
		case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EOPNOTSUPP):
			return holes, nil
		case err != nil:
			return holes, fmt.Errorf("making a hole: %w", err)
		}
		holes = append(holes, hole)
		if need -= length; need == 0 {
			break
		}
	}
	return holes, nil
}

// fillHoles writes zeros into the holes in pieces of those sizes, in blocks, and returns
// the sizes for which there was no hole. It leaves so much open that it is always what
// was kept back that is given out.
func (f *filler) fillHoles(holes []extent, sizes []int64) (rest []int64, err error) {
	budget := -reserve * f.v.block
	for _, hole := range holes {
		budget += hole.length
	}
	const patience = 8
	for refused := 0; len(sizes) > 0 && budget > 0 && refused < patience; sizes = sizes[1:] {
		for left := sizes[0] * f.v.block; left > 0 && budget > 0; {
			hole := &holes[0]
			n, err := f.write(f.files[hole.file], hole.at, min(left, budget, hole.length))
			hole.at, hole.length, left, budget = hole.at+n, hole.length-n, left-n, budget-n
			if hole.length == 0 {
				holes = holes[1:]
			}
			if errors.Is(err, unix.ENOSPC) {
				refused++
				break
			}
			if err != nil {
				return nil, err
			}
		}
	}
	for _, file := range f.files { // what is in the page cache only gets its blocks now
		err = errors.Join(err, file.writeBack())
	}
	return sizes, err
}
