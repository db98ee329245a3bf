package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fatih/color"
)

const (
	indent = "       " // under "[PASS] "
	// folded is how many findings, and faults, of a check are shown without -v.
	folded = 10
)

// text writes for people, and keeps the closing lines of img_check.sh for scripts
// that look for them.
type text struct {
	w       *bufio.Writer
	style   Style
	skipped []Result
	// idle are steps that had nothing to do, leftOut those that do not run.
	idle    []StepResult
	leftOut []Result
}

func newText(w io.Writer, style Style) *text { return &text{w: bufio.NewWriter(w), style: style} }

func (t *text) Result(r Result) error {
	t.foldedSteps()
	if r.Status == "skip" && !t.style.Verbose {
		t.skipped = append(t.skipped, r)
		return nil
	}
	t.line(r.Status, r.ID+": "+r.Summary)
	t.findings(r)
	t.unread(r)
	if r.Status == "fail" || r.Status == "warn" {
		t.fix(r.Remedy)
	}
	return t.w.Flush()
}

func (t *text) line(status, rest string) {
	t.labelled("["+strings.ToUpper(status)+"]", statusColor(status), rest)
}

func (t *text) labelled(label string, c color.Attribute, rest string) {
	fmt.Fprintln(t.w, t.paint(c, label)+" "+t.laidOut(rest, len(label)+1, len(indent)))
}

// laidOut returns text in lines that the terminal has room for, and elsewhere in one
// line, as what reads a log looks for lines.
func (t *text) laidOut(text string, start, hang int) string {
	if t.style.Width <= 0 {
		return unbound(text)
	}
	return layout(text, textWidth(t.style.Width), start, hang)
}

func (t *text) fix(how string) {
	const label = "fix:"
	if t.style.Width > 0 {
		hang := len(indent + label + " ")
		how = remedy(how, textWidth(t.style.Width), hang, hang)
	}
	fmt.Fprintln(t.w, indent+t.paint(color.Bold, label)+" "+how)
}

func (t *text) findings(r Result) {
	shown := r.Findings
	if !t.style.Verbose {
		shown = slices.DeleteFunc(slices.Clone(shown), func(f Finding) bool { return f.Level == "note" })
	}
	var lines []string
	for i, f := range shown {
		if f.Path == "" && f.Waived == nil && (f.Message == r.Summary || r.Status == "pass" && i < notesInSummary && strings.Contains(r.Summary, f.Message)) {
			continue // the summary is made of it
		}
		lines = append(lines, keep(findingLine(f)+aside(r, f), f.Path))
	}
	t.fold(lines)
}

// unread says what could not be looked at.
func (t *text) unread(r Result) {
	var lines []string
	if r.Error != "" {
		for l := range strings.SplitSeq(r.Error, "\n") {
			lines = append(lines, "could not look: "+l)
		}
	}
	t.fold(lines)
}

// fold writes lines under a result, without -v the first of them.
func (t *text) fold(lines []string) {
	shown := lines
	if !t.style.Verbose {
		shown = lines[:min(len(lines), folded)]
	}
	for _, l := range shown {
		t.under(l)
	}
	if rest := len(lines) - len(shown); rest > 0 {
		fmt.Fprintf(t.w, "%sand %d more (-v shows all)\n", indent, rest)
	}
}

// under writes a line that belongs to the result above it.
func (t *text) under(line string) {
	fmt.Fprintln(t.w, indent+t.laidOut(line, len(indent), len(indent)+2))
}

func findingLine(f Finding) string {
	at := f.Path
	if f.Line > 0 {
		at = fmt.Sprintf("%s:%d", f.Path, f.Line)
	}
	if at == "" {
		return f.Message
	}
	return at + "  " + f.Message
}

// aside marks what did not decide the status.
func aside(r Result, f Finding) string {
	switch {
	case f.Waived != nil:
		return " (waived " + waiver(f) + ")"
	case r.Status == "fail" && f.Level == "warn":
		return " (a warning)"
	}
	return ""
}

// waiver tells why a finding is accepted, and for how long.
func waiver(f Finding) string { return fmt.Sprintf("until %s: %s", f.Waived.Expires, f.Waived.Reason) }

func (t *text) Close(r *Report) error {
	t.foldedSteps()
	if len(t.skipped) > 0 {
		t.line("skip", strings.Join(reasons(t.skipped), "; "))
	}
	fmt.Fprintln(t.w)
	if r.validated() {
		t.counts(r.Counts)
	}
	for line := range strings.SplitSeq(t.laidOut(Verdict(r), 0, 0), "\n") {
		fmt.Fprintln(t.w, t.paint(statusColor(r.Verdict), line))
	}
	if r.Cleaning != nil {
		for _, line := range closing(r, textWidth(t.style.Width)) {
			fmt.Fprintln(t.w, line)
		}
	}
	return t.w.Flush()
}

// counts writes the closing lines of img_check.sh. They are left out where nothing was
// validated: "0 Tests FAILED" would read as a pass.
func (t *text) counts(c Counts) {
	fmt.Fprintf(t.w, "%d Tests PASSED\n%d WARNINGS\n%d Tests FAILED\n", c.Pass, c.Warn, c.Fail)
	if c.Error > 0 {
		fmt.Fprintf(t.w, "%d ERRORS\n", c.Error)
	}
	fmt.Fprintln(t.w)
}

func (t *text) paint(a color.Attribute, s string) string {
	c := color.New(a)
	if !t.style.Color {
		c.DisableColor()
	} else {
		c.EnableColor()
	}
	return c.Sprint(s)
}

func statusColor(status string) color.Attribute {
	switch status {
	case "pass":
		return color.FgGreen
	case "warn":
		return color.FgYellow
	case "fail", "error":
		return color.FgRed
	}
	return color.FgCyan
}
