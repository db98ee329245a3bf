package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// shownByGitHub is how many annotations of one kind GitHub shows of a step; it drops
// the others without a word.
const shownByGitHub = 10

// github writes workflow commands: the verdict, then an annotation for each check
// that does not pass or has something waived, the gravest first. They name no file, as
// the paths of an image are not those of the repository.
type github struct {
	atEnd
	w io.Writer
}

type annotation struct{ kind, title, message string }

func (g github) Close(r *Report) error {
	sentences := append([]string{Verdict(r)}, afterwards(r)...)
	all := []annotation{{kind(r.Verdict), r.Tool.Name, strings.Join(sentences, "\n")}}
	for _, status := range []string{"fail", "error", "warn", "pass"} {
		for _, one := range entriesWith(r, status) {
			if status == "pass" && len(telling(one)) == 0 || one.ID == "verdict" { // which is told already
				continue
			}
			all = append(all, annotation{kind(status), one.ID, annotationText(one)})
		}
	}
	var b strings.Builder
	for _, one := range []string{"error", "warning", "notice"} {
		for _, a := range foldAnnotations(all, one, r.Tool.Name) {
			fmt.Fprintf(&b, "::%s title=%s::%s\n", a.kind, commandProperty(a.title), commandData(a.message))
		}
	}
	_, err := io.WriteString(g.w, b.String())
	return err
}

// annotationText is short enough for GitHub, which takes 64 KiB.
func annotationText(r Result) string {
	lines := append([]string{r.Summary}, body(r, folded)...)
	for i, line := range lines {
		lines[i] = clip(line, longestLine)
	}
	return strings.Join(lines, "\n")
}

// foldAnnotations returns the annotations of one kind; where there are more than are
// shown, the last one names the others.
func foldAnnotations(all []annotation, kind, title string) []annotation {
	all = slices.DeleteFunc(slices.Clone(all), func(a annotation) bool { return a.kind != kind })
	if len(all) <= shownByGitHub {
		return all
	}
	var names []string
	for _, a := range all[shownByGitHub-1:] {
		names = append(names, a.title)
	}
	message := fmt.Sprintf("and %d more: %s", len(names), strings.Join(names, ", "))
	return append(all[:shownByGitHub-1], annotation{kind, title, message})
}

// kind is the kind of annotation for a status or a verdict.
func kind(status string) string {
	switch status {
	case "pass":
		return "notice"
	case "warn":
		return "warning"
	}
	return "error"
}

// commandData escapes the text of a workflow command, as the runner's own library does.
func commandData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// commandProperty escapes a property of a workflow command.
func commandProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(commandData(s))
}
