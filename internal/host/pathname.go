package host

import (
	"path"
	"strings"
)

// Inside reports whether name lies below the folder dir, or is it.
func Inside(dir, name string) bool {
	dir = strings.TrimSuffix(path.Clean(dir), "/")
	return name == dir || strings.HasPrefix(name, dir+"/")
}

// MatchPath reports whether a path matches a glob. "*" stays within one name, as in
// path.Match; "**" is any number of names.
func MatchPath(glob, name string) bool {
	return matchNames(strings.Split(path.Clean(glob), "/"), strings.Split(path.Clean(name), "/"))
}

func matchNames(glob, names []string) bool {
	for i, part := range glob {
		if part == "**" {
			for skip := i; skip <= len(names); skip++ {
				if matchNames(glob[i+1:], names[skip:]) {
					return true
				}
			}
			return false
		}
		if i >= len(names) {
			return false
		}
		if ok, err := path.Match(part, names[i]); err != nil || !ok {
			return false
		}
	}
	return len(glob) == len(names)
}
