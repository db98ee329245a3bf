package distro

import (
	"regexp"
	"strings"
)

// aptPattern is a name, a shell pattern, or /a regular expression/, whatever the case.
type aptPattern struct {
	text string
	// source: about the packages of a source package; arch: of that architecture.
	source  bool
	arch    string
	matcher *regexp.Regexp // nil for a plain name
}

// packagePattern reads "name", "name:arch", "src:name".
func packagePattern(text string) (aptPattern, error) {
	name, source := strings.CutPrefix(text, "src:")
	arch := ""
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name, arch = name[:i], name[i+1:]
	}
	p, err := compilePattern(name)
	p.source, p.arch = source, arch
	return p, err
}

func compilePattern(text string) (aptPattern, error) {
	p := aptPattern{text: text}
	expression := ""
	switch {
	case len(text) > 1 && text[0] == '/' && text[len(text)-1] == '/':
		expression = text[1 : len(text)-1]
	case strings.ContainsAny(text, "*?["):
		expression = shellPattern(text)
	default:
		return p, nil
	}
	var err error
	p.matcher, err = regexp.Compile("(?is)" + expression)
	return p, err
}

// shellPattern turns fnmatch(3) into a regular expression. "*" crosses slashes, as
// apt calls it.
func shellPattern(text string) string {
	var e strings.Builder
	e.WriteString("^")
	for i := 0; i < len(text); i++ {
		end := strings.IndexByte(text[min(i+2, len(text)):], ']')
		switch {
		case text[i] == '*':
			e.WriteString(".*")
		case text[i] == '?':
			e.WriteString(".")
		case text[i] == '[' && end >= 0:
			class := text[i+1 : i+2+end]
			if class[0] == '!' {
				class = "^" + class[1:]
			}
			e.WriteString("[" + strings.NewReplacer(`\`, `\\`, "[", `\[`).Replace(class) + "]")
			i += 2 + end
		default:
			e.WriteString(regexp.QuoteMeta(text[i : i+1]))
		}
	}
	return e.String() + "$"
}

func (p aptPattern) matches(name string) bool {
	if p.matcher != nil {
		return p.matcher.MatchString(name)
	}
	return strings.EqualFold(p.text, name)
}
