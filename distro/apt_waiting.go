package distro

import (
	"slices"
	"strings"
)

// waitingUpdate is an update with the offer that it is about.
type waitingUpdate struct {
	Update
	pkg   *debPackage
	offer *debOffer
}

// waiting lists the updates, whatever keeps them from being installed.
func (s *aptState) waiting() []*waitingUpdate {
	var list []*waitingUpdate
	for _, p := range s.packages {
		if w := s.update(p); w != nil {
			list = append(list, w)
		}
	}
	return list
}

// update returns the update of a package, nil where there is none. A security fix
// that is newer than the candidate, or than the installed version where there is no
// newer candidate, is hidden by a pin. One that is unpacked and not configured is not
// installed; apt and img_check.sh count it as well.
func (s *aptState) update(p *debPackage) *waitingUpdate {
	offer := s.policy.candidate(p)
	fix := p.newestFix()
	newer := offer != nil && offer.compare(p.current) > 0
	pinned := fix != nil && (!newer || fix.compare(offer.debVersion) > 0)
	if pinned {
		offer = fix
	}
	unfinished := !newer && !pinned && !p.complete() && p.versions[0].fromSecurity()
	switch {
	case unfinished:
		offer = p.versions[0]
	case !newer && !pinned:
		return nil
	}
	w := &waitingUpdate{pkg: p, offer: offer}
	w.Update = Update{
		Name: p.name, Arch: p.arch, Installed: p.version, Candidate: offer.text,
		Source: offer.sources(), Security: fix != nil || unfinished, Unconfigured: unfinished,
		Held: p.held(), Pinned: pinned,
		Phased: offer.phased < 100 && !s.allPhased && !offer.fromSecurity(),
	}
	return w
}

// newestFix is the newest version in a security suite that is newer than what is
// installed, nil where there is none.
func (p *debPackage) newestFix() *debOffer {
	var fix *debOffer
	for _, v := range p.versions {
		if v.fromSecurity() && v.compare(p.current) > 0 && (fix == nil || v.compare(fix.debVersion) > 0) {
			fix = v
		}
	}
	return fix
}

func (v *debOffer) fromSecurity() bool {
	return slices.ContainsFunc(v.from, func(i *aptIndex) bool { return i.security })
}

// sources names the releases that offer the version.
func (v *debOffer) sources() string {
	var names []string
	for _, i := range v.from {
		if name := i.String(); !i.status && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
