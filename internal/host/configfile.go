package host

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// ReadOwned reads a regular file of this computer of at most bound bytes, which decides
// what root does or lets pass. One that others than its owner can write is an Untrusted
// error; run as root, so is one that belongs, or whose folders or links belong, to
// somebody else than root and the user with the id caller, who has called us (0 for
// nobody). Another kind of file is ErrNotRegular, and is never waited for.
func ReadOwned(name string, bound int64, caller int) ([]byte, error) {
	return readOwned(name, bound, caller, Privileged())
}

func readOwned(name string, bound int64, caller int, privileged bool) (data []byte, err error) {
	file := name
	if privileged {
		if file, _, err = keeper(caller).lead(name); err != nil {
			return nil, err
		}
	}
	// A fifo would be waited for.
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%q is %w", name, ErrNotRegular)
	case info.Mode().Perm()&writableByOthers != 0:
		return nil, Untrusted{file, openToOthers}
	}
	if privileged {
		if err := keeper(caller).accept(file, info, false); err != nil {
			return nil, err
		}
	}
	data, err = io.ReadAll(io.LimitReader(f, bound+1))
	if err == nil && int64(len(data)) > bound {
		err = fmt.Errorf("%q: %w, at most %d KiB are read", name, ErrTooLarge, bound>>10)
	}
	return data, err
}

// WriteNew writes a file of this computer that is not there yet, readable by all and
// writable by its owner only. Where something has the name, even a link that leads
// nowhere, it is an error that is fs.ErrExist.
func WriteNew(name string, data []byte) error {
	const mode = 0o644
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}
