package distro

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
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
