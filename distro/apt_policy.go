package distro

import (
	"cmp"
	"errors"
	"slices"
	"sort"
	"strings"
)

// What apt prefers where no preference says otherwise (apt_preferences(5)).
const (
	priorityDefaultRelease = 990
	priorityUsual          = 500
	priorityInstalled      = 100 // also of suites that only upgrade by themselves
	priorityNotAutomatic   = 1
	priorityDowngrade      = 1000 // from here on apt goes back to older versions
)

// debKey tells packages apart: "all" counts as the native architecture.
type debKey struct{ name, arch string }

// debPackage is a package that is there, and the versions that are offered of it.
type debPackage struct {
	dpkgEntry
	key      debKey
	current  debVersion
	versions []*debOffer
}

// debOffer is one version of a package, and the indexes that offer it.
type debOffer struct {
	debVersion
	indexEntry
	from []*aptIndex
}

// aptPolicy decides which version of a package apt would install.
type aptPolicy struct {
	pins   []aptPin
	native string
}

// newAptPolicy gives every index its priority. The default release goes before all
// pins, whatever apt_preferences(5) says of it.
func newAptPolicy(pins []aptPin, config aptConfig, native string, indexes []*aptIndex) (aptPolicy, error) {
	p := aptPolicy{pins: pins, native: native}
	if release := config.last("APT::Default-Release"); release != "" {
		pin := aptPin{priority: priorityDefaultRelease}
		if reason := pin.setKind("release "+release, true); reason != "" {
			return p, errors.New("reading APT::Default-Release: " + reason)
		}
		if !strings.Contains(release, "=") && !slices.ContainsFunc(indexes, pin.matchesIndex) {
			return p, errors.New("APT::Default-Release is no release that the sources offer")
		}
		p.pins = append([]aptPin{pin}, pins...)
	}
	for _, i := range indexes {
		i.priority = p.indexPriority(i)
	}
	return p, nil
}

func (p aptPolicy) indexPriority(i *aptIndex) int {
	priority, fixed := priorityUsual, false
	switch {
	case i.status, i.release.notAutomatic && i.release.butAutomaticUpgrades:
		priority = priorityInstalled
	case i.release.notAutomatic:
		priority = priorityNotAutomatic
	}
	for _, pin := range p.pins {
		if len(pin.packages) > 0 || priority == neverPin || fixed && pin.priority != neverPin {
			continue
		}
		if pin.matchesIndex(i) {
			priority, fixed = pin.priority, true
		}
	}
	return priority
}

// candidate is the version that apt would install, nil where there is none
// (pkgPolicy::GetCandidateVer).
func (p aptPolicy) candidate(pkg *debPackage) *debOffer {
	sort.SliceStable(pkg.versions, func(i, j int) bool {
		return pkg.versions[i].compare(pkg.versions[j].debVersion) > 0
	})
	var best *debOffer
	highest := -1
	for _, v := range pkg.versions {
		priority := p.priority(pkg, v)
		if priority == 0 || priority <= highest {
			continue
		}
		if priority < priorityDowngrade && v.compare(pkg.current) < 0 {
			continue
		}
		best, highest = v, priority
	}
	return best
}

func (p aptPolicy) priority(pkg *debPackage, v *debOffer) int {
	highest := neverPin
	for _, i := range v.from {
		highest = max(highest, i.priority)
	}
	if highest == neverPin {
		return neverPin
	}
	for _, pin := range p.pins {
		if p.about(pin, pkg, v) && pin.matchesVersion(v) {
			return pin.priority
		}
	}
	return highest
}

// about reports whether a pin names this package. Without an architecture a pin is
// about native packages only.
func (p aptPolicy) about(pin aptPin, pkg *debPackage, v *debOffer) bool {
	for _, pattern := range pin.packages {
		name := pkg.name
		if pattern.source {
			name, _ = v.sourcePackage()
		}
		arch := cmp.Or(pattern.arch, p.native)
		if (arch == "any" || arch == pkg.key.arch || arch == "native" && pkg.key.arch == p.native) && pattern.matches(name) {
			return true
		}
	}
	return false
}

func (p aptPin) matchesVersion(v *debOffer) bool {
	switch p.kind {
	case "version":
		return p.match[""].matches(v.text)
	case "source-version":
		_, version := v.sourcePackage()
		return p.match[""].matches(version)
	}
	return slices.ContainsFunc(v.from, p.matchesIndex)
}

// matchesIndex follows pkgVersionMatch::FileMatch.
func (p aptPin) matchesIndex(i *aptIndex) bool {
	if p.kind == "origin" {
		return !i.status && p.match[""].matches(i.source.site())
	}
	if p.kind != "release" || len(p.match) == 0 {
		return false
	}
	suite, component := i.release.suite, i.component
	if i.status {
		suite, component = "now", "now"
	}
	values := map[string]string{
		"a": suite, "n": i.release.codename, "v": i.release.version, "o": i.release.origin,
		"l": i.release.label, "c": component, "b": i.arch,
	}
	known := false
	for letter, pattern := range p.match {
		value, isLetter := values[letter]
		switch {
		case letter == "" && (pattern.matches(suite) || pattern.matches(i.release.codename)):
		case letter == "" || isLetter && !pattern.matches(value):
			return false
		case !isLetter:
			continue
		}
		known = true
	}
	return known
}
