package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"imgcheck/internal/host"
)

// Home is a folder in which private files of accounts may lie.
type Home struct {
	// Dir is the folder's path, as passwd gives it; the first where there are several.
	Dir string
	// Real is the same path without links.
	Real string
	// Accounts are the names of the accounts it belongs to, sorted.
	Accounts []string
	// Names are the names in the folder, sorted.
	Names []string
	// SSH is everything below its .ssh folder, at any depth, sorted by path.
	SSH []host.Entry
}

// Has reports whether the folder holds something of that name.
func (h Home) Has(name string) bool {
	_, found := slices.BinarySearch(h.Names, name)
	return found
}

// Owner names the accounts for a reader: the first one, and how many more.
func (h Home) Owner() string {
	if len(h.Accounts) > 1 {
		return fmt.Sprintf("%s and %d more", h.Accounts[0], len(h.Accounts)-1)
	}
	return h.Accounts[0]
}

func (m *Machine) readHomes(ctx context.Context) ([]Home, error) {
	accounts, err := m.Accounts(ctx)
	problems := []error{err}
	homes := map[string]*Home{} // by the path without links
	owners := homeOwners(accounts)
	for _, dir := range slices.Sorted(maps.Keys(owners)) {
		if ctx.Err() != nil {
			problems = append(problems, context.Cause(ctx))
			break
		}
		problems = append(problems, m.addHome(ctx, homes, dir, owners[dir]))
	}
	found := make([]Home, 0, len(homes))
	for _, h := range homes {
		slices.Sort(h.Accounts)
		h.Accounts = slices.Compact(h.Accounts)
		found = append(found, *h)
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Dir < found[j].Dir })
	return found, errors.Join(problems...)
}

// addHome adds the owners where a link or two lead to a home that is known already.
func (m *Machine) addHome(ctx context.Context, homes map[string]*Home, dir string, owners []string) error {
	real, err := m.Root.Resolve(dir)
	if err != nil {
		return fmt.Errorf("looking into a home: %w", err)
	}
	if known := homes[real]; known != nil {
		known.Accounts = append(known.Accounts, owners...)
		return nil
	}
	home, found, err := m.readHome(ctx, dir)
	if found {
		home.Accounts, home.Real = owners, real
		homes[real] = &home
	}
	if err != nil {
		return fmt.Errorf("looking into a home: %w", err)
	}
	return nil
}

// homeOwners maps every folder to look at to the accounts it belongs to. Field 6
// of passwd decides; img_check.sh looks in /root and /home/NAME whatever it says,
// and so must we.
func homeOwners(accounts []Account) map[string][]string {
	owners := map[string][]string{"/root": {"root"}}
	add := func(dir, name string) {
		dir = path.Clean("/" + dir)
		owners[dir] = append(owners[dir], name)
	}
	for _, a := range accounts {
		if a.Home != "" {
			add(a.Home, a.Name)
		}
		if (a.User || a.Name == "root") && !strings.Contains(a.Name, "/") { // it is a user to img_check.sh where its uid is
			add("/home/"+a.Name, a.Name)
		}
	}
	return owners
}

// readHome reports found where dir is a folder; "/dev/null" is some accounts' home.
func (m *Machine) readHome(ctx context.Context, dir string) (home Home, found bool, err error) {
	info, err := m.Root.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return home, false, nil
	}
	if err != nil || !info.IsDir() {
		return home, false, err
	}
	home.Dir = dir
	entries, err := m.Root.ReadDir(dir)
	for _, e := range entries {
		home.Names = append(home.Names, e.Name())
	}
	if err != nil || !home.Has(".ssh") {
		return home, true, err
	}
	home.SSH, err = m.readSSH(ctx, path.Join(dir, ".ssh"))
	return home, true, err
}

// An .ssh folder that holds more, or goes deeper, is none: a link to / for one.
const (
	sshThings = 10_000
	sshLevels = 32
)

// readSSH lists what is in an .ssh folder; where that is no folder, the thing itself.
func (m *Machine) readSSH(ctx context.Context, dir string) ([]host.Entry, error) {
	info, err := m.Root.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		info, err = m.Root.Lstat(dir)
		return []host.Entry{{Path: dir, Info: info}}, err
	}
	if err != nil {
		return nil, err
	}
	var found []host.Entry
	err = m.Root.Walk(ctx, dir, func(e host.Entry) error {
		if len(found) == sshThings || strings.Count(e.Path, "/") > strings.Count(dir, "/")+sshLevels {
			return fmt.Errorf("looking into %s: more than %d things or %d levels", dir, sshThings, sshLevels)
		}
		found = append(found, e)
		return nil
	})
	return found, err
}
