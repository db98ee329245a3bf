package distro

import (
	"bytes"
	"fmt"
	"strings"
)

const (
	aptConf      = "/etc/apt/apt.conf"
	aptConfParts = "/etc/apt/apt.conf.d"
)

// aptConfig is apt's configuration: the values of each name in the order they were
// given. Names are in lower case, as apt ignores it.
type aptConfig map[string][]string

func (c aptConfig) last(name string) string {
	values := c[strings.ToLower(name)]
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

// isTrue and isFalse follow apt's StringToBool; a value that is neither is not given.
func isTrue(value string) bool {
	return knownWord(strings.ToLower(value), "yes true with on enable 1")
}

func isFalse(value string) bool {
	return knownWord(strings.ToLower(value), "no false without off disable 0")
}

// readAptConfig reads the parts first and apt.conf last, as apt does (apt.conf(5)).
func (d *debPackages) readAptConfig() (aptConfig, error) {
	config := aptConfig{}
	files, err := d.aptParts(aptConfParts, "", ".conf")
	if err != nil {
		return nil, fmt.Errorf("reading apt's configuration: %w", err)
	}
	for _, name := range append(files, aptConf) {
		data, err := d.readIfThere(name)
		if err != nil {
			return nil, fmt.Errorf("reading apt's configuration: %w", err)
		}
		if err := parseAptConf(name, data, config); err != nil {
			return nil, fmt.Errorf("reading apt's configuration: %w", err)
		}
	}
	return config, config.elsewhere()
}

// elsewhere is an error where apt is told to read other places than those looked at here.
func (c aptConfig) elsewhere() error {
	for _, name := range []string{
		"rootdir", "dir", "dir::etc", "dir::etc::sourcelist", "dir::etc::sourceparts", "dir::etc::preferences",
		"dir::etc::preferencesparts", "dir::state", "dir::state::lists", "dir::state::status",
	} {
		if c.last(name) != "" {
			return fmt.Errorf("apt is told by %s to look elsewhere than is known here", name)
		}
	}
	return nil
}

// confReader takes apt.conf apart: names, values in quotes, and { } ; between them.
type confReader struct {
	file string
	data []byte
	line int
}

// parseAptConf adds what one file says to config. The errors are LineErrors.
func parseAptConf(file string, data []byte, config aptConfig) error {
	r := confReader{file: file, data: data, line: 1}
	var scopes []string // the names in whose braces we are
	var words []string
	for {
		token, quoted, err := r.token()
		switch {
		case err != nil:
			return err
		case quoted && len(words) == 0:
			words = append(words, "", token) // a value of the list we are in
			continue
		case quoted || token != "" && !strings.Contains("{};", token):
			words = append(words, token)
			continue
		case token == "" && len(scopes)+len(words) > 0:
			return LineError{file, r.line, "ends in the middle of a setting"}
		case token == "":
			return nil
		}
		name := confName(scopes, words)
		switch token {
		case ";":
			config.set(name, words)
		case "{":
			scopes = append(scopes, name)
		case "}":
			if len(scopes) == 0 {
				return LineError{file, r.line, "closes a brace that is not open"}
			}
			scopes = scopes[:len(scopes)-1]
		}
		words = words[:0]
	}
}

// set takes in `Name "value";` and, in a list, `"value";`.
func (c aptConfig) set(name string, words []string) {
	if len(words) > 1 {
		c[name] = append(c[name], words[len(words)-1])
	}
}

// confName is the full name of the setting that words begin.
func confName(scopes, words []string) string {
	scope := ""
	if len(scopes) > 0 {
		scope = scopes[len(scopes)-1]
	}
	if len(words) == 0 || words[0] == "" {
		return scope
	}
	name := strings.ToLower(strings.TrimSuffix(words[0], "::"))
	if scope == "" {
		return name
	}
	return scope + "::" + name
}

// token returns the next word, text in quotes, or one of { } ; and "" at the end.
func (r *confReader) token() (text string, quoted bool, err error) {
	r.skipSpace()
	if len(r.data) == 0 {
		return "", false, nil
	}
	switch c := r.data[0]; c {
	case '{', '}', ';':
		r.data = r.data[1:]
		return string(c), false, nil
	case '"':
		end := bytes.IndexByte(r.data[1:], '"')
		if end < 0 {
			return "", true, LineError{r.file, r.line, "has a quote that is not closed"}
		}
		text = string(r.data[1 : 1+end])
		r.line += strings.Count(text, "\n")
		r.data = r.data[end+2:]
		return text, true, nil
	}
	end := bytes.IndexAny(r.data, " \t\r\n\"{};")
	if end < 0 {
		end = len(r.data)
	}
	text = string(r.data[:end])
	r.data = r.data[end:]
	if strings.IndexByte(text, 0) >= 0 {
		return "", false, LineError{r.file, r.line, "is not text"}
	}
	return text, false, nil
}

// skipSpace passes over white space and the three kinds of comments.
func (r *confReader) skipSpace() {
	for len(r.data) > 0 {
		end := 0
		switch {
		case strings.ContainsRune(" \t\r\n", rune(r.data[0])):
			end = 1
		case r.data[0] == '#' || bytes.HasPrefix(r.data, []byte("//")):
			end = bytes.IndexByte(r.data, '\n')
		case bytes.HasPrefix(r.data, []byte("/*")):
			if end = bytes.Index(r.data, []byte("*/")); end >= 0 {
				end += len("*/")
			}
		default:
			return
		}
		if end < 0 {
			end = len(r.data)
		}
		r.line += bytes.Count(r.data[:end], []byte("\n"))
		r.data = r.data[end:]
	}
}
