package host

import (
	"errors"

	"golang.org/x/sys/unix"
)

// Flush brings what was written at the places to the disk. Each file system is flushed
// once, whole; as no mount is crossed below the top of a place, the tops tell which.
// Kernels before 5.8 do not report a write that failed.
func (r *Root) Flush(places []Place) error {
	tops, flushed := map[string]bool{}, map[uint64]bool{}
	var errs []error
	for _, at := range places {
		if tops[at.Top] {
			continue
		}
		tops[at.Top] = true
		errs = append(errs, pathError("flush", at.Top, r.flush(at.Top, flushed)))
	}
	return errors.Join(errs...)
}

func (r *Root) flush(top string, flushed map[uint64]bool) error {
	in, err := r.openFolder(Place{Top: top, Path: top}, nil)
	if err != nil {
		return err
	}
	defer shut(in.fd)
	if flushed[in.dev] {
		return nil
	}
	flushed[in.dev] = true
	return unix.Syncfs(in.fd)
}
