package distro

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	// indexStanzaLimit bounds one entry of an index; the longest seen is 200 KiB.
	indexStanzaLimit = 8 << 20
	indexChunk       = 256 << 10
	// indexLimit bounds an index unpacked, some packed bytes of which can be endless;
	// the longest seen is 80 MB.
	indexLimit = 256 << 20
)

// indexEntry is one package of an index.
type indexEntry struct {
	name, arch, version string
	source              string // "name (version)", empty where it is the package's own
	depends, preDepends string
	provides            string
	// phased is the percentage of machines that may have it, 100 as a rule.
	phased int
}

// scanIndex hands every entry of an index whose text wanted asks for to visit, and
// returns the length of the index. It holds one entry at a time: Debian's main
// index is 45 MB, and nearly all of it is about packages that are not installed.
func scanIndex(index io.Reader, wanted func(stanza []byte) bool, visit func(indexEntry)) (int64, error) {
	s := indexScanner{wanted: wanted, visit: visit}
	buffer := make([]byte, 0, 2*indexChunk)
	for {
		if cap(buffer)-len(buffer) < indexChunk {
			buffer = append(make([]byte, 0, 2*cap(buffer)), buffer...)
		}
		n, err := index.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		s.size += int64(n)
		rest, bad := s.take(buffer)
		switch {
		case bad != nil:
			return s.size, bad
		case errors.Is(err, io.EOF):
			return s.size, s.last(rest)
		case err != nil:
			return s.size, err
		case len(rest) > indexStanzaLimit:
			return s.size, s.fault("is too long")
		case s.size > indexLimit:
			return s.size, s.fault("is beyond what an index may hold")
		}
		buffer = buffer[:copy(buffer, rest)]
	}
}

type indexScanner struct {
	wanted func([]byte) bool
	visit  func(indexEntry)
	size   int64
	count  int
}

func (s *indexScanner) fault(reason string) error {
	return fmt.Errorf("entry %d %s", s.count+1, reason)
}

// take reads the entries that are complete and returns what is left.
func (s *indexScanner) take(text []byte) (rest []byte, err error) {
	for {
		end := bytes.Index(text, []byte("\n\n"))
		if end < 0 {
			return text, nil
		}
		if err := s.stanza(text[:end+1]); err != nil {
			return nil, err
		}
		text = text[end+2:]
	}
}

// last reads what the index ends with: the last entry needs no empty line behind it.
func (s *indexScanner) last(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	if text[len(text)-1] != '\n' {
		return s.fault("is cut off")
	}
	return s.stanza(text)
}

func (s *indexScanner) stanza(text []byte) error {
	for len(text) > 0 && text[0] == '\n' {
		text = text[1:]
	}
	if len(text) == 0 {
		return nil
	}
	// Every archive begins an entry with its name; text that does not may be a web
	// page or another kind of file.
	if !bytes.HasPrefix(text, []byte("Package:")) && !hasField(text, "Package") {
		return s.fault("names no package")
	}
	if s.wanted(text) {
		entry, err := parseIndexEntry(text)
		if err != nil {
			return s.fault(err.Error())
		}
		s.visit(entry)
	}
	s.count++
	return nil
}

func hasField(stanza []byte, name string) bool {
	for line := range bytes.Lines(stanza) {
		if found, _, ok := bytes.Cut(line, []byte(":")); ok && strings.EqualFold(string(found), name) {
			return true
		}
	}
	return false
}

// stanzaName returns the package's name where the stanza begins with it, and whether
// it does.
func stanzaName(stanza []byte) ([]byte, bool) {
	after, found := bytes.CutPrefix(stanza, []byte("Package:"))
	if !found {
		return nil, false
	}
	name, _, _ := bytes.Cut(after, []byte("\n"))
	return bytes.TrimSpace(name), true
}

func parseIndexEntry(text []byte) (indexEntry, error) {
	s := stanzaReader{data: text}
	if !s.next() {
		return indexEntry{}, errors.New("cannot be read")
	}
	e := indexEntry{
		name: s.field("Package"), arch: s.field("Architecture"), version: s.field("Version"),
		source: s.field("Source"), depends: s.field("Depends"), preDepends: s.field("Pre-Depends"),
		provides: s.field("Provides"), phased: 100,
	}
	if !isPackageName(e.name) || e.arch == "" || e.version == "" {
		return e, errors.New("lacks name, architecture or version")
	}
	if text := s.field("Phased-Update-Percentage"); text != "" {
		percentage, err := strconv.Atoi(text)
		if err != nil || percentage < 0 || percentage > 100 {
			return e, errors.New("has a phased update percentage that is none")
		}
		e.phased = percentage
	}
	return e, nil
}

// sourcePackage is the source package of an entry and that one's version.
func (e indexEntry) sourcePackage() (name, version string) {
	if e.source == "" {
		return e.name, e.version
	}
	name, rest, found := strings.Cut(e.source, " (")
	if !found {
		return name, e.version
	}
	return name, strings.TrimSuffix(rest, ")")
}
