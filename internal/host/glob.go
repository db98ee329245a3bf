package host

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// Glob returns the names in the tree that match pattern, sorted. As in path.Match
// "*" does not cross a slash; links in the middle are followed inside the tree. A
// folder that is not there matches nothing; one that cannot be read is an error.
func (r *Root) Glob(pattern string) ([]string, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, err
	}
	found := []string{"/"}
	for _, part := range strings.Split(strings.Trim(path.Clean(pattern), "/"), "/") {
		next, err := r.globPart(found, part)
		if err != nil {
			return nil, err
		}
		found = next
	}
	return found, nil
}

func (r *Root) globPart(dirs []string, part string) ([]string, error) {
	var found []string
	for _, dir := range dirs {
		names, err := r.matches(dir, part)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrNotFolder) {
			return nil, err
		}
		for _, name := range names {
			found = append(found, path.Join(dir, name))
		}
	}
	return found, nil
}

// matches returns the names in dir that match one component of a pattern.
func (r *Root) matches(dir, part string) ([]string, error) {
	if !strings.ContainsAny(part, `*?[\`) {
		if _, err := r.Lstat(path.Join(dir, part)); err != nil {
			return nil, err
		}
		return []string{part}, nil
	}
	entries, err := r.ReadDir(dir)
	var names []string
	for _, e := range entries {
		if ok, _ := path.Match(part, e.Name()); ok { // Glob has checked the pattern
			names = append(names, e.Name())
		}
	}
	return names, err
}
