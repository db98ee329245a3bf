package distro

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Where dnf and yum read their settings and repositories.
var (
	rpmMainFiles = [...]string{"/etc/dnf/dnf.conf", "/etc/yum.conf"}
	rpmRepoFiles = [...]string{"/etc/yum.repos.d/*.repo", "/etc/distro.repos.d/*.repo"}
)

const (
	rpmMainSection = "main"
	rpmRepoLimit   = 1 << 20
)

// repoSection is one section of a file of settings in INI form.
type repoSection struct {
	id     string
	file   string
	line   int
	values map[string]string // by the name in lower case, the last one of a name
}

// packageSources lists the repositories that are switched on. Whether signatures are
// checked is said by the repository, else by the main section, else they are not.
func (r rpmPackages) packageSources() ([]PackageSource, error) {
	main := map[string]string{}
	var problems []error
	for _, name := range r.existing(rpmMainFiles[:]) {
		sections, err := r.sections(name)
		problems = append(problems, err)
		if i := slices.IndexFunc(sections, func(s repoSection) bool { return s.id == rpmMainSection }); i >= 0 {
			main = sections[i].values
			break // /etc/yum.conf is dnf's own by another name
		}
	}
	var sources []PackageSource
	for _, pattern := range rpmRepoFiles {
		names, err := r.m.Root.Glob(pattern)
		problems = append(problems, err)
		for _, name := range names {
			sections, err := r.sections(name)
			problems = append(problems, err)
			for _, s := range sections {
				if s.id != rpmMainSection && !isFalse(s.values["enabled"]) {
					sources = append(sources, s.source(main))
				}
			}
		}
	}
	if err := errors.Join(problems...); err != nil {
		return sources, fmt.Errorf("reading the package sources: %w", err)
	}
	return sources, nil
}

func (r rpmPackages) existing(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, err := r.m.Root.Stat(name)
		return errors.Is(err, fs.ErrNotExist)
	})
}

func (r rpmPackages) sections(name string) ([]repoSection, error) {
	data, err := r.m.Root.ReadFile(name, rpmRepoLimit)
	if err != nil {
		return nil, err
	}
	return parseRepoFile(name, data)
}

func (s repoSection) source(main map[string]string) PackageSource {
	p := PackageSource{Name: shownRepo(s.id), File: s.file, Line: s.line}
	check, given := s.values["gpgcheck"]
	if !given {
		check = main["gpgcheck"]
	}
	if !isTrue(check) {
		p.Unsigned = []string{"gpgcheck=0"}
	}
	for _, url := range strings.FieldsFunc(s.values["baseurl"], func(c rune) bool { return strings.ContainsRune(" \t\n,", c) }) {
		scheme, rest, _ := strings.Cut(url, ":")
		p.Media = p.Media || onMedia(strings.ToLower(scheme), path.Clean("/"+strings.TrimLeft(rest, "/")))
	}
	return p
}

// shownRepo makes an id fit to be repeated, as dnf demands of one.
func shownRepo(id string) string {
	const letters = nameLetters + "-.:"
	if len(id) > 100 || strings.Trim(id, letters) != "" {
		return "(an odd name)"
	}
	return id
}

// parseRepoFile reads sections of "name = value" lines; a line that begins with white
// space continues the value before it. The errors are LineErrors.
func parseRepoFile(file string, data []byte) ([]repoSection, error) {
	var sections []repoSection
	var name string
	for i, line := range lines(data) {
		line = strings.TrimRight(line, " \t\r")
		trimmed := strings.TrimLeft(line, " \t")
		switch {
		case trimmed == "" || strings.ContainsRune("#;", rune(line[0])):
		case line[0] == '[':
			id, _, closed := strings.Cut(line[1:], "]")
			if !closed {
				return nil, LineError{file, i + 1, "begins a section whose name is not closed"}
			}
			sections, name = append(sections, repoSection{id, file, i + 1, map[string]string{}}), ""
		case len(sections) == 0:
			return nil, LineError{file, i + 1, "stands before any section"}
		case trimmed != line:
			if name != "" {
				sections[len(sections)-1].values[name] += "\n" + trimmed
			}
		default:
			key, value, found := strings.Cut(line, "=")
			if !found {
				return nil, LineError{file, i + 1, "is not a setting"}
			}
			name = strings.ToLower(strings.TrimSpace(key))
			sections[len(sections)-1].values[name] = strings.TrimSpace(value)
		}
	}
	return sections, nil
}
