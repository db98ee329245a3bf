package report

import (
	"fmt"
	"io"
	"strings"

	"imgcheck/check"
)

// explainWidth is the width of explanations in columns.
const explainWidth = 80

// Explain writes what a check looks at, why, how to mend what it finds, what
// img_check.sh does there, and where the rule comes from.
func Explain(w io.Writer, c *check.Check) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n", c.ID, c.Category)
	b.WriteString(wrap(c.Title+".", 0) + "\n\n")
	b.WriteString(wrap(c.Doc, 0) + "\n\n")
	b.WriteString("Fix:\n" + wrap(c.Remedy, 2) + "\n\n")
	script := c.Script
	if script == "" {
		script = "Does not look."
	}
	b.WriteString("img_check.sh:\n" + wrap(script, 2) + "\n")
	if c.NeedsLive {
		b.WriteString("\nOnly the running machine can answer; with --root it is skipped.\n")
	}
	if len(c.Sources) > 0 {
		b.WriteString("\nSources:\n")
		for _, s := range c.Sources {
			b.WriteString("  " + s + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks text between words; a word longer than the width stands alone.
func wrap(text string, indent int) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && indent+len(line)+1+len(word) > explainWidth {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	pad := strings.Repeat(" ", indent)
	return pad + strings.Join(append(lines, line), "\n"+pad)
}
