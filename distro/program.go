package distro

import (
	"errors"
	"io/fs"
	"path"
)

// programDirs are the folders of root's PATH on every supported distribution.
var programDirs = [...]string{
	"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
}

// Program returns the path of the executable of that name in the folders of root's
// usual PATH, empty where there is none. It is looked at, never run. As for a shell,
// what cannot be looked at is not it: the error tells only where none is found.
func (m *Machine) Program(name string) (string, error) {
	var problems []error
	for _, dir := range programDirs {
		file := path.Join(dir, name)
		info, err := m.Root.Stat(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
			return file, nil
		}
	}
	return "", errors.Join(problems...)
}

// exists reports whether there is anything of that name, a dangling link too.
func (m *Machine) exists(name string) (bool, error) {
	_, err := m.Root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
