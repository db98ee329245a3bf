package distro

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	aptPreferences      = "/etc/apt/preferences"
	aptPreferencesParts = "/etc/apt/preferences.d"
	// neverPin is lower than any priority that a number can give (apt's NEVER_PIN).
	neverPin = -32768
)

// aptPin is one pin of apt_preferences(5).
type aptPin struct {
	// packages are the names it is about, none for all packages ("*").
	packages []aptPattern
	// kind is version, source-version, release or origin, and what the kind's data
	// must be: for release by the letters of apt_preferences(5) ("a", "n", "o", …; ""
	// for a bare name), for the others under "".
	kind     string
	match    map[string]aptPattern
	priority int
}

func (d *debPackages) readPreferences() ([]aptPin, error) {
	parts, err := d.aptParts(aptPreferencesParts, "", ".pref")
	if err != nil {
		return nil, fmt.Errorf("reading apt's preferences: %w", err)
	}
	var pins []aptPin
	for _, name := range append([]string{aptPreferences}, parts...) {
		data, err := d.readIfThere(name)
		if err != nil {
			return nil, fmt.Errorf("reading apt's preferences: %w", err)
		}
		found, err := parsePreferences(name, data)
		if err != nil {
			return nil, fmt.Errorf("reading apt's preferences: %w", err)
		}
		pins = append(pins, found...)
	}
	return pins, nil
}

// parsePreferences reads one file of pins. The errors are LineErrors.
func parsePreferences(file string, data []byte) ([]aptPin, error) {
	var pins []aptPin
	stanzas := stanzaReader{file: file, data: data, comments: true}
	for stanzas.next() {
		pin, reason := readPin(&stanzas)
		if reason != "" {
			return nil, LineError{file, stanzas.start, "begins a pin " + reason}
		}
		if pin.kind != "" {
			pins = append(pins, pin)
		}
	}
	return pins, stanzas.err
}

// readPin returns a pin, or what is wrong with it. A stanza without a Pin does
// nothing in apt, and has no kind here.
func readPin(s *stanzaReader) (pin aptPin, reason string) {
	names := strings.Fields(s.field("Package"))
	if len(names) == 0 {
		return pin, "without a package"
	}
	text := s.field("Pin")
	if text == "" {
		return pin, ""
	}
	general := len(names) == 1 && names[0] == "*"
	for _, name := range names {
		pattern, err := packagePattern(name)
		if err != nil {
			return pin, "with a pattern that cannot be read"
		}
		if !general {
			pin.packages = append(pin.packages, pattern)
		}
	}
	if pin.priority, reason = pinPriority(s.field("Pin-Priority"), general); reason != "" {
		return pin, reason
	}
	return pin, pin.setKind(text, general)
}

func pinPriority(text string, general bool) (priority int, reason string) {
	if text == "never" && general {
		return neverPin, ""
	}
	priority, err := strconv.Atoi(text)
	if err != nil || priority == 0 || priority < neverPin || priority > -(neverPin+1) {
		return 0, "without a priority that apt takes"
	}
	return max(priority, neverPin+1), ""
}

func (p *aptPin) setKind(text string, general bool) (reason string) {
	kind, data, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
	data = strings.TrimSpace(data)
	p.kind, p.match = strings.ToLower(kind), map[string]aptPattern{}
	specs := map[string]string{"": data}
	switch {
	case p.kind == "release":
		specs = releaseSpecs(data)
	case p.kind == "origin":
		specs[""] = strings.Trim(data, `"`)
	case general || p.kind != "version" && p.kind != "source-version":
		return "of a kind that apt does not know"
	}
	for letter, spec := range specs {
		pattern, err := compilePattern(spec)
		if err != nil {
			return "with a pattern that cannot be read"
		}
		p.match[letter] = pattern
	}
	return ""
}

// releaseSpecs divides "o=Debian,a=stable". A bare word is an archive or codename,
// or a version where it begins with a digit.
func releaseSpecs(data string) map[string]string {
	switch {
	case strings.Contains(data, "="):
	case data != "" && data[0] >= '0' && data[0] <= '9':
		return map[string]string{"v": data}
	default:
		return map[string]string{"": data}
	}
	specs := map[string]string{}
	for part := range strings.SplitSeq(data, ",") {
		letter, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if found && len(letter) == 1 && value != "" {
			specs[strings.ToLower(letter)] = value
		}
	}
	return specs
}
