package host

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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

// AppendLocal opens a regular file of this computer for adding to its end; where there
// is none it is made, readable by its owner only. Something else is ErrNotRegular.
func AppendLocal(name string) (io.WriteCloser, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotRegular
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// LocalNames returns the files of this computer whose names go on from what was typed,
// in order, folders with a slash at the end. Hidden ones are among them where a dot was
// typed, and names that no line can hold are not. What cannot be read has none.
func LocalNames(typed string) []string {
	dir, begin := filepath.Split(typed)
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		name := e.Name()
		hidden := strings.HasPrefix(name, ".") && begin == ""
		if hidden || !strings.HasPrefix(name, begin) || strings.ContainsAny(name, "\n\r\t") {
			continue
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.IsDir() {
			name += "/"
		}
		names = append(names, dir+name)
	}
	return names
}
