package host

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// Reasons for which a change is refused. Nothing has been changed then.
var (
	// ErrForbidden says that the path is the root itself, empty, not absolute, holds
	// "..", or does not lie below its top.
	ErrForbidden = errors.New("refused: not a path inside the root")
	// ErrMount says that the path is, or lies behind, a mount point below its top:
	// what is there is not the image's.
	ErrMount = errors.New("refused: a file system is mounted there")
	// ErrLinked says that the file has other names, which the change would reach too.
	ErrLinked = errors.New("refused: the file has other hard links")
	// ErrChanged says that the path leads through a link below its top, or that
	// something else stands there than when it was planned.
	ErrChanged = errors.New("refused: something else is there now")
	// ErrNotEmpty says that a folder that was to be removed still holds something.
	ErrNotEmpty = errors.New("refused: the folder is not empty")
	// ErrImmutable says that the file, or the folder whose entry it is, carries one of
	// the attributes that stop root too.
	ErrImmutable = errors.New("refused: marked immutable or append-only, which `chattr -i -a` lifts")
	// ErrInUse says that the file is a program that runs now, or swap space.
	ErrInUse = errors.New("refused: the file is a running program or swap space")
)

// Place is where a change is made. Links on the way to Top are followed inside the
// tree, as they are the machine's own layout; below it none is, and no mount is
// crossed. Top itself may be a mount point.
type Place struct {
	// Top is the folder that the change must not leave.
	Top string
	// Path is the whole path of what is changed, below Top.
	Path string
}

// At is the place of a file whose folder is the machine's own and not a user's.
func At(name string) Place { return Place{Top: path.Dir(name), Path: name} }

// below returns the names that lead from Top to what is changed, at least one.
func (p Place) below() ([]string, error) {
	for _, name := range []string{p.Top, p.Path} {
		if !path.IsAbs(name) || hasDotDot(name) || strings.ContainsRune(name, 0) {
			return nil, ErrForbidden
		}
	}
	top, name := strings.TrimSuffix(path.Clean(p.Top), "/"), path.Clean(p.Path)
	rest, inside := strings.CutPrefix(name, top+"/")
	if !inside || rest == "" {
		return nil, ErrForbidden
	}
	return strings.Split(rest, "/"), nil
}

func hasDotDot(name string) bool {
	if !strings.Contains(name, "..") {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// Look describes what stands at each place, by the rules of a change: what could not be
// changed there is refused with the same error. It returns an error for each. Places of
// the same folder ought to follow each other.
func (r *Root) Look(places []Place) ([]Entry, []error) {
	seen, errs := make([]Entry, len(places)), make([]error, len(places))
	spans := folders(places)
	parallel(len(spans), func(i int) {
		var in *folder
		for k := spans[i].begin; k < spans[i].end; k++ {
			at := places[k]
			seen[k].Path = at.Path
			below, err := at.below()
			if err == nil && in == nil {
				in, err = r.openFolder(at.folder(), below[:len(below)-1])
			}
			if err == nil {
				err = in.look(below[len(below)-1], &seen[k])
			}
			errs[k] = pathError("look", at.Path, err)
		}
		if in != nil {
			shut(in.fd)
		}
	})
	return seen, errs
}

// look describes what stands at a name.
func (in *folder) look(name string, seen *Entry) error {
	t, err := look(in.fd, name)
	if err == nil {
		seen.Info = &t
		seen.Mount, err = in.mounted(&t, in.fd)
	}
	return err
}

// Chmod sets the permissions of a regular file that has no other names.
func (r *Root) Chmod(at Place, perm fs.FileMode) error {
	return r.change("chmod", at, func(in *folder, name string) error {
		f, err := in.open(name, unix.O_RDONLY)
		if err != nil {
			return err
		}
		return errors.Join(unix.Fchmod(f.fd, uint32(perm.Perm())), unix.Close(f.fd))
	})
}

// change enters the folder of a place, acts on its last name, and tells what went
// wrong under the path that the caller knows.
func (r *Root) change(op string, at Place, act func(in *folder, name string) error) error {
	in, name, err := r.enter(at)
	if err == nil {
		err = act(in, name)
		r.keep(in)
	}
	return pathError(op, at.Path, err)
}

// explain says why the kernel refused to change a name, where its number alone does
// not.
func (in *folder) explain(name string, err error) error {
	switch {
	case errors.Is(err, unix.ETXTBSY):
		return ErrInUse
	case errors.Is(err, unix.EPERM) && (fixed(in.fd, name) || fixed(in.fd, "")):
		return fmt.Errorf("%w: %w", ErrImmutable, err)
	}
	return err
}

// fixed reports whether a file carries an attribute that stops root too. Kernels before
// 4.11 do not tell.
func fixed(dir int, name string) bool {
	t, err := look(dir, name)
	return err == nil && t.attributes&(unix.STATX_ATTR_IMMUTABLE|unix.STATX_ATTR_APPEND) != 0
}
