package distro

import (
	"regexp"
	"strings"
)

// sedEdit judges a sed command by whether one of its patterns finds the line.
func sedEdit(arguments []string, line string) edit {
	inPlace, extended := false, false
	var scripts []string
	for _, a := range arguments {
		script, long := strings.CutPrefix(a, "--expression=")
		switch {
		case long || !strings.HasPrefix(a, "-"):
			scripts = append(scripts, script)
		case strings.HasPrefix(a, "--"):
			inPlace = inPlace || strings.HasPrefix(a, "--in-place")
			extended = extended || a == "--regexp-extended"
		default:
			inPlace = inPlace || strings.Contains(a, "i")
			extended = extended || strings.ContainsAny(a, "Er")
		}
	}
	if !inPlace {
		return editNone
	}
	result := editOther
	for _, script := range scripts {
		result = max(result, sedScriptEdit(script, extended, line))
	}
	return result
}

func sedScriptEdit(script string, extended bool, line string) edit {
	patterns := sedPattern.FindAllStringSubmatch(script, -1)
	result := editOther
	if len(patterns) == 0 || lineAddress.MatchString(script) {
		result = editUnclear
	}
	for _, p := range patterns {
		pattern, err := regexp.Compile(sedRegexp(p[2], extended, p[3] == "I"))
		words := strings.ToLower(p[2])
		switch {
		case err != nil:
			result = editUnclear
		case pattern.MatchString(line) && (p[1] == "" || strings.Contains(words, "forcecommand")),
			rangeAddress.MatchString(script) && strings.Contains(words, "match"):
			return editRemoves
		}
	}
	return result
}

var (
	// sedPattern is an address "/…/" with what follows it, or a substitution "s/…/".
	sedPattern = regexp.MustCompile(`(s?)/((?:\\.|[^/\\])+)/(I?)`)
	// rangeAddress goes from one address to another; lineAddress has a number or "$".
	rangeAddress = regexp.MustCompile(`/I?\s*,`)
	lineAddress  = regexp.MustCompile(`(?:^|[;{,])\s*(?:[0-9]+|\$)\s*[,d]`)
	basicEscape  = strings.NewReplacer(
		`\(`, "(", `\)`, ")", `\{`, "{", `\}`, "}", `\|`, "|", `\+`, "+", `\?`, "?",
		"(", `\(`, ")", `\)`, "{", `\{`, "}", `\}`, "|", `\|`, "+", `\+`, "?", `\?`,
		`\\`, `\\`, `\/`, "/", `\<`, `\b`, `\>`, `\b`)
	extendedEscape = strings.NewReplacer(`\\`, `\\`, `\/`, "/", `\<`, `\b`, `\>`, `\b`)
)

// sedRegexp turns one of sed's patterns into one of Go's.
func sedRegexp(pattern string, extended, anyCase bool) string {
	if extended {
		pattern = extendedEscape.Replace(pattern)
	} else {
		pattern = basicEscape.Replace(pattern)
	}
	if anyCase {
		return "(?i)" + pattern
	}
	return pattern
}
