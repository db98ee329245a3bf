package distro

import (
	"slices"
	"strings"
)

// parseSourcesList reads the one-line format of sources.list(5). The errors are
// LineErrors.
func parseSourcesList(file string, data []byte) ([]aptSource, error) {
	var sources []aptSource
	for i, line := range lines(data) {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		bad := func(reason string) error { return LineError{file, i + 1, reason} }
		if strings.ContainsRune(line, 0) {
			return nil, bad("is not text")
		}
		kind, rest := nextWord(line)
		switch kind {
		case "deb-src":
			continue
		case "deb":
		default:
			return nil, bad("is of a type that apt does not know")
		}
		s := aptSource{file: file, line: i + 1}
		options, rest, ok := cutOptions(rest)
		if !ok || !s.setOptions(options) {
			return nil, bad("has options that cannot be read")
		}
		if reason := s.setPlace(rest); reason != "" {
			return nil, bad(reason)
		}
		sources = append(sources, s)
	}
	return sources, nil
}

// setPlace reads address, suite and components; it returns what is wrong with them.
func (s *aptSource) setPlace(text string) string {
	s.uri, text = nextWord(text)
	s.suite, text = nextWord(text)
	for {
		var component string
		if component, text = nextWord(text); component == "" {
			break
		}
		s.components = append(s.components, component)
	}
	return s.fault()
}

// fault says what is wrong with a source, "" where nothing is.
func (s *aptSource) fault() string {
	flat := strings.HasSuffix(s.suite, "/")
	switch {
	case !strings.Contains(s.uri, ":"):
		return "has no address"
	case s.suite == "":
		return "has no suite"
	case flat && len(s.components) > 0:
		return "has components where the suite is a path"
	case !flat && len(s.components) == 0:
		return "has no component"
	}
	if !strings.HasSuffix(s.uri, "/") {
		s.uri += "/"
	}
	return ""
}

// cutOptions takes the part in brackets off.
func cutOptions(text string) (options []string, rest string, ok bool) {
	text = strings.TrimLeft(text, " \t")
	if !strings.HasPrefix(text, "[") {
		return nil, text, true
	}
	inside, rest, found := strings.Cut(text[1:], "]")
	return strings.Fields(inside), rest, found
}

func (s *aptSource) setOptions(options []string) bool {
	for _, option := range options {
		name, value, found := strings.Cut(option, "=")
		if !found || name == "" || value == "" {
			return false
		}
		s.setOption(name, strings.Split(strings.Trim(value, `"`), ","))
	}
	return true
}

func (s *aptSource) setOption(name string, values []string) {
	switch strings.ToLower(name) {
	case "arch":
		s.archs = values
	case "arch+":
		s.addArchs = values
	case "arch-":
		s.noArchs = values
	case "check-valid-until":
		s.checkValidUntil = values[0]
	default:
		s.setUnsigned(name, values[0])
	}
}

// unsignedOptions of a source make apt take what nobody has signed for (sources.list(5)).
var unsignedOptions = [...]string{"trusted", "allow-insecure", "allow-weak", "allow-downgrade-to-insecure"}

func (s *aptSource) setUnsigned(name, value string) {
	name = strings.ToLower(name)
	if slices.Contains(unsignedOptions[:], name) && isTrue(value) {
		s.unsigned = append(s.unsigned, name)
	}
}

// nextWord cuts the first word off. White space within quotes and brackets belongs
// to it, as in `cdrom:[Debian 9 "Stretch"]/` (apt's ParseQuoteWord).
func nextWord(text string) (word, rest string) {
	text = strings.TrimLeft(text, " \t\r\v\f")
	closing := byte(0)
	for i := range len(text) {
		switch c := text[i]; {
		case closing != 0:
			if c == closing {
				closing = 0
			}
		case c == '"':
			closing = '"'
		case c == '[':
			closing = ']'
		case strings.IndexByte(" \t\r\v\f", c) >= 0:
			return strings.ReplaceAll(text[:i], `"`, ""), text[i:]
		}
	}
	return strings.ReplaceAll(text, `"`, ""), ""
}
