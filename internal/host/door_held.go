package host

import (
	"context"
	"errors"

	"golang.org/x/sys/unix"
)

// Overwritten is a file that was overwritten and is held open. The zero value holds none.
type Overwritten struct {
	fd   int32
	held bool
}

// Held reports whether there is one.
func (o *Overwritten) Held() bool { return o.held }

// Truncate cuts the file to nothing, whatever has become of its name since, and lets go
// of it. It is for what Flush has brought to the disk: what the file held is zeros.
func (o *Overwritten) Truncate() error {
	_, err := again(func() (struct{}, error) { return struct{}{}, unix.Ftruncate(int(o.fd), 0) })
	return errors.Join(err, o.Close())
}

// Cut truncates many files at once, as Truncate does, and returns an error for each.
func Cut(held []*Overwritten) []error {
	errs := make([]error, len(held))
	parallel(len(held), func(i int) { errs[i] = held[i].Truncate() })
	return errs
}

// Close lets go of the file as it is.
func (o *Overwritten) Close() error {
	if !o.held {
		return nil
	}
	o.held = false
	return unix.Close(int(o.fd))
}

// OverwriteHeld is OverwriteAll that leaves files open, as many as the process may, so
// that they need not be looked for again to be cut. The caller closes them.
func (r *Root) OverwriteHeld(ctx context.Context, places []Place) ([]Overwritten, []error) {
	held, errs := make([]Overwritten, len(places)), make([]error, len(places))
	most := holdable()
	batches := folders(places)
	parallel(len(batches), func(i int) {
		begin, end := batches[i].begin, batches[i].end
		r.overwriteBatch(ctx, places[begin:end], held[begin:max(begin, min(end, most))], errs[begin:end])
	})
	return held, errs
}

// holdable is how many files are left open at once: half of what the process may open,
// as others need some.
func holdable() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return int(min(limit.Cur/2, 1<<16))
}
