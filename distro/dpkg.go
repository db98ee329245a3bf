package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

const (
	// dpkgStatus is dpkg's database of installed packages.
	dpkgStatus = "/var/lib/dpkg/status"
	// dpkgUpdates holds what dpkg has not yet written into that database: nothing,
	// once it ended properly.
	dpkgUpdates = "/var/lib/dpkg/updates"
	// dpkgInfo holds the list of files of each package.
	dpkgInfo = "/var/lib/dpkg/info"
	// dpkgForeign lists the architectures beside which others may be installed.
	dpkgForeign = "/var/lib/dpkg/arch"

	dpkgStatusLimit = 64 << 20
)

// debPackages answers for dpkg and apt. The database is read from its file, live
// too: dpkg-query would say the same, later.
type debPackages struct {
	*Machine
	settings Settings
	// lockHolder is Root's, but for tests.
	lockHolder func(name string) (pid int, err error)
	database   memo[dpkgDatabase]
}

func newDebPackages(m *Machine, s Settings) Packages {
	d := &debPackages{Machine: m, settings: s, lockHolder: m.Root.LockHolder}
	d.database.ask = d.readDatabase
	return d
}

// Installed lists the packages that are installed, those too that wait for a
// trigger of another package: all their files are in place.
func (d *debPackages) Installed(ctx context.Context) ([]Package, error) {
	db, err := d.database.get(ctx)
	if err != nil {
		return nil, err
	}
	var installed []Package
	for _, e := range db.entries {
		if e.complete() {
			installed = append(installed, Package{Name: e.name, Arch: e.arch, Version: e.version, Held: e.held()})
		}
	}
	return installed, nil
}

// Problems lists what "dpkg --audit" would, and an interrupted dpkg.
func (d *debPackages) Problems(ctx context.Context) ([]Problem, error) {
	db, err := d.database.get(ctx)
	if err != nil {
		return nil, err
	}
	problems, err := d.interrupted()
	if err != nil {
		return nil, err
	}
	for _, e := range db.entries {
		if state := e.problem(); state != "" {
			problems = append(problems, Problem{Package: db.fullName(e), State: state})
		}
	}
	return problems, nil
}

// Pending lists the updates: live by asking apt, for a tree by reading its lists.
func (d *debPackages) Pending(ctx context.Context) (Updates, error) {
	updates, err := d.pending(ctx)
	updates.Pro = d.proUpdates(ctx)
	return updates, err
}

func (d *debPackages) pending(ctx context.Context) (Updates, error) {
	if d.Live {
		return d.pendingLive(ctx)
	}
	db, err := d.database.get(ctx)
	if err != nil {
		return Updates{}, err
	}
	return d.pendingFromLists(ctx, db)
}

func (d *debPackages) readDatabase(context.Context) (dpkgDatabase, error) {
	status, err := d.Root.ReadFile(dpkgStatus, dpkgStatusLimit)
	if err != nil {
		return dpkgDatabase{}, fmt.Errorf("reading the package database: %w", err)
	}
	entries, err := parseDpkgStatus(status)
	if err != nil {
		return dpkgDatabase{}, fmt.Errorf("reading the package database: %w", err)
	}
	db := dpkgDatabase{entries: entries, native: nativeArch(entries)}
	foreign, err := d.Root.ReadFile(dpkgForeign, aptFileLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // dpkg writes it with the first foreign one
		return dpkgDatabase{}, fmt.Errorf("reading the architectures: %w", err)
	}
	for _, arch := range strings.Fields(string(foreign)) {
		if arch != db.native {
			db.foreign = append(db.foreign, arch)
		}
	}
	return db, nil
}

// interrupted looks for numbered files in dpkg's updates folder, as apt does before
// it asks for "dpkg --configure -a" (debSystem::CheckUpdates).
func (d *debPackages) interrupted() ([]Problem, error) {
	pending, err := d.Root.Glob(path.Join(dpkgUpdates, "[0-9]*"))
	if err != nil {
		return nil, fmt.Errorf("looking for an interrupted dpkg: %w", err)
	}
	for _, name := range pending {
		if strings.Trim(path.Base(name), "0123456789") == "" {
			return []Problem{{Package: "dpkg", State: "interrupted"}}, nil
		}
	}
	return nil, nil
}

// nativeArch is the architecture of dpkg itself, else the most frequent one.
func nativeArch(entries []dpkgEntry) string {
	count := map[string]int{}
	best := ""
	for _, e := range entries {
		if e.arch == "all" || e.arch == "" {
			continue
		}
		if e.name == "dpkg" && e.unpacked() {
			return e.arch
		}
		count[e.arch]++
		if n := count[e.arch]; n > count[best] || n == count[best] && e.arch < best {
			best = e.arch
		}
	}
	return best
}
