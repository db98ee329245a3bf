package report

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// most is how many findings of one check a document holds. Where there are more, it
// says so; the JSON report has all of them.
const most = 500

// atEnd is the part of a format that is one document, written when all is known.
type atEnd struct{}

// Result does nothing: Close has all results.
func (atEnd) Result(Result) error { return nil }

// Step does nothing: Close has all steps.
func (atEnd) Step(StepResult) error { return nil }

// headline is the verdict in two or three words.
func headline(r *Report) string {
	sentence := Verdict(r)
	if end := strings.IndexAny(sentence, ":,."); end > 0 {
		return sentence[:end]
	}
	return sentence
}

// grounds is the verdict without its headline, where that is a part of its own.
func grounds(r *Report) string { return strings.TrimPrefix(Verdict(r), headline(r)+": ") }

// unexplained returns a result that stands for a verdict which no other result
// explains: nothing was looked at, or warnings count as failures. A consumer that
// looks at results only must not read such a run as a pass.
func unexplained(r *Report, explained bool) []Result {
	one := Result{
		ID: "verdict", Category: r.Tool.Name, Title: "Nothing but single checks decides", Status: r.Verdict, Summary: Verdict(r),
	}
	switch {
	case r.Verdict == "fail" && r.Counts.Fail == 0:
	case r.Verdict == "error" && r.Counts.Error == 0 && !explained:
	case !r.validated():
		one.Status = "skip"
	default:
		return nil
	}
	return []Result{one}
}

// entries are the results and what stands for all else that decides the verdict.
func entries(r *Report) []Result {
	failed := append(failedSteps(r), putBack(r)...)
	all := append([]Result(nil), r.Results...)
	return append(append(all, failed...), unexplained(r, len(failed) > 0)...)
}

// entriesWith are the entries with a status.
func entriesWith(r *Report, status string) []Result {
	var found []Result
	for _, one := range entries(r) {
		if one.Status == status {
			found = append(found, one)
		}
	}
	return found
}

// gravest returns at most limit findings, those that decide first, and how many it
// left out.
func gravest(findings []Finding, limit int) (shown []Finding, rest int) {
	shown = slices.Clone(findings)
	sort.SliceStable(shown, func(i, j int) bool { return weight(shown[i]) > weight(shown[j]) })
	rest = max(0, len(shown)-limit)
	return shown[:len(shown)-rest], rest
}

func weight(f Finding) int {
	switch {
	case f.Level == "note":
		return 0
	case f.Waived != nil:
		return 1
	case f.Level == "warn":
		return 2
	}
	return 3
}

// telling are the findings that a result is to be read with. What passes is told whole
// by its summary, unless it passes by a waiver.
func telling(r Result) []Finding {
	if r.Status == "pass" && waived(r.Findings) == 0 {
		return nil
	}
	return r.Findings
}

// explanation returns the lines under a result: at most limit findings, and as many
// about what could not be looked at.
func explanation(r Result, limit int) []string {
	shown, rest := gravest(telling(r), limit)
	var lines []string
	for _, f := range shown {
		lines = append(lines, findingLine(f)+aside(r, f))
	}
	lines = append(lines, andMore(rest)...)
	faults := unread(r)
	for _, fault := range faults[:min(len(faults), limit)] {
		lines = append(lines, "could not look: "+fault)
	}
	return append(lines, andMore(len(faults)-limit)...)
}

// body is the explanation and the remedy.
func body(r Result, limit int) []string {
	lines := explanation(r, limit)
	if mendable(r) {
		lines = append(lines, "fix: "+r.Remedy)
	}
	return lines
}

func andMore(rest int) []string {
	if rest <= 0 {
		return nil
	}
	return []string{fmt.Sprintf("and %d more (the JSON report has all)", rest)}
}

// unread returns what could not be looked at, line by line.
func unread(r Result) []string {
	if r.Error == "" {
		return nil
	}
	return strings.Split(r.Error, "\n")
}

func mendable(r Result) bool { return (r.Status == "fail" || r.Status == "warn") && r.Remedy != "" }

// subject names what was examined.
func subject(r *Report) string {
	name := strings.TrimSpace(r.Machine.Name + " " + r.Machine.Version)
	if name == "" {
		name = "unknown system"
	}
	if r.Mode == "live" {
		return name + ", running machine"
	}
	return name + " in " + r.Root
}

// origin names what made the report, and when.
func origin(r *Report) string {
	return fmt.Sprintf("%s %s (%s), %s", r.Tool.Name, r.Tool.Version, r.Tool.Commit, r.StartedAt.UTC().Format("2006-01-02 15:04 MST"))
}

// ended is when the run ended.
func ended(r *Report) time.Time {
	return r.StartedAt.Add(time.Duration(r.DurationMS) * time.Millisecond)
}
