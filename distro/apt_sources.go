package distro

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const (
	aptSources      = "/etc/apt/sources.list"
	aptSourcesParts = "/etc/apt/sources.list.d"
)

// aptSource is one repository of binary packages that apt is told to use: one
// address, one suite.
type aptSource struct {
	uri, suite string
	components []string // none where the suite is a path
	// archs replaces the machine's architectures, addArchs and noArchs change them.
	archs, addArchs, noArchs []string
	// checkValidUntil is "no" where the source says so, and "" where it says nothing.
	checkValidUntil string
	// unsigned are the options, as they are written, by which packages are taken though
	// nobody has signed for them.
	unsigned []string
	file     string
	line     int
}

// readSources reads every configured source. A folder or file that is not there
// configures none.
func (d *debPackages) readSources() ([]aptSource, error) {
	parts, err := d.aptParts(aptSourcesParts, ".list", ".sources")
	if err != nil {
		return nil, fmt.Errorf("reading the package sources: %w", err)
	}
	var sources []aptSource
	for _, name := range append([]string{aptSources}, parts...) {
		data, err := d.readIfThere(name)
		if err != nil {
			return nil, fmt.Errorf("reading the package sources: %w", err)
		}
		parse := parseSourcesList
		if path.Ext(name) == ".sources" {
			parse = parseSourcesStanzas
		}
		found, err := parse(name, data)
		if err != nil {
			return nil, fmt.Errorf("reading the package sources: %w", err)
		}
		sources = append(sources, found...)
	}
	return sources, nil
}

// aptParts lists the files of a .d folder that apt would read: regular files whose
// name has one of the endings and no unusual character (GetListOfFilesInDir).
func (d *debPackages) aptParts(dir string, endings ...string) ([]string, error) {
	entries, err := d.Root.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if !plainPartName(e.Name()) || !slices.Contains(endings, path.Ext(e.Name())) {
			continue
		}
		name := path.Join(dir, e.Name())
		info, err := d.Root.Stat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			continue // apt passes over dangling links and folders too
		}
		if err != nil {
			return nil, err
		}
		files = append(files, name)
	}
	return files, nil
}

func plainPartName(name string) bool {
	for _, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune("_-:.", rune(c)) {
			return false
		}
	}
	return !strings.HasPrefix(name, ".")
}

func (d *debPackages) readIfThere(name string) ([]byte, error) {
	data, err := d.Root.ReadFile(name, aptFileLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}
