package distro

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Reasons for which a question about packages has no answer.
var (
	// ErrNoManager says that the machine has no package database of a kind known here.
	ErrNoManager = errors.New("no dpkg or rpm database")
	// ErrNoReader says that the package database of a tree cannot be read reliably
	// here; the files of the tree are the evidence then.
	ErrNoReader = errors.New("the rpm database cannot be read reliably without its own system")
	// ErrNoIndex says that the machine holds no package index to compare with.
	ErrNoIndex = errors.New("there is no package index")
	// ErrNoSource says that no source of packages is configured at all.
	ErrNoSource = errors.New("no package source is configured")
	// ErrNoSecuritySource says that no configured source publishes security updates.
	ErrNoSecuritySource = errors.New("no security source is configured")
	// ErrRefresh says that the package index could not be refreshed.
	ErrRefresh = errors.New("the package index could not be refreshed")
	// ErrLocked says that another process held a package lock for too long.
	ErrLocked = errors.New("a package lock is held")
)

// Package is one installed package.
type Package struct {
	Name, Arch, Version string
	// Vendor is who built it, where the database says so (rpm).
	Vendor string
	// Held: dpkg's hold or dnf's versionlock keeps it at its version.
	Held bool
}

// Problem is a package that is not installed properly.
type Problem struct {
	Package, State string
}

// Update is a newer version of an installed package.
type Update struct {
	Name, Arch           string
	Installed, Candidate string
	// Source names where the newer version comes from ("Debian-Security:12/stable-security", "baseos").
	Source string
	// Security: the newer version, or one between it and the installed one, comes
	// from the distribution's own security suite or a security advisory.
	Security bool
	// Advisory and Severity are the advisory's, where the source publishes them.
	Advisory, Severity string
	// Why the package manager would not install it by itself.
	Held, KeptBack, Pinned, Phased bool
	// Unconfigured: Candidate is unpacked already, but does not work yet.
	Unconfigured bool
}

// Updates is what could be installed, and how good the evidence is.
type Updates struct {
	// Refreshed: the index was refreshed for this answer.
	Refreshed bool
	// Advisories: the sources say which updates concern security. Where it is
	// false, as on CentOS, List cannot tell them apart.
	Advisories bool
	// List is sorted by name; it holds no update twice.
	List []Update
	// Pro are security updates that only a machine with a subscription to Ubuntu Pro
	// may install. What cannot be read of them is left out: they decide nothing.
	Pro []Update
}

// Packages is the package database and manager of a machine.
type Packages interface {
	// Installed lists the installed packages, sorted by name. ErrNoReader where a
	// tree's database cannot be read.
	Installed(context.Context) ([]Package, error)
	// Problems lists the packages that are half-installed or not configured.
	Problems(context.Context) ([]Problem, error)
	// Pending lists the updates: live after one refresh by asking the package
	// manager once, for a tree by reading its own index. ErrNoIndex, ErrNoSecuritySource,
	// ErrRefresh, ErrLocked and the errors of host.Runner tell why there is no answer;
	// updates that are known all the same are returned beside them.
	Pending(context.Context) (Updates, error)
}

// Settings is what the caller of Detect may choose.
type Settings struct {
	// Refresh: refresh the package index before looking for updates.
	Refresh bool
	// LogBytes is up to which size a log counts as empty, in bytes; 0 means LogLimit.
	LogBytes int64
	// LockWait bounds the wait for package locks that others hold; 0 means two minutes.
	LockWait time.Duration
	// CloudInitWait bounds the wait for cloud-init to finish; 0 means ten minutes.
	CloudInitWait time.Duration
	// Waiting hears, several times a second, what is being waited for ("cloud-init", a
	// lock with its holder) and for how long by now; of a program that changes the
	// machine it hears once, when it begins. It may be nil.
	Waiting func(what string, waited time.Duration)
}

// Package returns the installed package of that name.
func (m *Machine) Package(ctx context.Context, name string) (Package, bool, error) {
	all, err := m.Packages.Installed(ctx)
	if err != nil {
		return Package{}, false, fmt.Errorf("looking for package %s: %w", name, err)
	}
	i := slices.IndexFunc(all, func(p Package) bool { return p.Name == name })
	if i < 0 {
		return Package{}, false, nil
	}
	return all[i], true, nil
}

// noPackages stands for a package database of no known kind.
type noPackages struct{}

func (noPackages) Installed(context.Context) ([]Package, error) { return nil, ErrNoManager }
func (noPackages) Problems(context.Context) ([]Problem, error)  { return nil, ErrNoManager }
func (noPackages) Pending(context.Context) (Updates, error)     { return Updates{}, ErrNoManager }

// remembered asks each question once, however many checks ask it, and at most one
// at a time of each kind.
type remembered struct {
	installed memo[[]Package]
	problems  memo[[]Problem]
	pending   memo[Updates]
}

func remember(p Packages) Packages {
	return &remembered{
		installed: memo[[]Package]{ask: p.Installed},
		problems:  memo[[]Problem]{ask: p.Problems},
		pending:   memo[Updates]{ask: p.Pending},
	}
}

func (r *remembered) Installed(ctx context.Context) ([]Package, error) { return r.installed.get(ctx) }
func (r *remembered) Problems(ctx context.Context) ([]Problem, error)  { return r.problems.get(ctx) }
func (r *remembered) Pending(ctx context.Context) (Updates, error)     { return r.pending.get(ctx) }
