package report

import (
	"fmt"
	"slices"
	"strings"

	"imgcheck/check"
)

func findings(found []check.Finding) []Finding {
	shown := make([]Finding, len(found))
	for i, f := range found {
		shown[i] = Finding{Level: f.Level.String(), Path: Display(f.Path), Line: f.Line, Message: Display(f.Message)}
		switch w := f.Waiver; {
		case f.Waived():
			shown[i].Waived = &Waiver{Reason: Display(w.Reason), Expires: Display(w.Expires)}
		case w != nil:
			shown[i].Message += Display(fmt.Sprintf(" (counts again: its waiver ended on %s, %s)", w.Expires, w.Reason))
		}
	}
	return shown
}

// waived counts the findings that are accepted.
func waived(findings []Finding) int {
	n := 0
	for _, f := range findings {
		if f.Waived != nil {
			n++
		}
	}
	return n
}

// summary is the one line that stands for a result: what was found, or why there
// is nothing to say. It never hides that a config file has changed the rule or accepts
// what was found.
func summary(c check.Result) string {
	text := outcome(c)
	if c.Status == check.Skip {
		return text
	}
	if c.Check.Changed != "" {
		text += " (by the config file: " + Display(c.Check.Changed) + ")"
	}
	return text
}

func outcome(c check.Result) string {
	counting, accepted, notes := sorted(c.Findings)
	var text string
	switch {
	case c.Status == check.Skip:
		return strings.Join(displayError(c.Err), "; ")
	case c.Status == check.Error || c.Status < check.Pass || c.Status > check.Skip:
		text = "could not be determined"
	case c.Status == check.Pass && accepted > 0:
		return plural(accepted, "finding, which is waived", "findings, all waived")
	case c.Summary != "":
		text = Display(c.Summary)
	case c.Status == check.Pass:
		return passSummary(c.Check, notes)
	default:
		text = found(c.Check.Found, counting)
	}
	if accepted > 0 {
		text += fmt.Sprintf("; %d waived", accepted)
	}
	return text
}

// sorted tells how many findings decide, how many are accepted, and what the notes say.
func sorted(findings []check.Finding) (counting, accepted int, notes []string) {
	for _, f := range findings {
		switch {
		case f.Waived():
			accepted++
		case f.Level > check.LevelNote:
			counting++
		default:
			notes = append(notes, Display(f.Message))
		}
	}
	return counting, accepted, notes
}

// found says how many there are of what a check calls "%d log file|%d log files".
func found(words string, n int) string {
	one, many, several := strings.Cut(words, "|")
	if several && n != 1 {
		one = many
	}
	return strings.Replace(one, "%d", fmt.Sprint(n), 1)
}

// notesInSummary is how many notes a summary is made of; the others are findings only.
const notesInSummary = 3

// passSummary is what a check says that passes: what it noted, else what holds.
func passSummary(c *check.Check, notes []string) string {
	if len(notes) == 0 {
		return c.Title
	}
	shown := slices.Clip(notes[:min(len(notes), notesInSummary)])
	if rest := len(notes) - len(shown); rest > 0 {
		shown = append(shown, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(shown, "; ")
}
