package host

import (
	"fmt"
	"path"
	"strings"
)

// Inside reports whether name lies below the folder dir, or is it. Links are not
// looked at.
func Inside(dir, name string) bool {
	dir, name = strings.TrimSuffix(path.Clean("/"+dir), "/"), path.Clean("/"+name)
	return name == dir || strings.HasPrefix(name, dir+"/")
}

// CheckGlob returns what is wrong with a glob that MatchPath would match nothing by.
func CheckGlob(glob string) error {
	if !path.IsAbs(glob) {
		return fmt.Errorf("%q is not an absolute path", glob)
	}
	for part := range strings.SplitSeq(path.Clean(glob), "/") {
		if _, err := path.Match(part, ""); err != nil {
			return fmt.Errorf("%q: %w in %q", glob, err, part)
		}
	}
	return nil
}

// MatchPath reports whether a path matches a glob. "*" stays within one name, as in
// path.Match; "**" is any number of names, none too. A malformed glob, which CheckGlob
// finds, matches nothing.
func MatchPath(glob, name string) bool {
	return matchNames(strings.Split(path.Clean(glob), "/"), strings.Split(path.Clean(name), "/"))
}

// matchNames goes back to the last "**" only: what an earlier one could take more, the
// last can take as well.
func matchNames(glob, names []string) bool {
	g, n := 0, 0
	star, taken := -1, 0 // where the last "**" is, and the first name after those it takes
	for n < len(names) || g < len(glob) {
		switch {
		case g < len(glob) && glob[g] == "**":
			star, taken = g, n
			g++
		case g < len(glob) && n < len(names) && matchName(glob[g], names[n]):
			g++
			n++
		case star >= 0 && taken < len(names):
			taken++
			g, n = star+1, taken
		default:
			return false
		}
	}
	return true
}

func matchName(glob, name string) bool {
	ok, err := path.Match(glob, name)
	return err == nil && ok
}
