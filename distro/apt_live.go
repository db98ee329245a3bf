package distro

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"imgcheck/internal/host"
)

// aptQuiet are the options of every call: messages at the level that is parsed,
// and none of the logs that apt-get would leave in the image. The solver's is off by
// an empty name: with any other, /dev/null too, apt-get writes out all it knows for
// it, and the simulation takes twice as long.
func aptQuiet() []string {
	return []string{"-q=1", "-o", "Dir::Log::Planner=/dev/null", "-o", "Dir::Log::Solver="}
}

// pendingLive refreshes the indexes once and lets apt-get simulate one full upgrade,
// which decides what would be installed. The indexes it decides by are read beside
// it: they tell which fixes are hidden behind a later version or a pin. Where they
// could not be refreshed, what the old ones list is returned beside the error.
func (d *debPackages) pendingLive(ctx context.Context) (Updates, error) {
	if err := d.prepare(ctx); err != nil {
		old, _ := d.pendingByApt(ctx) // its own error would be a consequence
		old.Refreshed = false
		return old, err
	}
	return d.pendingByApt(ctx)
}

func (d *debPackages) pendingByApt(ctx context.Context) (Updates, error) {
	// not the remembered one: whoever held the lock may have changed it
	db, err := d.readDatabase(ctx)
	if err != nil {
		return Updates{}, err
	}
	type reading struct {
		state *aptState
		err   error
	}
	read := make(chan reading, 1)
	go func() {
		lists := reading{err: errCrashed}
		defer func() {
			_ = recover() // it must not end the program, whose other checks have answers
			read <- lists
		}()
		lists.state, lists.err = d.readState(ctx, db)
	}()
	simulation, err := d.simulate(ctx)
	lists := <-read
	err = errors.Join(err, lists.err)
	updates := Updates{Refreshed: d.settings.Refresh, Advisories: true}
	if lists.state == nil {
		updates.List = merge(simulation, nil, db.native)
		return updates, err
	}
	updates.List = merge(simulation, lists.state.waiting(), db.native)
	if err == nil && !lists.state.securitySource {
		err = ErrNoSecuritySource
	}
	return updates, err
}

// prepare waits for the locks and refreshes the indexes. apt-get takes its lock a
// moment after we looked, so that somebody else may have come first.
func (d *debPackages) prepare(ctx context.Context) error {
	wait, done := d.settings.lockWaiting(ctx)
	defer done()
	for {
		if err := d.settings.awaitUnlocked(wait, d.heldLock); err != nil {
			return err
		}
		if !d.settings.Refresh {
			return nil
		}
		err := d.refresh(ctx)
		if !errors.Is(err, ErrLocked) || !pause(wait, lockPoll) {
			return err
		}
	}
}

// refresh fetches the indexes. The exit status alone says nothing: before 2021
// apt-get knew no Error-Mode and exited 0 where it fetched nothing at all.
func (d *debPackages) refresh(ctx context.Context) error {
	args := append(aptQuiet(), "-o", "APT::Update::Error-Mode=any", "update")
	out, err := d.Exec.Run(ctx, host.Command{Name: "apt-get", Args: args})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefresh, err)
	}
	return judgeRefresh(out)
}

// judgeRefresh tells by what apt-get says whether it has fetched the indexes.
func judgeRefresh(out host.Output) error {
	messages := parseAptMessages(out.Stderr)
	switch {
	case slices.ContainsFunc(messages, func(m aptMessage) bool { return m.fault == faultLock }):
		return fmt.Errorf("%w: %w: %w", ErrRefresh, ErrLocked, worst(messages))
	case len(messages) > 0:
		return fmt.Errorf("%w: %w", ErrRefresh, worst(messages))
	case out.ExitCode != 0:
		return fmt.Errorf("%w: apt-get update exited with %d and gave no reason", ErrRefresh, out.ExitCode)
	}
	return nil
}

// simulate asks apt-get once. dist-upgrade is full-upgrade by the name that every
// apt-get knows. Its locks are not taken: the simulation changes nothing.
func (d *debPackages) simulate(ctx context.Context) (aptSimulation, error) {
	args := append(aptQuiet(), "-s", "-o", "Debug::NoLocking=true", "dist-upgrade")
	out, err := d.Exec.Run(ctx, host.Command{Name: "apt-get", Args: args})
	if err != nil {
		return aptSimulation{}, fmt.Errorf("simulating an upgrade: %w", err)
	}
	messages := parseAptMessages(out.Stderr)
	switch {
	case bytes.Contains(out.Stderr, []byte("nmet dependencies")) || bytes.Contains(out.Stderr, []byte("roken packages")):
		return aptSimulation{}, errors.New("simulating an upgrade: installed packages lack what they depend on (apt-get --fix-broken install)")
	case bytes.Contains(out.Stderr, []byte("dpkg was interrupted")):
		return aptSimulation{}, errors.New("simulating an upgrade: dpkg was interrupted (dpkg --configure -a)")
	case len(messages) > 0:
		return aptSimulation{}, fmt.Errorf("simulating an upgrade: %w", worst(messages))
	case out.ExitCode != 0:
		return aptSimulation{}, fmt.Errorf("simulating an upgrade: apt-get exited with %d and gave no reason", out.ExitCode)
	}
	simulation, err := parseAptSimulation(out.Stdout)
	if err != nil {
		return simulation, fmt.Errorf("simulating an upgrade: %w", err)
	}
	return simulation, nil
}

// merge puts together what apt-get would install and what its indexes offer. What
// the indexes offer and apt-get would not install is kept back, unless it is held,
// pinned or phased.
func merge(s aptSimulation, waiting []*waitingUpdate, native string) []Update {
	installs := map[string]aptInstall{}
	for _, i := range s.installs {
		installs[i.name] = i
	}
	var list []Update
	for _, w := range waiting {
		u, name := w.Update, w.Name
		if arch := w.pkg.key.arch; arch != native {
			name += ":" + arch
		}
		install, installed := installs[name]
		delete(installs, name)
		u.Phased = u.Phased && !installed || slices.Contains(s.deferred, name)
		switch {
		case installed && !u.Pinned:
			u.Candidate, u.Source = install.candidate, strings.Join(install.origins, ", ")
		case !installed:
			u.KeptBack = !u.Held && !u.Pinned && !u.Phased && !u.Unconfigured
		}
		list = append(list, u)
	}
	for _, install := range installs {
		if !install.downgrade() {
			list = append(list, install.update())
		}
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Arch, b.Arch)) < 0
	})
	return list
}

// update is what apt-get would install though no index read here offers it.
func (i aptInstall) update() Update {
	name, _, _ := strings.Cut(i.name, ":")
	return Update{
		Name: name, Arch: i.arch, Installed: i.installed, Candidate: i.candidate,
		Source:   strings.Join(i.origins, ", "),
		Security: slices.ContainsFunc(i.origins, looksLikeSecurity),
	}
}

// downgrade: the line installs no newer version, as a pin above 1000 may order.
func (i aptInstall) downgrade() bool {
	installed, err := parseDebVersion(i.installed)
	if err != nil {
		return false
	}
	candidate, err := parseDebVersion(i.candidate)
	return err == nil && candidate.compare(installed) <= 0
}
