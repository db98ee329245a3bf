package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"imgcheck/internal/host"
)

const (
	// rpmCopyLimit bounds what is copied out of a tree; a database of 3,000
	// packages has about 150 MB.
	rpmCopyLimit = 512 << 20
	// A hostile database can make rpm allocate or loop.
	rpmMemory   = 1 << 30
	rpmDeadline = time.Minute
)

// rpmFolders are where distributions keep the database; the first may be a link
// to the second.
var rpmFolders = [...]string{"/var/lib/rpm", "/usr/lib/sysimage/rpm"}

// rpmDatabase is one format of the database.
type rpmDatabase struct {
	file string
	// backend is rpm's name for a reader of it that writes as little as it can.
	backend string
	// beside are the files without which file is not the whole database: sqlite's
	// write-ahead log holds what the last transactions installed.
	beside []string
}

var rpmDatabases = [...]rpmDatabase{
	{"rpmdb.sqlite", "sqlite", []string{"rpmdb.sqlite-wal", "rpmdb.sqlite-journal"}},
	{"Packages.db", "ndb", nil},
	{"Packages", "bdb_ro", nil},
}

// listTree reads a tree's database with this computer's rpm, over a copy: opening
// it in place would write beside it. Whatever is doubtful is ErrNoReader.
func (r rpmPackages) listTree(ctx context.Context) (list []Package, err error) {
	db, files, err := r.findDatabase()
	if err != nil {
		return nil, err
	}
	dir, remove, err := r.m.Root.CopyOut(ctx, files, rpmCopyLimit)
	if err != nil {
		return nil, unreadable(ctx, err)
	}
	defer func() { err = errors.Join(err, remove()) }()
	within, stop := context.WithTimeout(ctx, rpmDeadline)
	defer stop()
	out, err := r.m.Local.Run(within, host.Command{
		Name:   "rpm",
		Args:   append([]string{"--define", "_db_backend " + db.backend, "--dbpath", dir}, rpmQuery()...),
		Memory: rpmMemory,
	})
	if err != nil {
		return nil, unreadable(ctx, err)
	}
	list, err = reliableList(out, dir)
	if err != nil {
		return nil, unreadable(ctx, err)
	}
	return list, nil
}

// unreadable says that the database gives no reliable answer, unless it is the
// caller who has ended the reading.
func unreadable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w (%w)", ErrNoReader, err)
}

// findDatabase returns the format of the tree's database and the names of its
// files. Two databases in one tree are none: nobody can say here which one counts.
func (r rpmPackages) findDatabase() (rpmDatabase, []string, error) {
	var found rpmDatabase
	var files []string
	var seen []string
	for _, folder := range rpmFolders {
		folder, err := r.m.Root.Resolve(folder)
		if err != nil {
			return found, nil, err
		}
		if slices.Contains(seen, folder) {
			continue
		}
		seen = append(seen, folder)
		for _, db := range rpmDatabases {
			names, err := r.databaseFiles(folder, db)
			if err != nil {
				return found, nil, err
			}
			if names != nil && files != nil {
				return found, nil, fmt.Errorf("%w (both %s and %s are there)", ErrNoReader, files[0], names[0])
			}
			if names != nil {
				found, files = db, names
			}
		}
	}
	if files == nil {
		return found, nil, fmt.Errorf("%w (there is none in %s)", ErrNoReader, strings.Join(seen, " or "))
	}
	return found, files, nil
}

// databaseFiles returns the files of one format in a folder, nil where it is not there.
func (r rpmPackages) databaseFiles(folder string, db rpmDatabase) ([]string, error) {
	var files []string
	for _, name := range append([]string{db.file}, db.beside...) {
		name = path.Join(folder, name)
		_, err := r.m.Root.Lstat(name)
		if err == nil {
			files = append(files, name)
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if files == nil {
			return nil, nil
		}
	}
	return files, nil
}

// reliableList takes rpm's answer only where nothing speaks against it.
func reliableList(out host.Output, dir string) ([]Package, error) {
	for _, line := range lines(out.Stderr) {
		// The indexes are not copied, and a full list does not use them.
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "warning: could not open "+dir+"/") {
			return nil, fmt.Errorf("rpm: %s", spoken(line))
		}
	}
	if out.ExitCode != 0 {
		return nil, fmt.Errorf("rpm: exit code %d", out.ExitCode)
	}
	list, err := parseRPMList(out.Stdout)
	if err == nil && !slices.ContainsFunc(list, isBase) {
		err = fmt.Errorf("none of its %d packages is one that every installation has", len(list))
	}
	return list, err
}

// isBase reports whether a package is one without which no system of this family
// was ever installed.
func isBase(p Package) bool {
	switch p.Name {
	case "setup", "filesystem", "glibc", "rpm", "bash":
		return true
	}
	return strings.HasSuffix(p.Name, "-release")
}
