package report

import (
	"fmt"
	"slices"

	"imgcheck/clean"
)

// consistent makes sure that a report says of itself what its results say.
func (r *Report) consistent() error {
	counted := Counts{}
	for _, one := range r.Results {
		if one.ID == "" || !counted.add(one.Status) {
			return fmt.Errorf("%w: a result %q has the status %q", ErrInconsistent, one.ID, one.Status)
		}
		counted.Waived += waived(one.Findings)
		for _, f := range one.Findings {
			if f.Level != "note" && f.Level != "warn" && f.Level != "fail" {
				return fmt.Errorf("%w: a finding of %s has the level %q", ErrInconsistent, one.ID, f.Level)
			}
		}
	}
	if counted != r.Counts {
		return fmt.Errorf("%w: its counts are not those of its results", ErrInconsistent)
	}
	if err := r.knownChanges(); err != nil {
		return err
	}
	return r.wellJudged()
}

// add counts a status and reports whether there is such a one.
func (c *Counts) add(status string) bool {
	switch status {
	case "pass":
		c.Pass++
	case "warn":
		c.Warn++
	case "fail":
		c.Fail++
	case "error":
		c.Error++
	case "skip":
		c.Skip++
	default:
		return false
	}
	return true
}

// knownChanges makes sure that steps and actions have come to something.
func (r *Report) knownChanges() error {
	known := []string{clean.Planned.String(), clean.Done.String(), clean.Failed.String(), clean.Skipped.String()}
	for _, s := range r.stepResults() {
		if s.ID == "" || !slices.Contains(known, s.Status) {
			return fmt.Errorf("%w: a step %q has the status %q", ErrInconsistent, s.ID, s.Status)
		}
		for _, a := range s.Actions {
			if !slices.Contains(known, a.Status) {
				return fmt.Errorf("%w: an action of %s has the status %q", ErrInconsistent, s.ID, a.Status)
			}
		}
	}
	return nil
}

// wellJudged makes sure that the verdict is no better than what it rests on. It may be
// worse, by --strict.
func (r *Report) wellJudged() error {
	codes := map[string]int{"pass": ExitPublishable, "warn": ExitPublishable, "fail": ExitFail, "error": ExitUndetermined}
	code, known := codes[r.Verdict]
	if !known {
		return fmt.Errorf("%w: its verdict is %q", ErrInconsistent, r.Verdict)
	}
	if code != r.ExitCode {
		return fmt.Errorf("%w: its verdict is %s and its exit code %d", ErrInconsistent, r.Verdict, r.ExitCode)
	}
	nothing := len(r.Results) == 0 && r.validated()
	switch {
	case r.Counts.Fail > 0 && r.Verdict != "fail",
		code == ExitPublishable && (r.Counts.Error > 0 || nothing || r.unfinished()),
		r.Verdict == "pass" && (r.Counts.Warn > 0 || !r.validated()):
		return fmt.Errorf("%w: its verdict is %s, and its results are worse", ErrInconsistent, r.Verdict)
	}
	return nil
}

// unfinished reports whether something of a cleaning did not work.
func (r *Report) unfinished() bool { return r.Cleaning != nil && len(r.failed())+len(r.Owed) > 0 }
