package host

import (
	"errors"
	"io"
	"math"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// DataReader reads a file from its beginning and passes over its holes, each of which
// reads as one zero byte: a sparse file of a terabyte is read in no time. Where the
// file system knows no holes the whole file is read.
func DataReader(f *os.File) io.Reader { return &dataReader{file: f} }

// dataReader is at a place in a stretch of data that ends at end.
type dataReader struct {
	file    *os.File
	at, end int64
}

func (r *dataReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if r.at == r.end {
		hole, err := r.next()
		if err != nil {
			return 0, err
		}
		if hole {
			p[0] = 0
			return 1, nil
		}
	}
	n, err := r.file.ReadAt(p[:min(int64(len(p)), r.end-r.at)], r.at)
	r.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// next finds the next stretch of data, and reports whether there is a hole before it.
func (r *dataReader) next() (hole bool, err error) {
	start, err := r.file.Seek(r.at, unix.SEEK_DATA)
	if errors.Is(err, syscall.ENXIO) { // nothing but a hole, or nothing at all
		return false, io.EOF
	}
	if err != nil {
		r.end = math.MaxInt64
		return false, nil
	}
	r.end, err = r.file.Seek(start, unix.SEEK_HOLE)
	if err != nil {
		r.end = math.MaxInt64
	}
	hole, r.at = start > r.at, start
	return hole, nil
}
