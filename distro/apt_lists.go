package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

const releaseLimit = 32 << 20

// errNotFetched says that something configured was never fetched, so that nobody
// has looked at what it offers.
var errNotFetched = errors.New("configured, and never fetched")

// listFinder finds the indexes of every configured source.
type listFinder struct {
	*debPackages
	config   aptConfig
	native   string
	archs    []string
	attached bool
	// security: the distribution's own security suite is among what was found.
	security bool
	found    []*aptIndex
	missing  []error
}

// findIndexes finds the indexes of every source. What is configured and was not
// fetched is an error: what it offers was not looked at.
func (d *debPackages) findIndexes(ctx context.Context, db dpkgDatabase, config aptConfig) (*listFinder, error) {
	sources, err := d.readSources()
	if err != nil {
		return nil, err
	}
	if len(sources) == 0 {
		return nil, ErrNoSource
	}
	attached, err := d.attached()
	if err != nil {
		return nil, err
	}
	f := &listFinder{debPackages: d, config: config, native: db.native, attached: attached}
	f.archs = append([]string{db.native}, db.foreign...)
	if configured := config["apt::architectures"]; len(configured) > 0 {
		f.archs = configured
	}
	any := false
	for _, s := range sources {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		fetched, err := f.find(s.forArch(db.native))
		if err != nil {
			return nil, err
		}
		any = any || fetched
	}
	if !any {
		return nil, ErrNoIndex
	}
	return f, errors.Join(f.missing...)
}

// find looks for the indexes of one source; it reports whether there is anything of
// it at all.
func (f *listFinder) find(s aptSource) (fetched bool, err error) {
	release, hasRelease, err := f.readRelease(s)
	if err != nil {
		return false, err
	}
	rule, security := release.securityRule()
	if security && rule.attached && !f.attached {
		return true, nil
	}
	if hasRelease && f.expired(s, release) {
		f.missing = append(f.missing, fmt.Errorf("the index of %s expired on %s", s, release.validUntil.UTC().Format("2006-01-02")))
		return true, nil
	}
	before := len(f.found)
	for _, part := range f.parts(s, release) {
		index := aptIndex{source: s, release: release, component: part.component, arch: part.arch, security: security, size: -1}
		if err := f.index(&index, part.path, hasRelease); err != nil {
			return false, err
		}
	}
	return hasRelease || len(f.found) > before, nil
}

// indexPart is one index of a suite, by its path in it.
type indexPart struct{ component, arch, path string }

func (f *listFinder) parts(s aptSource, r aptRelease) []indexPart {
	if len(s.components) == 0 {
		return []indexPart{{path: "Packages"}}
	}
	archs := slices.Clone(f.archs)
	if len(s.archs) > 0 {
		archs = slices.Clone(s.archs)
	}
	archs = slices.DeleteFunc(append(archs, s.addArchs...), func(a string) bool { return slices.Contains(s.noArchs, a) })
	if r.allIndex {
		archs = append(archs, "all")
	}
	var parts []indexPart
	for _, c := range s.components {
		for _, a := range archs {
			parts = append(parts, indexPart{c, a, c + "/binary-" + a + "/Packages"})
		}
	}
	return parts
}

// index adds the index if apt fetched it. What the release does not offer there is
// nothing to fetch of, and an empty one apt does not fetch; a component that the
// release does not know is a mistake in the source (pkgAcqMetaClearSig::QueueIndexes).
func (f *listFinder) index(i *aptIndex, path string, hasRelease bool) error {
	if size, listed := i.release.sizes[path]; listed {
		i.size = size
	}
	file, err := f.listed(i.source.listFile(path))
	if err != nil {
		return err
	}
	offered := i.release.offers(path)
	unlisted := len(i.release.sizes) == 0 // nothing says what there is
	switch {
	case file != "" && (offered || unlisted):
		i.file = file
		f.add(i)
	case offered && i.size == 0:
		f.security = f.security || i.security
	case hasRelease && i.component != "" && !i.release.hasComponent(i.component):
		f.missing = append(f.missing, fmt.Errorf("%s has no component %s", i.source, i.component))
	case offered, i.component == "", unlisted && i.arch != "all":
		f.missing = append(f.missing, fmt.Errorf("%s: %w", strings.TrimSpace(i.source.String()+" "+i.component), errNotFetched))
	}
	return nil
}

func (f *listFinder) add(i *aptIndex) {
	f.security = f.security || i.security
	if !slices.ContainsFunc(f.found, func(other *aptIndex) bool { return other.file == i.file }) {
		f.found = append(f.found, i)
	}
}

// listed returns the file that begins with name in whatever compression, "" for none.
func (f *listFinder) listed(name string) (string, error) {
	for _, ending := range indexEndings() {
		_, err := f.Root.Stat(name + ending)
		if err == nil {
			return name + ending, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("looking for a package index: %w", err)
		}
	}
	return "", nil
}

func (f *listFinder) readRelease(s aptSource) (aptRelease, bool, error) {
	for _, name := range []string{s.listFile("InRelease"), s.listFile("Release")} {
		data, err := f.Root.ReadFile(name, releaseLimit)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return aptRelease{}, false, fmt.Errorf("reading a release: %w", err)
		}
		r, err := parseRelease(name, data)
		if err != nil {
			return r, false, fmt.Errorf("reading a release: %w", err)
		}
		return r, true, nil
	}
	return aptRelease{}, false, nil
}

func (f *listFinder) expired(s aptSource, r aptRelease) bool {
	check := s.checkValidUntil
	if check == "" {
		check = f.config.last("Acquire::Check-Valid-Until")
	}
	return !isFalse(check) && !r.validUntil.IsZero() && f.Now().After(r.validUntil)
}
