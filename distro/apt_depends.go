package distro

import (
	"bytes"
	"context"
	"strings"
)

// dependency is one alternative of a Depends field.
type dependency struct{ name, relation, version string }

// parseDepends reads a Depends field: all of the groups must be met, each by one of
// its alternatives. Architectures (":any") do not matter here.
func parseDepends(text string) [][]dependency {
	var groups [][]dependency
	for group := range strings.SplitSeq(text, ",") {
		var alternatives []dependency
		for alternative := range strings.SplitSeq(group, "|") {
			name, rest, _ := strings.Cut(strings.TrimSpace(alternative), "(")
			name, _, _ = strings.Cut(strings.TrimSpace(name), ":")
			rest, _, _ = strings.Cut(rest, ")")
			version := strings.TrimLeft(rest, "<>= ")
			relation := strings.TrimSpace(rest[:len(rest)-len(version)])
			if name != "" {
				alternatives = append(alternatives, dependency{name, relation, strings.TrimSpace(version)})
			}
		}
		if len(alternatives) > 0 {
			groups = append(groups, alternatives)
		}
	}
	return groups
}

// metBy reports whether a version of the package will do. A version that cannot be
// compared does: that apt keeps something back must be known, not guessed.
func (d dependency) metBy(version string) bool {
	if d.relation == "" {
		return true
	}
	if version == "" {
		return false // an unversioned Provides
	}
	have, err := parseDebVersion(version)
	if err != nil {
		return true
	}
	want, err := parseDebVersion(d.version)
	if err != nil {
		return true
	}
	order := have.compare(want)
	switch d.relation {
	case "<<":
		return order < 0
	case "<=", "<":
		return order <= 0
	case "=":
		return order == 0
	case ">=", ">":
		return order >= 0
	case ">>":
		return order > 0
	}
	return true
}

// supply is which versions of which names can be had, provided ones too.
type supply map[string][]string

func (s supply) add(name, version, provides string) {
	s[name] = append(s[name], version)
	for _, group := range parseDepends(provides) {
		s[group[0].name] = append(s[group[0].name], group[0].version)
	}
}

func (s supply) meets(group []dependency) bool {
	for _, d := range group {
		for _, version := range s[d.name] {
			if d.metBy(version) {
				return true
			}
		}
	}
	return false
}

// markKeptBack marks the updates that apt would keep back because something they
// need cannot be had. It looks at what the updates themselves depend on, and not at
// what that depends on, nor at conflicts: what apt keeps back for such a reason is
// still listed, without the mark.
func (d *debPackages) markKeptBack(ctx context.Context, s *aptState, waiting []*waitingUpdate) error {
	elsewhere, err := d.findElsewhere(ctx, s, unmet(s.supply(waiting, nil), waiting))
	if err != nil {
		return err
	}
	for {
		changed := false
		have := s.supply(waiting, elsewhere)
		for _, w := range waiting {
			if !w.blocked() && len(w.unmet(have)) > 0 {
				w.KeptBack, changed = true, true
			}
		}
		if !changed {
			return nil
		}
	}
}

// blocked: apt would not install the update in any case.
func (w *waitingUpdate) blocked() bool { return w.Held || w.Pinned || w.Phased || w.KeptBack }

func (w *waitingUpdate) unmet(have supply) [][]dependency {
	var missing [][]dependency
	for _, group := range append(parseDepends(w.offer.preDepends), parseDepends(w.offer.depends)...) {
		if !have.meets(group) {
			missing = append(missing, group)
		}
	}
	return missing
}

// unmet names what the updates need and what is neither installed nor an update.
func unmet(have supply, waiting []*waitingUpdate) map[string]bool {
	names := map[string]bool{}
	for _, w := range waiting {
		if w.blocked() {
			continue
		}
		for _, group := range w.unmet(have) {
			for _, d := range group {
				names[d.name] = true
			}
		}
	}
	return names
}

// supply is what is installed, the updates that are not blocked, and more.
func (s *aptState) supply(waiting []*waitingUpdate, more []indexEntry) supply {
	have := supply{}
	for _, p := range s.packages {
		have.add(p.name, p.version, p.provides)
	}
	for _, w := range waiting {
		if !w.blocked() {
			have.add(w.Name, w.Candidate, w.offer.provides)
		}
	}
	for _, e := range more {
		if s.byKey[s.key(e.name, e.arch)] == nil {
			have.add(e.name, e.version, e.provides)
		}
	}
	return have
}

// findElsewhere reads the indexes once more for packages of those names, or that
// provide them. New kernels are such: nothing installed is called like them.
func (d *debPackages) findElsewhere(ctx context.Context, s *aptState, names map[string]bool) ([]indexEntry, error) {
	if len(names) == 0 {
		return nil, nil
	}
	var found []indexEntry
	wanted := func(stanza []byte) bool {
		if name, first := stanzaName(stanza); !first || names[string(name)] {
			return true
		}
		_, provides, has := bytes.Cut(stanza, []byte("\nProvides:"))
		if !has {
			return false
		}
		provides, _, _ = bytes.Cut(provides, []byte("\n"))
		for _, group := range parseDepends(string(provides)) {
			if names[group[0].name] {
				return true
			}
		}
		return false
	}
	for _, i := range s.indexes {
		if i.priority < 0 {
			continue
		}
		if err := d.scan(ctx, i, wanted, func(e indexEntry) { found = append(found, e) }); err != nil {
			return nil, err
		}
	}
	return found, nil
}
