package distro

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The reasons for which nobody knows what a file of credentials holds. They quote
// nothing of it.
var (
	errNotJSON = errors.New("is not JSON")
	errNotYAML = errors.New("is not YAML")
)

// A finder looks for the first secret in the contents of a file of credentials, and
// returns its line, 0 where the file has no lines.
type finder = func(data []byte) (line int, found bool, err error)

// byLine makes a finder of what tells whether one line holds a secret.
func byLine(holds func(line string) bool) finder {
	return func(data []byte) (int, bool, error) {
		for i, line := range lines(data) {
			line = strings.TrimSpace(line)
			if line != "" && line[0] != '#' && line[0] != ';' && holds(line) {
				return i + 1, true, nil
			}
		}
		return 0, false, nil
	}
}

// given reports whether a setting has a value of its own: not an empty one, not a
// reference to the environment or to another setting, not "****" or "xxxx".
func given(value string) bool {
	value = strings.Trim(strings.TrimSpace(value), `"'`)
	switch {
	case value == "", value[0] == '$', value[0] == '<' && strings.HasSuffix(value, ">"), strings.HasPrefix(value, "%("):
		return false
	}
	return strings.Trim(value, "*xX.-") != ""
}

// setting splits "key = value" and "key: value" as ini files and their kin have them.
func setting(line string) (key, value string) {
	at := strings.IndexAny(line, "=:")
	if at < 0 {
		return line, ""
	}
	return strings.ToLower(strings.Trim(strings.TrimSpace(line[:at]), `"'`)), line[at+1:]
}

// iniValues finds one of these settings (in lower case) with a value.
func iniValues(keys ...string) finder {
	return byLine(func(line string) bool {
		key, value := setting(line)
		return slices.Contains(keys, key) && given(value)
	})
}

// shellValues finds a variable with a value, or text that is no assignment, as
// DigitalOcean's 1-Clicks keep their passwords. Which kind of database is no secret.
func shellValues(data []byte) (int, bool, error) {
	return byLine(func(line string) bool {
		name, value, assigned := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if !assigned {
			return given(line)
		}
		name = strings.ToLower(name)
		return given(value) && !strings.HasSuffix(name, "protocol") && !strings.HasSuffix(name, "port")
	})(data)
}

// npmValues finds a token or a password for a registry; each registry has its own
// prefix ("//registry.npmjs.org/:_authToken").
func npmValues(data []byte) (int, bool, error) {
	return byLine(func(line string) bool {
		key, value, _ := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		key = key[strings.LastIndexByte(key, ':')+1:]
		return slices.Contains([]string{"_authToken", "_auth", "_password"}, key) && given(value)
	})(data)
}

// urlPassword finds a URL that names a password.
func urlPassword(data []byte) (int, bool, error) {
	return byLine(func(line string) bool {
		u, err := url.Parse(line)
		if err != nil { // git is less strict than the standard
			_, rest, _ := strings.Cut(line, "://")
			user, _, found := strings.Cut(rest, "@")
			return found && strings.Contains(user, ":")
		}
		password, _ := u.User.Password()
		return password != ""
	})(data)
}

// pgpassPassword finds a line "host:port:database:user:password".
func pgpassPassword(data []byte) (int, bool, error) {
	return byLine(func(line string) bool {
		fields := strings.SplitN(strings.ReplaceAll(line, `\:`, "_"), ":", 5)
		return len(fields) == 5 && given(fields[4])
	})(data)
}

// netrcPassword finds the word after "password"; words may stand on lines of their own.
func netrcPassword(data []byte) (int, bool, error) {
	due := false
	for i, line := range lines(data) {
		for _, word := range strings.Fields(line) {
			if word[0] == '#' && !due { // a comment; a password may begin so
				break
			}
			if due && given(word) {
				return i + 1, true, nil
			}
			due = word == "password" || word == "passwd"
		}
	}
	return 0, false, nil
}

// anything finds a secret in every file that holds something.
func anything(data []byte) (int, bool, error) {
	return 0, len(bytes.TrimSpace(data)) > 0, nil
}

// words finds one of these in a file that is no text.
func words(any ...string) finder {
	return func(data []byte) (int, bool, error) {
		return 0, slices.ContainsFunc(any, func(w string) bool { return bytes.Contains(data, []byte(w)) }), nil
	}
}

// jsonBelow finds a text that is the value of a member of one of these names, or
// stands anywhere below one.
func jsonBelow(keys ...string) finder {
	return func(data []byte) (int, bool, error) {
		if len(bytes.TrimSpace(data)) == 0 {
			return 0, false, nil
		}
		w := jsonWalk{decoder: json.NewDecoder(bytes.NewReader(data)), keys: keys}
		for {
			token, err := w.decoder.Token()
			if errors.Is(err, io.EOF) && len(w.open) == 0 {
				return 0, false, nil
			}
			if err != nil {
				return 0, false, errNotJSON
			}
			if w.secret(token) {
				return 1 + bytes.Count(data[:w.decoder.InputOffset()], []byte{'\n'}), true, nil
			}
		}
	}
}

// jsonWalk goes through a JSON text. open are the objects and arrays it is in.
type jsonWalk struct {
	decoder *json.Decoder
	keys    []string
	open    []jsonLevel
}

type jsonLevel struct {
	object, below bool
	// named: the member's name has been read, and it or one above it is looked for.
	key, named bool
}

// secret takes the next token and reports whether it is a text that is looked for.
func (w *jsonWalk) secret(token json.Token) bool {
	var level *jsonLevel
	if len(w.open) > 0 {
		level = &w.open[len(w.open)-1]
	}
	below := level != nil && (level.below || level.named)
	if delim, ok := token.(json.Delim); ok {
		if delim == '}' || delim == ']' {
			w.open = w.open[:len(w.open)-1]
			w.value()
			return false
		}
		w.open = append(w.open, jsonLevel{object: delim == '{', below: below})
		return false
	}
	text, isText := token.(string)
	if level != nil && level.object && !level.key {
		level.key, level.named = true, slices.Contains(w.keys, text)
		return false
	}
	w.value()
	return isText && below && given(text)
}

// value ends a member.
func (w *jsonWalk) value() {
	if len(w.open) > 0 {
		w.open[len(w.open)-1].key = false
	}
}

// yamlBelow is jsonBelow for YAML; without keys any text is looked for.
func yamlBelow(keys ...string) finder {
	return func(data []byte) (int, bool, error) {
		var root yaml.Node
		if err := yaml.Unmarshal(data, &root); err != nil {
			return 0, false, errNotYAML // the library's error may quote
		}
		line := yamlSecret(&root, keys, len(keys) == 0, 0)
		return line, line > 0, nil
	}
}

// yamlSecret returns the line of the first text that is looked for, 0 where there is
// none. Aliases are not followed: what they stand for has its own place.
func yamlSecret(node *yaml.Node, keys []string, below bool, depth int) int {
	if depth > yamlDepth {
		return 0
	}
	if node.Kind == yaml.ScalarNode && below && node.Tag != "!!null" && given(node.Value) {
		return max(node.Line, 1)
	}
	for i, child := range node.Content {
		inside := below
		if node.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			inside = below || slices.Contains(keys, node.Content[i-1].Value)
		}
		if line := yamlSecret(child, keys, inside, depth+1); line > 0 {
			return line
		}
	}
	return 0
}
