package host

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Filled is what was reached of the free space of a file system.
type Filled struct {
	// Bytes is how much was overwritten.
	Bytes int64
	// Unreached says what could not be reached and may still hold old data, a line each.
	Unreached []string
}

// room is what is given back at once when the file system is full, bytes.
const room = 64 << 20

// Fill overwrites all free space of a file system with zeros, and then tells its
// device which blocks are free. Progress hears how much of it is done, in bytes; it
// may be nil.
//
// The zeros are written to files without a name, which vanish with this process
// whatever ends it. No reserve of the file system is lifted: other processes find a
// full disk for a moment, as they may on any day, and nothing else.
func (h *Host) Fill(ctx context.Context, fs FileSystem, progress func(done, total int64)) (filled Filled, err error) {
	v, err := h.openVolume(fs)
	if err != nil {
		return Filled{}, err
	}
	defer func() { err = errors.Join(err, v.dir.Close()) }()
	var rest unreached
	filled.Bytes, rest, err = v.fill(ctx, progress)
	if err == nil {
		_, err = v.trim(ctx)
		rest.discarded = err == nil
		if errors.Is(err, ErrNoDiscard) {
			err = nil
		}
	}
	if err != nil {
		return filled, fmt.Errorf("filling the free space of %s: %w", fs.Mount, err)
	}
	filled.Unreached = v.doubts(rest)
	return filled, nil
}

// fill makes the file system full of zeros and gives the space back.
func (v *volume) fill(ctx context.Context, progress func(done, total int64)) (done int64, rest unreached, err error) {
	f, err := newFiller(ctx, v, progress)
	if err != nil {
		return 0, unreached{}, err
	}
	defer func() {
		done = f.written
		err = errors.Join(err, f.end())
	}()
	spare, err := f.file()
	if errors.Is(err, unix.ENOSPC) {
		return 0, unreached{kept: f.total, full: true}, nil
	}
	if err != nil {
		return 0, unreached{}, err
	}
	// What was removed a moment ago is free once it is on the disk.
	if err := v.settle(); err != nil {
		return 0, unreached{}, err
	}
	if err := f.grow(spare, min(room, f.total/8)/v.block*v.block); err != nil && !errors.Is(err, unix.ENOSPC) {
		return 0, unreached{}, err
	}
	if err := f.fill(); err != nil {
		return 0, unreached{}, err
	}
	if rest, err = f.exchange(); err != nil {
		return 0, unreached{}, err
	}
	return 0, rest, f.giveBack(spare)
}

// giveBack gives all space back, the spare file's first: others can write again while
// what describes the large files goes to the disk. Freed before that, the blocks of
// their descriptions would keep what was in them.
func (f *filler) giveBack(spare *nameless) error {
	if err := spare.Truncate(0); err != nil {
		return fmt.Errorf("giving back: %w", err)
	}
	if err := f.v.sync(); err != nil {
		return err
	}
	for _, file := range f.files {
		// xfs frees what a closed file held in the background: the trim would miss it.
		if err := file.Truncate(0); err != nil {
			return fmt.Errorf("giving back: %w", err)
		}
	}
	if err := errors.Join(f.end(), f.v.settle()); err != nil {
		return err
	}
	return f.v.emptyJournal()
}

// fill writes zeros until there is no block left: large writes, then ever smaller
// ones, as what is free then lies in ever smaller pieces.
func (f *filler) fill() error {
	file, err := f.file()
	if errors.Is(err, unix.ENOSPC) {
		return nil
	}
	for size := int64(len(f.zeros)); err == nil && size >= f.v.block; {
		if f.written > f.v.size {
			f.endless = true // compressed, most likely
			return nil
		}
		switch err = f.grow(file, size); {
		case errors.Is(err, unix.ENOSPC):
			size, err = size/2, nil
		case errors.Is(err, unix.EFBIG) && file.size > 0:
			file, err = f.file()
			if errors.Is(err, unix.ENOSPC) {
				return nil
			}
		}
	}
	return err
}
