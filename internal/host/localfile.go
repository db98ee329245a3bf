package host

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// OpenLocal opens a file of this computer for reading: a regular one, or a pipe.
func OpenLocal(name string) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "read", Path: name, Err: syscall.EISDIR}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
