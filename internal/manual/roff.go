package manual

import (
	"fmt"
	"strings"
)

// roff is a text in the language of manual pages (groff_man(7)).
type roff struct{ strings.Builder }

// macro writes a macro on a line of its own; what is to be shown of its arguments has
// been escaped.
func (r *roff) macro(name string, args ...string) {
	r.WriteString("." + name)
	for _, a := range args {
		r.WriteString(` "` + strings.ReplaceAll(a, `"`, `\(dq`) + `"`)
	}
	r.WriteString("\n")
}

// line writes text that has been escaped.
func (r *roff) line(text string) { r.WriteString(text + "\n") }

// verbatim writes lines as they are.
func (r *roff) verbatim(lines []string) {
	r.macro("nf")
	r.macro("RS", "0n")
	for _, l := range lines {
		r.line(escaped(strings.TrimPrefix(l, "  ")))
	}
	r.macro("RE")
	r.macro("fi")
}

func bold(text string) string { return `\fB` + escaped(text) + `\fR` }

// escaped makes text mean itself: hyphens and quotes stay what a shell reads, and no
// line is taken for a macro.
func escaped(text string) string {
	text = strings.NewReplacer(
		`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`,
	).Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") {
			lines[i] = `\&` + l
		}
	}
	var b strings.Builder
	for _, c := range strings.Join(lines, "\n") {
		if c > '~' {
			fmt.Fprintf(&b, `\[u%04X]`, c)
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}
