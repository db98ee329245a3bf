package host

import (
	"path"
	"strings"
)

// enter opens the folder of a place and returns it with the name in it. What is opened
// is acted on by its descriptor, so that a path that is swapped after this look
// leads nowhere else. The caller gives it back by keep.
func (r *Root) enter(at Place) (*folder, string, error) {
	below, err := at.below()
	if err != nil {
		return nil, "", err
	}
	name := below[len(below)-1]
	at = at.folder()
	if in := r.kept(at); in != nil {
		return in, name, nil
	}
	in, err := r.openFolder(at, below[:len(below)-1])
	return in, name, err
}

// folder is the place of the folder that what is changed lies in, which may be the top.
func (p Place) folder() Place {
	return Place{Top: path.Clean(p.Top), Path: path.Dir(path.Clean(p.Path))}
}

// openFolder opens the folder at, to which the names lead from its top.
func (r *Root) openFolder(at Place, below []string) (*folder, error) {
	above, err := r.resolve(at.Top)
	if err != nil {
		return nil, err
	}
	top, err := r.descend(above)
	if err != nil {
		return nil, err
	}
	mount, err := mountOf(top, "")
	if err != nil {
		shut(top)
		return nil, err
	}
	fd, err := descend(top, below)
	if err != nil {
		return nil, err
	}
	in, err := readable(fd)
	if err != nil {
		return nil, err
	}
	in.at, in.above, in.below = at, above, path.Join(below...)
	// A mount is left upwards only, so that the way down has crossed none where it
	// begins and ends on the same.
	if in.mount != mount {
		shut(in.fd)
		return nil, ErrMount
	}
	return in, nil
}

// kept returns the folder that was used last, if it is the one wanted and still lies
// where it was found: most changes are made in the folder of the one before.
func (r *Root) kept(at Place) *folder {
	in := r.last.Swap(nil)
	if in == nil {
		return nil
	}
	if in.at == at && r.still(in) {
		return in
	}
	shut(in.fd)
	return nil
}

// still reports whether the path by which a folder was found leads to it. Where links
// were followed to its top, they are followed again.
func (r *Root) still(in *folder) bool {
	if in.above != path.Join(".", strings.TrimPrefix(in.at.Top, "/")) {
		if above, err := r.resolve(in.at.Top); err != nil || above != in.above {
			return false
		}
	}
	now, err := look(r.top, path.Join(in.above, in.below)) // too long a path is an error too
	if err != nil || now.stat.Dev != in.dev || now.stat.Ino != in.ino {
		return false
	}
	mount, err := now.mountIn(r.top)
	return err == nil && mount == in.mount
}

// keep gives a folder back, to be used again.
func (r *Root) keep(in *folder) {
	if before := r.last.Swap(in); before != nil {
		shut(before.fd)
	}
}
