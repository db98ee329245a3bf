package host

import (
	"context"
	"errors"
	"path"

	"golang.org/x/sys/unix"
)

const (
	// spanLength is how many files of one folder are overwritten, or looked at, before it is
	// looked for again by its path.
	spanLength = 128
	// overwriteChunk is how many bytes are written between two looks at the context.
	overwriteChunk = 256 << 10
)

// Overwrite writes zeros over all that a regular file without other names holds. Its
// size stays; holes stay holes. Flush brings the zeros to the disk. It ends with ctx,
// and a file then holds both zeros and contents. File systems that never write in place
// (btrfs, an overlay's lower layer) keep the old blocks as free space.
func (r *Root) Overwrite(ctx context.Context, at Place) error {
	return r.change("overwrite", at, func(in *folder, name string) error {
		held, err := in.overwrite(ctx, name)
		return errors.Join(err, held.Close())
	})
}

// OverwriteAll is Overwrite for many files at once. It returns an error for each place,
// nil where the file is overwritten. Places of the same folder ought to follow each
// other: their folder is then opened once for many.
func (r *Root) OverwriteAll(ctx context.Context, places []Place) []error {
	held, errs := r.OverwriteHeld(ctx, places)
	for i, at := range places {
		errs[i] = errors.Join(errs[i], pathError("overwrite", at.Path, held[i].Close()))
	}
	return errs
}

// span is places that follow each other in one folder.
type span struct{ begin, end int }

// folders divides places into spans, of at most spanLength.
func folders(places []Place) (spans []span) {
	for begin, end := 0, 0; begin < len(places); begin = end {
		first := places[begin]
		for end = begin + 1; end < len(places) && end-begin < spanLength; end++ {
			if places[end].Top != first.Top || path.Dir(places[end].Path) != path.Dir(first.Path) {
				break
			}
		}
		spans = append(spans, span{begin, end})
	}
	return spans
}

// overwriteBatch overwrites files of one folder, and leaves open as many as held has room
// for. What it opens is its own, as others do the same beside it.
func (r *Root) overwriteBatch(ctx context.Context, places []Place, held []Overwritten, errs []error) {
	var in *folder
	for i, at := range places {
		below, err := at.below()
		if err == nil && in == nil {
			in, err = r.openFolder(at.folder(), below[:len(below)-1])
		}
		if err == nil {
			var file Overwritten
			file, err = in.overwrite(ctx, below[len(below)-1])
			if i < len(held) {
				held[i] = file
			} else {
				err = errors.Join(err, file.Close())
			}
		}
		errs[i] = pathError("overwrite", at.Path, err)
	}
	if in != nil {
		shut(in.fd)
	}
}

func (in *folder) overwrite(ctx context.Context, name string) (Overwritten, error) {
	if err := ctx.Err(); err != nil {
		return Overwritten{}, err
	}
	f, err := in.open(name, unix.O_WRONLY)
	if err != nil {
		return Overwritten{}, err
	}
	if err := f.overwrite(ctx); err != nil {
		return Overwritten{}, errors.Join(err, unix.Close(f.fd))
	}
	return Overwritten{fd: int32(f.fd), held: true}, nil //nolint:gosec // the kernel has no larger descriptors
}

// overwrite writes zeros over the data that the file held when it was opened.
func (f *file) overwrite(ctx context.Context) error {
	zeros := make([]byte, min(overwriteChunk, f.stat.Size))
	for offset := int64(0); offset < f.stat.Size; {
		from, to, err := f.data(offset)
		if err != nil {
			return err
		}
		for offset = from; offset < to; {
			n, err := f.zero(ctx, offset, zeros[:min(int64(len(zeros)), to-offset)])
			if err != nil {
				return err
			}
			if n == 0 {
				return nil // cut behind us: what is beyond is no more the file's
			}
			offset += int64(n)
		}
		offset = to
	}
	return nil
}

// data returns where the next data at or after the offset lies, nothing at the end of
// the file where there is none. All of the file is data where its file system does not
// tell.
func (f *file) data(offset int64) (from, to int64, err error) {
	size := f.stat.Size
	if size <= f.stat.Blksize && f.stat.Blocks > 0 { // one block, and it is there
		return offset, size, nil
	}
	from, err = unix.Seek(f.fd, offset, unix.SEEK_DATA)
	switch {
	case errors.Is(err, unix.ENXIO):
		return size, size, nil
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.EOPNOTSUPP):
		return offset, size, nil
	case err != nil:
		return 0, 0, err
	}
	to, err = unix.Seek(f.fd, from, unix.SEEK_HOLE)
	if errors.Is(err, unix.ENXIO) { // cut in between
		return size, size, nil
	}
	if err != nil {
		return 0, 0, err
	}
	block := max(f.stat.Blksize, 1)
	to = (max(to, from+1) + block - 1) / block * block // at least a step, whatever the answer
	return min(from, size), min(to, size), nil
}

// zero writes zeros at the offset, as far as the file reaches now: past its end they
// would make it grow.
func (f *file) zero(ctx context.Context, offset int64, zeros []byte) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	size := f.stat.Size
	if offset > 0 { // time has passed since it was opened
		now, err := look(f.fd, "")
		if err != nil {
			return 0, err
		}
		size = now.stat.Size
	}
	left := min(int64(len(zeros)), size-offset)
	if left <= 0 {
		return 0, nil
	}
	return again(func() (int, error) { return unix.Pwrite(f.fd, zeros[:left], offset) })
}
