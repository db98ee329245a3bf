package distro

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strings"
)

// dpkgEntry is one package in dpkg's status file, installed or not.
type dpkgEntry struct {
	name, arch, version string
	// want, flag and state are the three words of the Status field.
	want, flag, state string
	provides          string
}

// dpkgDatabase is what dpkg knows, its entries sorted by name and architecture.
type dpkgDatabase struct {
	entries []dpkgEntry
	native  string
	foreign []string
}

// complete: the package is installed and configured, but for triggers it may wait for.
func (e dpkgEntry) complete() bool {
	return e.state == "installed" || e.state == "triggers-awaited" || e.state == "triggers-pending"
}

// unpacked: some version of the package is there, in whatever state, so that apt
// counts it as current.
func (e dpkgEntry) unpacked() bool {
	return e.version != "" && e.state != "not-installed" && e.state != "config-files"
}

func (e dpkgEntry) held() bool { return e.want == "hold" }

// problem is what "dpkg --audit" complains about, "" where it does not.
func (e dpkgEntry) problem() string {
	switch {
	case e.flag != "ok":
		return "reinst-required"
	case e.state == "installed" || e.state == "not-installed" || e.state == "config-files":
		return ""
	}
	return e.state
}

// fullName names foreign packages with their architecture, as apt does.
func (db dpkgDatabase) fullName(e dpkgEntry) string {
	if e.arch == "" || e.arch == "all" || e.arch == db.native {
		return e.name
	}
	return e.name + ":" + e.arch
}

// parseDpkgStatus reads dpkg's status file, sorted by name and architecture. dpkg
// ends every entry with an empty line, the last one too (lib/dpkg/dump.c): without
// it the file is cut. The errors are LineErrors.
func parseDpkgStatus(data []byte) ([]dpkgEntry, error) {
	var entries []dpkgEntry
	stanzas := stanzaReader{file: dpkgStatus, data: data}
	begin := 0
	for stanzas.next() {
		begin = stanzas.start
		e, err := readDpkgEntry(&stanzas)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	switch {
	case stanzas.err != nil:
		return nil, stanzas.err
	case len(entries) == 0:
		return nil, LineError{dpkgStatus, 1, "holds no package"}
	case !bytes.HasSuffix(data, []byte("\n\n")):
		return nil, LineError{dpkgStatus, begin, "begins an entry that is cut off"}
	}
	sort.SliceStable(entries, func(i, j int) bool {
		a, b := entries[i], entries[j]
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.arch, b.arch)) < 0
	})
	return entries, nil
}

func readDpkgEntry(s *stanzaReader) (dpkgEntry, error) {
	e := dpkgEntry{
		name: s.field("Package"), arch: s.field("Architecture"),
		version: s.field("Version"), provides: s.field("Provides"),
	}
	bad := func(reason string) error { return LineError{dpkgStatus, s.start, "begins an entry " + reason} }
	status := strings.Fields(s.field("Status"))
	if len(status) != 3 {
		return e, bad("without the three words of a status")
	}
	e.want, e.flag, e.state = status[0], status[1], status[2]
	switch {
	case !isPackageName(e.name):
		return e, bad("without the name of a package")
	case !knownWord(e.want, "unknown install hold deinstall purge"):
		return e, bad("with an unknown selection")
	case !knownWord(e.flag, "ok reinstreq hold hold-reinstreq"):
		return e, bad("with an unknown error flag")
	case !knownWord(e.state, "not-installed config-files half-installed unpacked half-configured "+
		"triggers-awaited triggers-pending installed"):
		return e, bad("with an unknown state")
	case e.complete() && (e.version == "" || e.arch == ""):
		return e, bad("without version or architecture")
	}
	return e, nil
}

func knownWord(word, words string) bool { return slices.Contains(strings.Fields(words), word) }

// isPackageName is dpkg's own rule, which is wider than Debian's policy.
func isPackageName(name string) bool {
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && (i == 0 || !strings.ContainsRune("+-._", rune(c))) {
			return false
		}
	}
	return name != ""
}
