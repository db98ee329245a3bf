package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// tap writes the Test Anything Protocol, version 14. Each result is written as it
// comes and the plan at the end, so that a run that is cut off has none, which
// harnesses take for a failure.
type tap struct {
	w       io.Writer
	written int
	failed  bool // a step has failed
}

func (t *tap) Result(r Result) error {
	var b strings.Builder
	if t.written == 0 {
		b.WriteString("TAP version 14\n")
	}
	t.written++
	if r.Status != "pass" && r.Status != "warn" && r.Status != "skip" {
		b.WriteString("not ")
	}
	fmt.Fprintf(&b, "ok %d - ", t.written)
	if r.Status == "skip" {
		fmt.Fprintf(&b, "%s # SKIP %s\n", tapEscape(r.ID), tapEscape(r.Summary))
	} else {
		b.WriteString(tapEscape(r.ID+": "+r.Summary) + "\n" + diagnostic(r))
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// Step writes a step that failed.
func (t *tap) Step(s StepResult) error {
	one, failed := failedStep(s)
	if !failed {
		return nil
	}
	t.failed = true
	return t.Result(one)
}

func (t *tap) Close(r *Report) error {
	held := putBack(r)
	for _, one := range append(held, unexplained(r, t.failed || len(held) > 0)...) {
		if err := t.Result(one); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(t.w, "1..%d\n# %s\n", t.written, Verdict(r))
	return err
}

// tapEscape keeps text from being read as a directive.
func tapEscape(s string) string { return strings.NewReplacer(`\`, `\\`, `#`, `\#`).Replace(s) }

// diagnostic is the YAML block under a test point that has something to say.
func diagnostic(r Result) string {
	if r.Status == "pass" && len(telling(r)) == 0 {
		return ""
	}
	var b strings.Builder
	line := func(indent, key, value string) { fmt.Fprintf(&b, "%s%s: %s\n", indent, key, yamlString(value)) }
	b.WriteString("  ---\n")
	line("  ", "status", r.Status)
	shown, rest := gravest(telling(r), most)
	if len(shown) > 0 {
		b.WriteString("  findings:\n")
	}
	for _, f := range shown {
		line("    - ", "level", f.Level)
		line("      ", "path", f.Path)
		fmt.Fprintf(&b, "      line: %d\n", f.Line)
		line("      ", "message", f.Message)
		if f.Waived != nil {
			line("      ", "waived", waiver(f))
		}
	}
	if rest > 0 {
		fmt.Fprintf(&b, "  more_findings: %d\n", rest)
	}
	if r.Error != "" {
		line("  ", "error", r.Error)
	}
	if mendable(r) {
		line("  ", "fix", r.Remedy)
	}
	b.WriteString("  ...\n")
	return b.String()
}

// yamlString quotes text. A JSON string is a double-quoted YAML one.
func yamlString(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string always can be
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
