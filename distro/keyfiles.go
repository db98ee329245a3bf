package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"imgcheck/internal/host"
)

// defaultKeyFiles are where sshd looks unless it is told otherwise. They are looked
// at whatever it is told: img_check.sh does, and the setting may come back.
var defaultKeyFiles = [...]string{".ssh/authorized_keys", ".ssh/authorized_keys2"}

// keyFileHead is how much of a file is looked at to count its keys, in bytes.
const keyFileHead = 1 << 20

// AuthorizedKeyCount returns how many keys open an account. Those that could be
// counted are returned beside an error that names the files that could not be read.
func (m *Machine) AuthorizedKeyCount(ctx context.Context) (int, error) {
	files, err := m.AuthorizedKeysFiles(ctx)
	count, problems := 0, []error{err}
	for _, file := range files {
		data, _, err := m.Root.ReadHead(file, keyFileHead)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // a link to nothing opens nothing
			problems = append(problems, err)
		}
		count += len(ParseAuthorizedKeys(data))
	}
	return count, errors.Join(problems...)
}

// AuthorizedKeysFiles returns the paths of the files that exist and in which sshd
// may look for the keys of some account, by its AuthorizedKeysFile settings or by
// default, sorted. Paths that lead to one file appear once.
func (m *Machine) AuthorizedKeysFiles(ctx context.Context) ([]string, error) {
	config, sshdErr := m.SSHD(ctx)
	homes, homesErr := m.Homes(ctx)
	accounts, accountsErr := m.Accounts(ctx)
	if homesErr != nil {
		accountsErr = nil // it is part of the other
	}
	f := keyFileFinder{m: m, folders: map[string]listing{}, found: map[string]string{}}
	f.problems = []error{sshdErr, homesErr, accountsErr}
	inHomes, elsewhere := f.patterns(config)
	byName := map[string]Account{}
	for _, a := range accounts {
		byName[a.Name] = a
		f.elsewhere(elsewhere, a)
	}
	for _, h := range homes {
		for _, name := range h.Accounts {
			f.inHome(inHomes, h, byName[name])
		}
	}
	return slices.Sorted(maps.Values(f.found)), errors.Join(f.problems...)
}

// keyFileFinder looks for files of keys. With many accounts most of them have none,
// so it goes by listings and asks for a file only where one may be.
type keyFileFinder struct {
	m        *Machine
	folders  map[string]listing
	found    map[string]string // by the path without links
	problems []error
}

type listing map[string]bool

// patterns divides the settings into those below the home and absolute ones.
func (f *keyFileFinder) patterns(config SSHDConfig) (inHomes, elsewhere []string) {
	inHomes = slices.Clone(defaultKeyFiles[:])
	for _, s := range config.All("authorizedkeysfile") {
		for _, pattern := range s.Args {
			below, inHome := strings.CutPrefix(pattern, "%h/")
			absolute := path.IsAbs(pattern) || strings.HasPrefix(pattern, "%h") // "%h.keys" lies beside it
			switch {
			case strings.EqualFold(pattern, "none"):
			case !validTokens(pattern):
				f.problems = append(f.problems, LineError{s.File, s.Line, "has a % token that sshd does not know there"})
			case inHome || !absolute:
				inHomes = append(inHomes, below)
			default:
				elsewhere = append(elsewhere, pattern)
			}
		}
	}
	slices.Sort(inHomes)
	slices.Sort(elsewhere)
	return slices.Compact(inHomes), slices.Compact(elsewhere)
}

func validTokens(pattern string) bool {
	rest := strings.NewReplacer("%%", "", "%h", "", "%u", "", "%U", "").Replace(pattern)
	return !strings.Contains(rest, "%")
}

func expandTokens(pattern, home string, a Account) string {
	return strings.NewReplacer("%%", "%", "%h", home, "%u", a.Name, "%U", strconv.Itoa(a.UID)).Replace(pattern)
}

func (f *keyFileFinder) inHome(patterns []string, h Home, a Account) {
	for _, pattern := range patterns {
		name := path.Join(h.Dir, expandTokens(pattern, h.Dir, a))
		below, inside := strings.CutPrefix(name, strings.TrimSuffix(h.Dir, "/")+"/")
		first, rest, _ := strings.Cut(below, "/")
		switch {
		case inside && !h.Has(first):
		case inside && first == ".ssh" && rest != "" && !strings.Contains(rest, "/"):
			if slices.ContainsFunc(h.SSH, func(e host.Entry) bool { return e.Path == name }) {
				f.add(name)
			}
		default:
			f.look(name)
		}
	}
}

func (f *keyFileFinder) elsewhere(patterns []string, a Account) {
	for _, pattern := range patterns {
		name := path.Clean(expandTokens(pattern, a.Home, a))
		if f.list(path.Dir(name))[path.Base(name)] {
			f.add(name)
		}
	}
}

// list returns the names in a folder, none where there is no such folder.
func (f *keyFileFinder) list(dir string) listing {
	if known, ok := f.folders[dir]; ok {
		return known
	}
	entries, err := f.m.Root.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.problems = append(f.problems, fmt.Errorf("looking for authorized keys: %w", err))
	}
	names := listing{}
	for _, e := range entries {
		names[e.Name()] = true
	}
	f.folders[dir] = names
	return names
}

// look adds a file of which no listing tells whether it is there.
func (f *keyFileFinder) look(name string) {
	_, err := f.m.Root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		f.problems = append(f.problems, fmt.Errorf("looking for authorized keys: %w", err))
		return
	}
	f.add(name)
}

// add adds a file that is there. A link to /dev/null is a way to have no keys.
func (f *keyFileFinder) add(name string) {
	real, err := f.m.Root.Resolve(name)
	if err != nil {
		f.problems = append(f.problems, fmt.Errorf("looking for authorized keys: %w", err))
		return
	}
	if before, known := f.found[real]; real != "/dev/null" && (!known || name < before) {
		f.found[real] = name
	}
}
