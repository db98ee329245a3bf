package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// scratchPattern is how our private folders are named.
const scratchPattern = "imgcheck-"

// Scratch makes a private folder on this computer for what a program insists on
// writing, logs above all, and returns it with the function that removes it. It
// lies in /run where that can be written, which no image holds.
func Scratch() (dir string, remove func() error, err error) {
	dir, err = os.MkdirTemp("/run", scratchPattern)
	if err != nil {
		dir, err = os.MkdirTemp("", scratchPattern)
	}
	if err != nil {
		return "", nil, fmt.Errorf("making a private folder: %w", err)
	}
	return dir, func() error { return os.RemoveAll(dir) }, nil
}

// CopyOut copies regular files of the tree into a private folder on this computer,
// each under its base name, so that a program may work on them without writing to
// the tree, and returns it with the function that removes it. Together they may
// have limit bytes; more is ErrTooLarge.
func (r *Root) CopyOut(ctx context.Context, names []string, limit int64) (dir string, remove func() error, err error) {
	dir, err = os.MkdirTemp("", scratchPattern)
	if err != nil {
		return "", nil, fmt.Errorf("making a private folder: %w", err)
	}
	remove = func() error { return os.RemoveAll(dir) }
	for _, name := range names {
		n, err := r.copyOut(ctx, name, filepath.Join(dir, path.Base(name)), limit)
		if err != nil {
			return "", nil, errors.Join(fmt.Errorf("copying %s: %w", name, err), remove())
		}
		limit -= n
	}
	return dir, remove, nil
}

func (r *Root) copyOut(ctx context.Context, name, target string, limit int64) (n int64, err error) {
	from, err := r.Open(name)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if info, err := from.Stat(); err != nil || !info.Mode().IsRegular() {
		return 0, errors.Join(ErrNotRegular, err)
	}
	to, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	n, err = io.Copy(to, io.LimitReader(interruptible{ctx, from}, limit+1))
	if n > limit {
		err = errors.Join(err, ErrTooLarge)
	}
	return n, errors.Join(err, to.Close())
}

// interruptible is a reader that ends with its context.
type interruptible struct {
	ctx  context.Context
	from io.Reader
}

func (i interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.from.Read(p)
}
