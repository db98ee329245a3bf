package distro

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// aptRelease is what the Release file of a suite says.
type aptRelease struct {
	origin, label, suite, codename, version string
	notAutomatic, butAutomaticUpgrades      bool
	components, archs                       []string
	// allIndex: packages for all architectures have an index of their own, and stand
	// in the others or not.
	allIndex bool
	// validUntil is zero where the suite does not expire.
	validUntil time.Time
	// sizes are the lengths in bytes of the package indexes, by path.
	sizes map[string]int64
}

// String names the release as apt does in its simulation: Label:Version/Suite.
func (r aptRelease) String() string {
	name := r.suite
	if r.version != "" {
		name = r.version + "/" + r.suite
	}
	if r.label != "" {
		name = r.label + ":" + name
	}
	return name
}

// parseRelease reads a Release file, or an InRelease file, whose signature is not
// verified: whoever can write it into a tree can write the rest of the tree too.
func parseRelease(file string, data []byte) (aptRelease, error) {
	stanza := stanzaReader{file: file, data: unsigned(data)}
	if !stanza.next() {
		if stanza.err == nil {
			stanza.err = LineError{file, 1, "holds no release"}
		}
		return aptRelease{}, stanza.err
	}
	r := aptRelease{
		origin: stanza.field("Origin"), label: stanza.field("Label"), suite: stanza.field("Suite"),
		codename: stanza.field("Codename"), version: stanza.field("Version"),
		notAutomatic:         isTrue(stanza.field("NotAutomatic")),
		butAutomaticUpgrades: isTrue(stanza.field("ButAutomaticUpgrades")),
		components:           strings.Fields(stanza.field("Components")),
		archs:                strings.Fields(stanza.field("Architectures")),
	}
	// Suites that list "all" without this field have an index of its own for it.
	r.allIndex = (len(r.archs) == 0 || slices.Contains(r.archs, "all")) &&
		!slices.Contains(strings.Fields(stanza.field("No-Support-for-Architecture-all")), "Packages")
	if err := r.setLists(&stanza); err != nil {
		return r, err
	}
	if stanza.next() || stanza.err != nil {
		return r, LineError{file, stanza.line, "is not the end of the release"}
	}
	return r, nil
}

func (r *aptRelease) setLists(s *stanzaReader) (err error) {
	if until := s.field("Valid-Until"); until != "" {
		if r.validUntil, err = parseReleaseDate(until); err != nil {
			return LineError{s.file, s.start, "begins a release with a Valid-Until that is no date"}
		}
	}
	r.sizes, err = indexSizes(s)
	return err
}

// unsigned returns the text of a clear-signed message, and anything else as it is.
func unsigned(data []byte) []byte {
	if !bytes.HasPrefix(data, []byte("-----BEGIN PGP SIGNED MESSAGE-----")) {
		return data
	}
	_, text, _ := bytes.Cut(data, []byte("\n\n"))
	if end := bytes.Index(text, []byte("\n-----BEGIN PGP SIGNATURE-----")); end >= 0 {
		return text[:end+1]
	}
	return nil // cut in the middle
}

// indexSizes reads the hash lists; they agree on the sizes, so any of them does.
func indexSizes(s *stanzaReader) (map[string]int64, error) {
	sizes := map[string]int64{}
	for _, list := range []string{"MD5Sum", "SHA1", "SHA256", "SHA512"} {
		for line := range strings.SplitSeq(s.field(list), "\n") {
			if !strings.Contains(line, "Packages") {
				continue
			}
			f := strings.Fields(line)
			if len(f) != 3 {
				return nil, LineError{s.file, s.start, "begins a release whose " + list + " list cannot be read"}
			}
			size, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil || size < 0 {
				return nil, LineError{s.file, s.start, "begins a release whose " + list + " list has a size that is no number"}
			}
			sizes[strings.TrimPrefix(f[2], "./")] = size
		}
	}
	return sizes, nil
}

// parseReleaseDate reads the dates of RFC 1123 that archives write, also with hours
// of one digit and a numeric zone.
func parseReleaseDate(text string) (time.Time, error) {
	text = strings.Join(strings.Fields(text), " ")
	for _, layout := range []string{"Mon, 2 Jan 2006 15:4:5 MST", "Mon, 2 Jan 2006 15:4:5 -0700", "Mon, 2 Jan 2006 15:4:5 Z"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("not a date")
}

// offers reports whether the suite has that index; asked for one by its path
// without the ending of a compression.
func (r aptRelease) offers(index string) bool {
	if _, found := r.sizes[index]; found {
		return true
	}
	for _, ending := range indexEndings() {
		if _, found := r.sizes[index+ending]; found {
			return true
		}
	}
	return false
}

// hasComponent reports whether the suite knows the component. Debian's
// "buster/updates" called its component "updates/main".
func (r aptRelease) hasComponent(component string) bool {
	if len(r.components) == 0 {
		return true
	}
	for _, c := range r.components {
		if c == component || strings.HasSuffix(c, "/"+component) {
			return true
		}
	}
	return false
}

// aptIndex is one Packages file that apt keeps, or dpkg's own status.
type aptIndex struct {
	file            string // its path in the tree
	source          aptSource
	release         aptRelease
	component, arch string
	// size is its length in bytes unpacked, -1 where the release does not say.
	size     int64
	security bool
	// status: it is dpkg's status file, which offers nothing but what is installed.
	status   bool
	priority int
}

// String names the index by its release, as apt's simulation does.
func (i *aptIndex) String() string {
	if i.release.suite != "" {
		return i.release.String()
	}
	if site := i.source.site(); site != "" {
		return site
	}
	return "localhost"
}
