package host

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Program returns the path of our own program inside the root, empty where it lies
// outside of it or the kernel does not say.
func (r *Root) Program() string {
	file, err := os.Executable()
	if err != nil {
		return ""
	}
	inside := r.inside(file)
	if len(inside) == 0 {
		return ""
	}
	return inside[0]
}

// Own returns the paths inside the root of what this run itself needs: its program,
// the files that its standard output and error go to, and the given files of this
// computer. What lies outside of the root is none of them.
func (r *Root) Own(files ...string) []string {
	if program, err := os.Executable(); err == nil {
		files = append(files, program)
	}
	for _, stream := range [...]string{"/proc/self/fd/1", "/proc/self/fd/2"} {
		// What is no file leads to a name like "pipe:[123]", which is no path.
		if file, err := os.Readlink(stream); err == nil && filepath.IsAbs(file) {
			files = append(files, file)
		}
	}
	var own []string
	for _, file := range files {
		own = append(own, r.inside(file)...)
	}
	slices.Sort(own)
	return slices.Compact(own)
}

// inside returns the paths by which a file of this computer is known in the tree:
// without links, and as it was named.
func (r *Root) inside(file string) []string {
	abs, err := filepath.Abs(file)
	if err != nil {
		return nil
	}
	var paths []string
	if folder, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		paths = append(paths, filepath.Join(folder, filepath.Base(abs)))
	}
	paths = append(paths, abs)
	var found []string
	for _, p := range paths {
		if below := strings.TrimPrefix(p, strings.TrimSuffix(r.dir, "/")); p != r.dir && Inside(r.dir, p) {
			found = append(found, below)
		}
	}
	return slices.Compact(found)
}
