package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"imgcheck/check"
	"imgcheck/clean"
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
	if len(c.FixedBy) > 0 {
		b.WriteString("\nMended by the cleaning steps:\n" + wrap(strings.Join(c.FixedBy, ", "), 2) + "\n")
	}
	if c.NeedsLive {
		b.WriteString("\nOnly the running machine can answer; with --root it is skipped.\n")
	}
	b.WriteString(sources(c.Sources))
	_, err := io.WriteString(w, b.String())
	return err
}

// ExplainStep writes what a cleaning step does, why, and what it leaves, what
// cleanup.sh does there, where the rule comes from, and which of the checks it mends.
func ExplainStep(w io.Writer, s *clean.Step, checks []*check.Check) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (step, %s)\n\n", s.ID, stages(s))
	b.WriteString(wrap(s.Title+".", 0) + "\n\n")
	b.WriteString(wrap(s.Doc, 0) + "\n\n")
	script := s.Script
	if script == "" {
		script = "Does nothing here."
	}
	b.WriteString("cleanup.sh:\n" + wrap(script, 2) + "\n")
	if !s.Default {
		b.WriteString("\n" + wrap("Runs only where it is asked for: imgcheck clean --also "+s.ID, 0) + "\n")
	}
	if s.NeedsLive {
		b.WriteString("\nWorks on the running machine only; with --root it is left out.\n")
	}
	if mends := mended(s, checks); len(mends) > 0 {
		b.WriteString("\nMends the checks:\n" + wrap(strings.Join(mends, ", "), 2) + "\n")
	}
	b.WriteString(sources(s.Sources))
	_, err := io.WriteString(w, b.String())
	return err
}

// mended returns the ids of the checks that name the step as their cure.
func mended(s *clean.Step, checks []*check.Check) []string {
	var mends []string
	for _, c := range checks {
		if slices.Contains(c.FixedBy, s.ID) {
			mends = append(mends, c.ID)
		}
	}
	return mends
}

func sources(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return "\nSources:\n  " + strings.Join(all, "\n  ") + "\n"
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
