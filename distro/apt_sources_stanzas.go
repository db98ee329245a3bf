package distro

import "strings"

// parseSourcesStanzas reads the deb822 format of sources.list(5). The errors are
// LineErrors.
func parseSourcesStanzas(file string, data []byte) ([]aptSource, error) {
	var sources []aptSource
	stanzas := stanzaReader{file: file, data: data, comments: true}
	for stanzas.next() {
		found, reason := sourcesOfStanza(&stanzas)
		if reason != "" {
			return nil, LineError{file, stanzas.start, "begins a source that " + reason}
		}
		sources = append(sources, found...)
	}
	return sources, stanzas.err
}

// sourcesOfStanza returns one source for each address and suite that a stanza
// names, or what is wrong with it.
func sourcesOfStanza(s *stanzaReader) (sources []aptSource, reason string) {
	kinds := strings.Fields(s.field("Types"))
	binary := false
	for _, kind := range kinds {
		if kind != "deb" && kind != "deb-src" {
			return nil, "is of a type that apt does not know"
		}
		binary = binary || kind == "deb"
	}
	switch {
	case len(kinds) == 0:
		return nil, "has no type"
	case isFalse(s.field("Enabled")) || !binary:
		return nil, ""
	}
	uris, suites := strings.Fields(s.field("URIs")), strings.Fields(s.field("Suites"))
	switch {
	case len(uris) == 0:
		return nil, "has no address"
	case len(suites) == 0:
		return nil, "has no suite"
	}
	for _, uri := range uris {
		for _, suite := range suites {
			source := stanzaSource(s)
			source.uri, source.suite = uri, suite
			if reason := source.fault(); reason != "" {
				return nil, reason
			}
			sources = append(sources, source)
		}
	}
	return sources, ""
}

func stanzaSource(s *stanzaReader) aptSource {
	source := aptSource{
		components:      strings.Fields(s.field("Components")),
		archs:           strings.Fields(s.field("Architectures")),
		addArchs:        strings.Fields(s.field("Architectures-Add")),
		noArchs:         strings.Fields(s.field("Architectures-Remove")),
		checkValidUntil: s.field("Check-Valid-Until"),
		file:            s.file,
		line:            s.start,
	}
	for _, option := range unsignedOptions {
		source.setUnsigned(option, s.field(option))
	}
	return source
}
