package distro

import (
	"regexp"
	"strings"
)

// secretParts of a web address: who logs in, and what is asked. A password may hold
// an "@" of its own.
var secretParts = regexp.MustCompile(`(://)[^/\s@']*(?:@[^/\s@']*)*@|\?[^\s\]'"]+`)

// tokenPart is a folder in an address that reads like a token ("/priv/0123…/debian").
var tokenPart = regexp.MustCompile(`/[A-Za-z0-9]{24,}`)

// withoutCredentials takes what addresses of private repositories carry out of a text.
func withoutCredentials(text string) string {
	return tokenPart.ReplaceAllString(secretParts.ReplaceAllString(text, "$1"), "/…")
}

const spokenLimit = 300

// spoken makes a program's line fit to be repeated: bounded, and without credentials.
func spoken(line string) string {
	line = withoutCredentials(strings.ToValidUTF8(strings.TrimSpace(line), "?"))
	if r := []rune(line); len(r) > spokenLimit {
		return string(r[:spokenLimit]) + "…"
	}
	return line
}
