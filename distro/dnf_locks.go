package distro

import (
	"errors"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// pidLocks are files in which the holder of a lock of dnf or yum writes its
// process id; a file whose process is gone is no lock.
var pidLocks = [...]string{
	"/run/yum.pid", "/var/run/yum.pid", "/var/cache/dnf/metadata_lock.pid", "/var/cache/dnf/download_lock.pid",
	"/var/lib/dnf/rpmdb_lock.pid",
}

const pidFileLimit = 64

// heldRPMLock names a lock and who holds it, empty where none is held.
func (m *Machine) heldRPMLock() (string, error) {
	for _, name := range pidLocks {
		pid, err := m.pidIn(name)
		if err != nil {
			return "", err
		}
		if pid != 0 {
			return m.heldBy(name, pid), nil
		}
	}
	for _, folder := range rpmFolders {
		name := path.Join(folder, ".rpm.lock")
		pid, err := m.Root.LockHolder(name)
		if err != nil {
			return "", err
		}
		if pid != 0 {
			return m.heldBy(name, pid), nil
		}
	}
	return "", nil
}

// pidIn returns the id of the running process that a file names, 0 where there is
// none. What is no number is for the package manager to complain about.
func (m *Machine) pidIn(name string) (int, error) {
	data, err := m.Root.ReadFile(name, pidFileLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || pid <= 0 {
		return 0, nil
	}
	_, err = m.Root.Lstat("/proc/" + strconv.Itoa(pid) + "/stat")
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	return pid, err
}
