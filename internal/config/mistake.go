package config

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// Mistake is one thing that is wrong with a config file.
type Mistake struct {
	File string
	Line int // from 1
	// Reason says what is wrong, and what to write instead.
	Reason string
}

// Error names file, line and reason.
func (m Mistake) Error() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Reason) }

// Mistakes are all that are wrong with a config file, in the order of their lines.
type Mistakes []Mistake

// Error is a line for each mistake.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, one := range m {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Or returns the mistakes in the order of their lines as an error, nil where there are none.
func (m Mistakes) Or() error {
	if len(m) == 0 {
		return nil
	}
	sort.SliceStable(m, func(i, j int) bool { return m[i].Line < m[j].Line })
	return m
}

// wordy is what a key or an id looks like.
var wordy = regexp.MustCompile(`^[a-z][a-z0-9-]*(/\*)?$`)

// longestQuoted is how many bytes a word has at most that is quoted; keys and hashes are
// longer.
const longestQuoted = 30

// Quoted shows a word of the file, with what it was to be, where it looks like a key or an
// id. Nothing else is quoted: whoever names another file by mistake must not find its
// secrets in a log.
func Quoted(what, word string) string {
	if len(word) <= longestQuoted && wordy.MatchString(word) {
		return fmt.Sprintf("%s %q", what, word)
	}
	return what
}

// Instead says what to write: the nearest of the known words, or where they are listed.
func Instead(word string, known []string, otherwise string) string {
	if near := Nearest(word, known); near != "" {
		return fmt.Sprintf("write %q", near)
	}
	return otherwise
}
