package distro

import (
	"regexp"
	"strings"
)

// secretParts of a web address: who logs in, and what is asked. A password may hold
// an "@" of its own.
var secretParts = regexp.MustCompile(`(://)[^/\s@']*(?:@[^/\s@']*)*@|\?[^\s\]'"]+`)

// withoutCredentials takes what addresses of private repositories carry out of a text.
func withoutCredentials(text string) string { return secretParts.ReplaceAllString(text, "$1") }

const spokenLimit = 300

// spoken makes a program's line fit to be repeated: bounded, and without credentials.
func spoken(line string) string {
	line = withoutCredentials(strings.ToValidUTF8(strings.TrimSpace(line), "?"))
	if r := []rune(line); len(r) > spokenLimit {
		return string(r[:spokenLimit]) + "…"
	}
	return line
}
