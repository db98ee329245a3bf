package report

import (
	"strings"

	"imgcheck/clean"
)

// Most formats know results only. What did not work in a cleaning is one of them
// there, of this category.
const cleaningCategory = "clean"

// failedSteps returns a result for each step that failed.
func failedSteps(r *Report) []Result {
	var failed []Result
	for _, s := range r.stepResults() {
		if one, is := failedStep(s); is {
			failed = append(failed, one)
		}
	}
	return failed
}

// failedStep returns the result that stands for a step, if it failed. Checks and steps
// have some names in common.
func failedStep(s StepResult) (Result, bool) {
	if s.Status != clean.Failed.String() {
		return Result{}, false
	}
	one := Result{ID: "step-" + s.ID, Category: cleaningCategory, Title: s.Title, Status: "error", Summary: s.Summary}
	for _, a := range s.Actions {
		if a.Status == clean.Failed.String() {
			one.Findings = append(one.Findings, Finding{Level: "fail", Path: a.Path, Message: becameOf(a)})
		}
	}
	return withProblems(one, s.Error), true
}

// putBack returns the result that stands for what is still held up.
func putBack(r *Report) []Result {
	if r.Cleaning == nil || len(r.Owed) == 0 {
		return nil
	}
	return []Result{withProblems(Result{
		ID: "put-back", Category: cleaningCategory, Title: "What was stopped runs again", Status: "error", Summary: "not everything could be put back",
	}, strings.Join(r.Owed, "\n"))}
}

// withProblems adds a finding for each line.
func withProblems(one Result, lines string) Result {
	if lines == "" {
		return one
	}
	for line := range strings.SplitSeq(lines, "\n") {
		one.Findings = append(one.Findings, Finding{Level: "fail", Message: line})
	}
	return one
}

// stepLines returns what text shows of the steps, without colour.
func stepLines(r *Report, verbose bool) []string {
	var b strings.Builder
	t := newText(&b, Style{Verbose: verbose})
	for _, s := range r.stepResults() {
		if err := t.Step(s); err != nil {
			return nil // nothing is written but to memory
		}
	}
	t.foldedSteps()
	if err := t.w.Flush(); err != nil || b.Len() == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

// afterwards returns what is said after the verdict of a cleaning, a sentence a line.
func afterwards(r *Report) []string {
	if r.Cleaning == nil {
		return nil
	}
	var lines []string
	for _, line := range closing(r, usual) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return lines
}
