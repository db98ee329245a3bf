package distro

import (
	"fmt"
	"time"
)

// indexFiles are the package indexes of apt and dnf; both give them the time at
// which the server published them.
var indexFiles = [...]string{
	"/var/lib/apt/lists/*Release",
	"/var/cache/dnf/*/repodata/repomd.xml",
	"/var/cache/yum/*/*/*/repomd.xml",
}

// IndexTime returns when the newest package index of the machine was published, the
// zero time where it has none.
func (m *Machine) IndexTime() (newest time.Time, err error) {
	for _, pattern := range indexFiles {
		files, err := m.Root.Glob(pattern)
		if err != nil {
			return newest, fmt.Errorf("looking for package indexes: %w", err)
		}
		for _, file := range files {
			info, err := m.Root.Stat(file)
			if err != nil {
				return newest, fmt.Errorf("looking at a package index: %w", err)
			}
			if info.ModTime().After(newest) {
				newest = info.ModTime()
			}
		}
	}
	return newest, nil
}
