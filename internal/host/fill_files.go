package host

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// nameless is a file without a name.
type nameless struct {
	*os.File
	size int64
}

// largestWrite is long enough for the speed of the device, bytes.
const largestWrite = 4 << 20

// filler writes zeros to nameless files of one file system.
type filler struct {
	ctx   context.Context
	v     *volume
	zeros []byte
	files []*nameless
	total int64 // bytes free at the start
	// written is how much was written, endless that the file system does not get full.
	written  int64
	endless  bool
	progress func(done, total int64)
}

func newFiller(ctx context.Context, v *volume, progress func(done, total int64)) (*filler, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	// Direct writes want memory that begins with a page.
	zeros, err := unix.Mmap(-1, 0, largestWrite, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("making a buffer: %w", err)
	}
	return &filler{ctx: ctx, v: v, zeros: zeros, total: v.free, progress: progress}, nil
}

// end closes all files, which gives their space back.
func (f *filler) end() error {
	var problems []error
	for _, file := range f.files {
		problems = append(problems, file.Close())
	}
	f.files = nil
	if f.zeros != nil {
		problems = append(problems, unix.Munmap(f.zeros))
		f.zeros = nil
	}
	return errors.Join(problems...)
}

// file makes one more file.
func (f *filler) file() (*nameless, error) {
	file, err := f.v.nameless()
	if err != nil {
		return nil, fmt.Errorf("making a file without a name: %w", err)
	}
	f.files = append(f.files, file)
	return file, nil
}

// nameless makes a file that never has a name or, where the file system has no such
// files, has none any more.
func (v *volume) nameless() (*nameless, error) {
	const flags = unix.O_RDWR | unix.O_CLOEXEC | unix.O_LARGEFILE | unix.O_EXCL
	fd, err := openDirect(v.fd(), ".", flags|unix.O_TMPFILE)
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EISDIR) || errors.Is(err, unix.EINVAL) {
		name := ".imgcheck-" + rand.Text()
		fd, err = openDirect(v.fd(), name, flags|unix.O_CREAT|unix.O_NOFOLLOW)
		if err == nil {
			err = unix.Unlinkat(v.fd(), name, 0)
		}
	}
	if err != nil {
		return nil, err
	}
	return &nameless{File: os.NewFile(uintptr(fd), v.Mount)}, nil
}

// openDirect opens a file whose writes go past the page cache where that can be had.
func openDirect(dir int, name string, flags int) (int, error) {
	fd, err := unix.Openat(dir, name, flags|unix.O_DIRECT, 0o600)
	if errors.Is(err, unix.EINVAL) {
		fd, err = unix.Openat(dir, name, flags, 0o600)
	}
	return fd, err
}

// grow writes n zeros to the end of a file, or what there is room for.
func (f *filler) grow(file *nameless, n int64) error {
	for n > 0 {
		wrote, err := f.write(file, file.size, min(n, largestWrite))
		file.size += wrote
		n -= wrote
		if err != nil {
			return err
		}
	}
	return nil
}

// writeBack waits until nothing of the file is in the page cache only. Of direct
// writes nothing is.
func (n *nameless) writeBack() error {
	return unix.SyncFileRange(int(n.Fd()), 0, 0, unix.SYNC_FILE_RANGE_WRITE_AND_WAIT)
}

// write writes n zeros at a place of a file, and returns how many of them were
// written.
func (f *filler) write(file *nameless, at, n int64) (int64, error) {
	if f.ctx.Err() != nil {
		return 0, context.Cause(f.ctx)
	}
	wrote, err := file.WriteAt(f.zeros[:n], at)
	if errors.Is(err, unix.EINVAL) { // not directly, then
		if _, err = unix.FcntlInt(file.Fd(), unix.F_SETFL, 0); err == nil {
			wrote, err = file.WriteAt(f.zeros[:n], at)
		}
	}
	done := int64(wrote)
	// Some write to the page cache all the same, and must not fill the memory.
	if done == largestWrite {
		err = errors.Join(err, file.writeBack())
	}
	f.written += done
	f.progress(min(f.written, f.total), f.total)
	if err != nil {
		return done, fmt.Errorf("writing zeros: %w", err)
	}
	return done, nil
}
