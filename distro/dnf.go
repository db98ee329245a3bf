package distro

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// rpmManager is dnf (4, of EL 8 and later) or yum (3, of EL 6 and 7).
type rpmManager struct {
	name string
	yum  bool
}

// manager finds the machine's package manager. "yum" of EL 8 and later is a link
// to dnf. Fedora's dnf 5 speaks another language, and no Marketplace distribution
// has it.
func (r rpmPackages) manager() (rpmManager, error) {
	for _, name := range [...]string{"dnf", "yum"} {
		program, err := r.m.Exec.Find(name)
		if errors.Is(err, host.ErrNoProgram) {
			continue
		}
		if err != nil {
			return rpmManager{}, err
		}
		real, err := r.m.Root.Resolve(program)
		if err != nil {
			return rpmManager{}, err
		}
		if strings.HasPrefix(path.Base(real), "dnf5") {
			return rpmManager{}, errors.New("dnf 5 is not known here")
		}
		return rpmManager{name, name == "yum" && !strings.HasPrefix(path.Base(real), "dnf")}, nil
	}
	return rpmManager{}, fmt.Errorf("dnf or yum: %w", host.ErrNoProgram)
}

// session is one conversation with the package manager.
type session struct {
	rpmPackages
	rpmManager
	logs    string          // a private folder for its logs
	wait    context.Context // ends when waiting for locks does
	refresh bool
}

// ask asks the package manager for everything it knows of updates: one refresh
// with the list, the advisories, and, where updates wait, which of them it would
// install by itself.
func (r rpmPackages) ask(ctx context.Context, manager rpmManager) (updates Updates, err error) {
	logs, remove, err := host.Scratch()
	if err != nil {
		return updates, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	wait, done := r.settings.lockWaiting(ctx)
	defer done()
	s := session{r, manager, logs, wait, r.settings.Refresh}
	if s.refresh && s.yum {
		// yum has no --refresh, and trusts what it fetched in the last hours.
		if _, err := s.run(ctx, "clean", "expire-cache"); err != nil {
			return updates, err
		}
	}
	rows, err := s.checkUpdate(ctx, s.indexOption(), s.unfiltered())
	if err != nil {
		return updates, err
	}
	advisories, err := s.advisories(ctx)
	if err != nil {
		return updates, err
	}
	offered := rows
	if len(rows) > 0 {
		if offered, err = s.checkUpdate(ctx, []string{"-C"}, nil); err != nil {
			return updates, err
		}
	}
	installed, err := r.m.Packages.Installed(ctx)
	if err != nil {
		return updates, err
	}
	published, err := r.m.publishesAdvisories(advisories)
	if err != nil {
		return updates, err
	}
	return Updates{
		Refreshed:  s.refresh,
		Advisories: published,
		List:       listUpdates(rows, offered, advisories, installed),
	}, nil
}

// indexOption tells dnf where its index comes from.
func (s session) indexOption() []string {
	switch {
	case !s.refresh:
		return []string{"-C"}
	case s.yum:
		return nil // its cache has just been expired
	}
	return []string{"--refresh"}
}

// unfiltered undoes what hides an update: versionlock, excludes, priorities. A
// security update is missing however it was hidden.
func (s session) unfiltered() []string {
	options := []string{"--disableexcludes=all", "--disableplugin=versionlock"}
	if s.yum {
		return append(options, "--disableplugin=priorities")
	}
	return append(options, "--setopt=*.priority=99")
}

// options go with every call. "-q" would silence errors of repositories too, and
// yum's list altogether; "-d 0" silences only the chatter. skip_if_unavailable=1
// in a repository makes dnf go on without it and exit 0.
func (s session) options() []string {
	options := []string{"-d", "0", "-e", "3", "--setopt=exit_on_lock=1", "--setopt=*.skip_if_unavailable=0"}
	if s.yum {
		return options
	}
	return append(options, "--setopt=logdir="+s.logs, "--setopt=*.countme=0")
}

func (s session) checkUpdate(ctx context.Context, options ...[]string) ([]updateRow, error) {
	out, err := s.run(ctx, append(slices.Concat(options...), "check-update")...)
	if err != nil {
		return nil, err
	}
	rows, err := parseCheckUpdate(out.Stdout)
	if err != nil {
		return nil, err
	}
	// Obsoleted packages alone make the exit code 100 too.
	if out.ExitCode == codeUpdates && len(rows) == 0 && !strings.Contains(string(out.Stdout), obsoleting) {
		return nil, errors.New("exit code 100 says that there are updates, and none is listed")
	}
	if out.ExitCode == 0 && len(rows) > 0 {
		return nil, errors.New("exit code 0 says that there are no updates, and some are listed")
	}
	return rows, nil
}

func (s session) advisories(ctx context.Context) ([]advisory, error) {
	args := append([]string{"-C"}, s.unfiltered()...)
	if s.yum {
		args = append(args, "updateinfo", "list", "all")
	} else {
		args = append(args, "updateinfo", "list", "--all")
	}
	out, err := s.run(ctx, args...)
	if errors.Is(err, errNoCommand) {
		return nil, nil // yum of CentOS 6 without its security plugin
	}
	if err != nil {
		return nil, err
	}
	return parseUpdateinfo(out.Stdout)
}
