package report

import (
	"regexp"
	"slices"
	"strings"

	"github.com/fatih/color"

	"imgcheck/check"
	"imgcheck/clean"
)

// Step writes one line for a step, and under it what was not done. Steps with nothing
// to do, and those that do not run, are folded.
func (t *text) Step(s StepResult) error {
	switch {
	case len(s.Actions) == 0 && s.Status == clean.Skipped.String():
		t.leaveOut(Result{ID: s.ID, Summary: s.Summary})
		return nil
	case len(s.Actions) == 0 && s.Status != clean.Failed.String() && !t.style.Verbose:
		t.idle = append(t.idle, s)
		return nil
	}
	summary := s.Summary
	if s.Error != "" && len(s.Actions) == 0 {
		summary = "could not be done"
	}
	t.step(s.Status, s.ID+": "+summary)
	if t.style.Verbose || slices.ContainsFunc(s.Actions, func(a Action) bool { return a.Status == clean.Planned.String() }) {
		t.all(s)
	} else {
		t.notDone(s)
	}
	var problems []string
	if s.Error != "" {
		for line := range strings.SplitSeq(s.Error, "\n") {
			problems = append(problems, "error: "+line)
		}
	}
	t.fold(problems)
	return t.w.Flush()
}

// step writes a line about steps. Its labels are none of those of checks: a script that
// counts the failures of img_check.sh must not count these.
func (t *text) step(status, rest string) {
	label, c := "[SKIP]", color.FgCyan
	switch status {
	case clean.Planned.String():
		label = "[PLAN]"
	case clean.Done.String():
		label, c = "[DONE]", color.FgGreen
	case clean.Failed.String():
		label, c = "[STEP FAILED]", color.FgRed
	}
	t.labelled(label, c, rest)
}

// all writes every action. Nothing is folded: a dry run is read to see what goes.
func (t *text) all(s StepResult) {
	for _, a := range s.Actions {
		t.under(keep(becameOf(a), a.Path, target(a)))
	}
}

// notDone writes the actions that were not done, and what came of those that were.
func (t *text) notDone(s StepResult) {
	var lines []string
	for _, a := range s.Actions {
		if a.Status != clean.Done.String() || speaksAfterwards(a) {
			lines = append(lines, keep(becameOf(a), a.Path, target(a)))
		}
	}
	t.fold(lines)
}

// becameOf shows an action and what became of it, where it was not simply done.
func becameOf(a Action) string {
	line, reason := actionLine(a), strings.ReplaceAll(a.Error, "\n", "; ")
	if a.Path != "" && strings.Contains(reason, a.Path) {
		line = reason
	} else if reason != "" {
		line += ": " + reason
	}
	switch {
	case a.Status == clean.Failed.String():
		return "failed: " + line
	case a.Status == clean.Skipped.String() && a.Op != clean.OpLeave.String():
		return "left: " + line
	}
	return line
}

// speaksAfterwards reports whether the note of what was done is about what is so now:
// space that a fill did not reach, a file that was written again. Elsewhere it was
// planned, and says why.
func speaksAfterwards(a Action) bool {
	switch a.Op {
	case clean.OpFill.String(), clean.OpTrim.String(), clean.OpTruncate.String(), clean.OpRemove.String(), clean.OpRemoveFolder.String():
		return a.Note != ""
	}
	return false
}

// target is what an action is done to, or the command line that it runs.
func target(a Action) string {
	switch a.Op {
	case clean.OpRun.String():
		return strings.Join(quoted(append(append([]string{}, a.Env...), a.Command...)), " ")
	case clean.OpStop.String():
		return a.Unit
	case clean.OpWait.String():
		return "for " + a.Await
	}
	return a.Path
}

// actionLine shows an action as a command line would.
func actionLine(a Action) string {
	var aside string
	if a.Bytes > 0 {
		aside = check.BinarySize(a.Bytes)
	}
	if a.Note != "" {
		aside = strings.TrimPrefix(aside+", "+a.Note, ", ")
	}
	if aside != "" {
		aside = "  " + aside
	}
	return a.Op + " " + target(a) + aside
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./~-]+$`)

// quoted puts words that a shell would not take as one into quotes.
func quoted(words []string) []string {
	for i, w := range words {
		if !plainWord.MatchString(w) {
			words[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return words
}

// leaveOut notes a step once for each reason: it may belong to several stages.
func (t *text) leaveOut(step Result) {
	same := func(r Result) bool { return r.ID == step.ID && r.Summary == step.Summary }
	if !slices.ContainsFunc(t.leftOut, same) {
		t.leftOut = append(t.leftOut, step)
	}
}

// foldedSteps writes the steps that have nothing of their own to show.
func (t *text) foldedSteps() {
	if len(t.idle) > 0 {
		var names []string
		for _, s := range t.idle {
			names = append(names, s.ID)
		}
		t.step(t.idle[0].Status, "nothing to do: "+strings.Join(names, ", "))
	}
	for _, group := range reasons(t.leftOut) {
		t.step(clean.Skipped.String(), "not run: "+group)
	}
	t.idle, t.leftOut = nil, nil
}
