package host

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// NewFile is a file on this computer that appears under its name whole or not at
// all, readable by its owner only.
type NewFile struct {
	*os.File
	target string
	ended  bool
}

// CreateFile begins a file that Commit puts in the place of target. Where something
// else than a regular file stands there, it is ErrNotRegular: renamed over /dev/null
// or the link /dev/stdout, the file would take them from the whole machine.
func CreateFile(target string) (*NewFile, error) {
	switch info, err := os.Lstat(target); {
	case err == nil && !info.Mode().IsRegular():
		return nil, ErrNotRegular
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*") // mode 0600
	if err != nil {
		return nil, err
	}
	return &NewFile{File: f, target: target}, nil
}

// Commit flushes the file and gives it its name.
func (f *NewFile) Commit() error {
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Discard())
	}
	f.ended = true
	if err := errors.Join(f.Close(), os.Rename(f.Name(), f.target)); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Discard removes the file unless it was committed.
func (f *NewFile) Discard() error {
	if f.ended {
		return nil
	}
	f.ended = true
	err := os.Remove(f.Name())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(f.Close(), err)
}
