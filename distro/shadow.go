package distro

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ShadowEntry is one line of shadow.
type ShadowEntry struct {
	Name     string
	Line     int // from 1
	Password Password
	// Err says that the line is not whole; Password is then what img_check.sh reads in it.
	Err error
}

func (m *Machine) readShadow(context.Context) ([]ShadowEntry, error) {
	shadow, err := m.Root.ReadFile(Shadow, accountsLimit)
	if err != nil {
		return nil, fmt.Errorf("reading the passwords: %w", err)
	}
	entries, badLines := ParseShadow(shadow)
	return entries, errors.Join(badLines...)
}

// ParseShadow reads the lines of a shadow file. A line without any colon is both
// an entry with an empty password, as img_check.sh reads it, and an error, as the
// C library does. The errors are LineErrors.
func ParseShadow(data []byte) ([]ShadowEntry, []error) {
	var entries []ShadowEntry
	var bad []error
	for i, line := range lines(data) {
		if len(bad) >= maxFaults {
			bad = append(bad, givenUp(Shadow, i+1))
			break
		}
		line, problem := accountLine(Shadow, i+1, line)
		f := strings.Split(line, ":")
		if line == "" || aside(line) && prose(f) {
			continue
		}
		if len(f) < 2 || len(f) > 9 || f[0] == "" {
			problem = append(problem, LineError{Shadow, i + 1, "does not have the fields of a shadow entry"})
		}
		entry := ShadowEntry{Name: f[0], Line: i + 1, Password: PasswordEmpty, Err: errors.Join(problem...)}
		if len(f) > 1 {
			entry.Password = shadowPassword(f[1])
		}
		entries = append(entries, entry)
		bad = append(bad, problem...)
	}
	return entries, bad
}

// prose reports whether a comment cannot be an entry: img_check.sh takes the words
// of a line apart, and finds no account whose name has a blank in it.
func prose(f []string) bool { return len(f) < 2 || strings.ContainsAny(f[0], " \t") }

// shadowPassword reads the field in shadow, where "x" points nowhere.
func shadowPassword(field string) Password {
	if p := ParsePassword(field); p != PasswordShadowed {
		return p
	}
	return PasswordHash
}
