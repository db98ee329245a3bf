package distro

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// aptState is what the indexes of a machine offer for what is installed.
type aptState struct {
	packages []*debPackage // sorted by name and architecture
	byKey    map[debKey]*debPackage
	indexes  []*aptIndex
	policy   aptPolicy
	native   string
	// securitySource: one of the indexes is the distribution's own security suite.
	securitySource bool
	// allPhased: the machine takes updates before they are meant for everybody.
	allPhased bool
}

// pendingFromLists answers from the indexes that apt keeps, by apt's own policy.
// Dependencies are looked at one step deep, see markKeptBack. Signatures are not
// verified: whoever can change the tree's indexes can change the rest of it.
func (d *debPackages) pendingFromLists(ctx context.Context, db dpkgDatabase) (Updates, error) {
	state, missing := d.readState(ctx, db)
	if state == nil {
		return Updates{}, missing
	}
	waiting := state.waiting()
	if err := d.markKeptBack(ctx, state, waiting); err != nil {
		return Updates{}, err
	}
	updates := Updates{Advisories: true}
	for _, w := range waiting {
		updates.List = append(updates.List, w.Update)
	}
	if missing == nil && !state.securitySource {
		missing = ErrNoSecuritySource
	}
	return updates, missing
}

// readState reads sources, preferences and indexes. What the indexes that are there
// offer is returned beside the error that names those that are not.
func (d *debPackages) readState(ctx context.Context, db dpkgDatabase) (*aptState, error) {
	config, err := d.readAptConfig()
	if err != nil {
		return nil, err
	}
	lists, missing := d.findIndexes(ctx, db, config)
	if lists == nil {
		return nil, missing
	}
	pins, err := d.readPreferences()
	if err != nil {
		return nil, err
	}
	s := &aptState{byKey: map[debKey]*debPackage{}, native: db.native, indexes: lists.found, securitySource: lists.security}
	s.allPhased = isTrue(cmp.Or(config.last("APT::Get::Always-Include-Phased-Updates"),
		config.last("Update-Manager::Always-Include-Phased-Updates")))
	installed := &aptIndex{status: true}
	if s.policy, err = newAptPolicy(pins, config, db.native, append(slices.Clone(lists.found), installed)); err != nil {
		return nil, err
	}
	if err := s.addInstalled(db, installed); err != nil {
		return nil, err
	}
	for _, i := range lists.found {
		if err := d.addOffers(ctx, s, i); err != nil {
			return nil, err
		}
	}
	return s, missing
}

func (s *aptState) key(name, arch string) debKey {
	if arch == "all" || arch == "" {
		arch = s.native
	}
	return debKey{name, arch}
}

func (s *aptState) addInstalled(db dpkgDatabase, status *aptIndex) error {
	for _, e := range db.entries {
		key := s.key(e.name, e.arch)
		if !e.unpacked() || s.byKey[key] != nil {
			continue
		}
		current, err := parseDebVersion(e.version)
		if err != nil {
			return fmt.Errorf("reading the package database: package %s has a %w", e.name, err)
		}
		p := &debPackage{dpkgEntry: e, key: key, current: current}
		p.versions = []*debOffer{{debVersion: current, from: []*aptIndex{status},
			indexEntry: indexEntry{name: e.name, version: e.version, phased: 100}}}
		s.packages = append(s.packages, p)
		s.byKey[key] = p
	}
	return nil
}

func (d *debPackages) addOffers(ctx context.Context, s *aptState, i *aptIndex) error {
	names := map[string]bool{}
	for _, p := range s.packages {
		names[p.name] = true
	}
	wanted := func(stanza []byte) bool {
		name, first := stanzaName(stanza)
		return !first || names[string(name)]
	}
	var bad error
	err := d.scan(ctx, i, wanted, func(e indexEntry) {
		if p := s.byKey[s.key(e.name, e.arch)]; p != nil && bad == nil {
			bad = p.add(e, i)
		}
	})
	if err == nil && bad != nil {
		err = fmt.Errorf("reading package index %s: %w", i.file, bad)
	}
	return err
}

// add takes an offer in. Two indexes may offer the same version.
func (p *debPackage) add(e indexEntry, from *aptIndex) error {
	for _, v := range p.versions {
		if v.text == e.version {
			if len(v.from) == 1 && v.from[0].status {
				v.indexEntry = e
			}
			v.phased = min(v.phased, e.phased)
			v.from = append(v.from, from)
			return nil
		}
	}
	version, err := parseDebVersion(e.version)
	if err != nil {
		return fmt.Errorf("package %s has a %w", e.name, err)
	}
	p.versions = append(p.versions, &debOffer{version, e, []*aptIndex{from}})
	return nil
}
