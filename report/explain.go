package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"imgcheck/check"
	"imgcheck/clean"
)

// Explain writes what a check looks at, why, how to mend what it finds, what
// img_check.sh does there, and where the rule comes from, for a terminal of so many
// columns; 0 is none.
func Explain(w io.Writer, c *check.Check, columns int) error {
	e := entry{width: textWidth(columns)}
	e.head(fmt.Sprintf("%s (%s)", c.ID, c.Category), c.Title, c.Doc)
	e.WriteString("\nFix:\n  " + remedy(c.Remedy, e.width, 2, 2) + "\n")
	e.section("img_check.sh", orWords(c.Script, "Does not look."))
	e.section("Mended by the cleaning steps", strings.Join(c.FixedBy, ", "))
	if c.NeedsLive {
		e.say("Only the running machine can answer; with --root it is skipped.")
	}
	e.WriteString(sources(c.Sources))
	_, err := io.WriteString(w, e.String())
	return err
}

// ExplainStep writes what a cleaning step does, why, and what it leaves, what
// cleanup.sh does there, where the rule comes from, and which of the checks it mends,
// for a terminal of so many columns; 0 is none.
func ExplainStep(w io.Writer, s *clean.Step, checks []*check.Check, columns int) error {
	e := entry{width: textWidth(columns)}
	e.head(fmt.Sprintf("%s (step, %s)", s.ID, stages(s)), s.Title, s.Doc)
	e.section("cleanup.sh", orWords(s.Script, "Does nothing here."))
	if !s.Default {
		e.say("Runs only where it is asked for: " + keep(asking, asking) + s.ID)
	}
	if s.NeedsLive {
		e.say("Works on the running machine only; with --root it is left out.")
	}
	e.section("Mends the checks", strings.Join(mended(s, checks), ", "))
	e.WriteString(sources(s.Sources))
	_, err := io.WriteString(w, e.String())
	return err
}

// asking is how a step is run that does not run by default.
const asking = "imgcheck clean --also "

// entry is an explanation that is being written.
type entry struct {
	strings.Builder
	width int
}

func (e *entry) head(name, title, doc string) {
	e.WriteString(name + "\n")
	e.say(title + ".")
	e.say(doc)
}

func (e *entry) say(text string) { e.WriteString("\n" + layout(text, e.width, 0, 0) + "\n") }

// section writes a text under a heading; nothing where there is none.
func (e *entry) section(heading, text string) {
	if text != "" {
		e.WriteString("\n" + heading + ":\n  " + layout(text, e.width, 2, 2) + "\n")
	}
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
