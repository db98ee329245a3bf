package distro

import (
	"fmt"
	"regexp"
	"time"
)

// indexFiles are the package indexes of apt and dnf; both give them the time at
// which the server published them.
var indexFiles = [...]string{
	"/var/lib/apt/lists/*Release",
	"/var/cache/dnf/*/repodata/repomd.xml",
	"/var/cache/yum/*/*/*/repomd.xml",
}

// releaseDate is the line of a Release file that says when it was published. It stands
// within the first lines, and outlives a copy of the tree that loses the files' times.
var releaseDate = regexp.MustCompile(`(?m)^Date:[ \t]*([^\r\n]{1,60})`)

const releaseHead = 16 << 10

// IndexTime returns when the newest package index of the machine was published, the
// zero time where it has none.
func (m *Machine) IndexTime() (newest time.Time, err error) {
	for _, pattern := range indexFiles {
		files, err := m.Root.Glob(pattern)
		if err != nil {
			return newest, fmt.Errorf("looking for package indexes: %w", err)
		}
		for _, file := range files {
			published, err := m.published(file)
			if err != nil {
				return newest, fmt.Errorf("looking at a package index: %w", err)
			}
			if published.After(newest) {
				newest = published
			}
		}
	}
	return newest, nil
}

// published is the date in the file, else the file's time.
func (m *Machine) published(file string) (time.Time, error) {
	info, err := m.Root.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return time.Time{}, err
	}
	head, _, err := m.Root.ReadHead(file, releaseHead)
	if err != nil {
		return time.Time{}, err
	}
	if found := releaseDate.FindSubmatch(head); found != nil {
		if date, err := parseReleaseDate(string(found[1])); err == nil {
			return date, nil
		}
	}
	return info.ModTime(), nil
}
