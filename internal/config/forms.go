package config

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"imgcheck/internal/host"
)

// form says what is wrong with a word, and nothing where it is in order.
type form func(string) string

var userName = regexp.MustCompile(`^[a-z_][a-z0-9_.-]{0,31}$`)

func idForm(s string) string {
	if !wordy.MatchString(s) {
		return "is no id: ids are small letters, digits and hyphens"
	}
	return ""
}

func userForm(s string) string {
	switch {
	case s == "root":
		return "root is no user: the check root-password judges it, and can be waived"
	case !userName.MatchString(s):
		return "is no user name"
	}
	return ""
}

func globForm(s string) string {
	switch {
	case !strings.HasPrefix(s, "/"):
		return "a path must be absolute: begin it with /"
	case host.CheckGlob(s) != nil:
		return "the glob has a [ that is not closed, or ends in a backslash"
	}
	return ""
}

func folderForm(s string) string {
	if strings.TrimSpace(s) == "" || strings.ContainsRune(s, 0) {
		return "plugins must name a folder, or be taken out"
	}
	return ""
}

// longestReason is how many bytes a reason has at most: it is shown beside each finding.
const longestReason = 300

func reasonForm(s string) string {
	switch {
	case strings.TrimSpace(s) == "":
		return "the reason is empty: say why it is accepted"
	case len(s) > longestReason:
		return fmt.Sprintf("the reason is longer than %d bytes", longestReason)
	case strings.ContainsFunc(s, unicode.IsControl):
		return "the reason must be one line"
	}
	return ""
}
