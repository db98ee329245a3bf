// Package check is the catalogue of checks: what a published image must be, one
// rule a file.
//
// A check is a function over a machine that looks and returns findings. It
// promises never to change anything, never to print, and never to put contents of
// a file into a finding: a key is named by type, fingerprint and comment, a secret
// by kind, path and line. It does not decide its own status; Run derives that, so
// that "could not look" cannot become "fine" by mistake.
//
// To add a check: write its file, add its line to Catalogue, and its rows to its test.
package check

import (
	"context"
	"fmt"
	"slices"
	"time"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

// Status is the outcome of one check. The zero value is none of them.
type Status int

// The statuses. Error means that the check could not determine the answer, Skip
// that the question does not apply here.
const (
	Pass Status = iota + 1
	Warn
	Fail
	Error
	Skip
)

// String returns the status in lower case, as the JSON report has it.
func (s Status) String() string {
	switch s {
	case Pass:
		return "pass"
	case Warn:
		return "warn"
	case Fail:
		return "fail"
	case Error:
		return "error"
	case Skip:
		return "skip"
	}
	return fmt.Sprintf("Status(%d)", int(s))
}

// Level is how bad a finding is. The zero value is none of them.
type Level int

// The levels. A Note says what was found and does not change the status.
const (
	LevelNote Level = iota + 1
	LevelWarn
	LevelFail
)

// String returns the level in lower case, as the JSON report has it.
func (l Level) String() string {
	switch l {
	case LevelNote:
		return "note"
	case LevelWarn:
		return "warn"
	case LevelFail:
		return "fail"
	}
	return fmt.Sprintf("Level(%d)", int(l))
}

// Finding is one thing that a check found.
type Finding struct {
	Level Level
	// Path is where, inside the root; empty where there is no one place.
	Path string
	// Line is the line in Path, from 1, or 0.
	Line int
	// Message says what it is. It never quotes the file.
	Message string
	// Waiver is what is said of it in the caller's waivers, nil where nothing is; Lapsed
	// where that does not hold any more. The runner sets them.
	Waiver *Waiver
	Lapsed bool
}

// Func looks at a machine. An error means that it could not look at everything it
// should have; findings made until then count beside it. NotApplicable makes the
// check a Skip instead.
type Func func(context.Context, *distro.Machine) ([]Finding, error)

// Check is one rule and its documentation.
type Check struct {
	// ID is the kebab-case name that users write; it never changes.
	ID       string
	Category string
	// Title says what holds where the check passes.
	Title string
	// Found says what was found, "%d log file|%d log files": for one, and for more.
	Found string
	// Headline: the first finding sums up the others, in the place of Found.
	Headline bool
	// Doc says what is looked at and why.
	Doc string
	// Script says what img_check.sh does here and where we differ on purpose;
	// empty where it does not look at all.
	Script string
	// Sources are the policy pages and threads behind the rule.
	Sources []string
	// Changed says what the caller has changed of the rule, empty where it is as written.
	Changed string
	// Remedy is a sentence by which a vendor mends it, or more. Commands stand in double
	// quotes and hold none, so that they can be shown whole.
	Remedy string
	// FixedBy are the cleaning steps that mend it.
	FixedBy []string
	// NeedsLive: only the running machine can answer.
	NeedsLive bool
	// Upstream: img_check.sh has this check; what it FAILs must FAIL here.
	Upstream bool
	Run      Func
}

// Result is the outcome of one check.
type Result struct {
	Check    *Check
	Status   Status
	Findings []Finding
	// Summary is the headline that the check gave, empty where it gave none.
	Summary string
	// Err is why the check could not look at everything (Error, or beside a Fail),
	// or why it does not apply (Skip).
	Err      error
	Duration time.Duration
}

// notApplicable is the reason of a Skip.
type notApplicable struct{ reason string }

func (n notApplicable) Error() string { return n.reason }

// NotApplicable returns the error by which a check says that its question does not
// apply to this machine, and why.
func NotApplicable(format string, args ...any) error {
	return notApplicable{fmt.Sprintf(format, args...)}
}

// skips reports whether err says that the check does not apply: what cannot exist
// here is a skip, what should have answered and did not is an error. Of several
// errors every one has to be a skip.
//
//nolint:errorlint // the shape of the error is what is asked about
func skips(err error) bool {
	switch e := err.(type) {
	case notApplicable:
		return true
	case interface{ Unwrap() []error }:
		return !slices.ContainsFunc(e.Unwrap(), func(one error) bool { return !skips(one) })
	case interface{ Unwrap() error }:
		return skips(e.Unwrap())
	}
	return err == host.ErrOffline
}

// Worst returns the gravest level among the findings, 0 where there is none.
func Worst(findings []Finding) Level {
	var worst Level
	for _, f := range findings {
		worst = max(worst, f.Level)
	}
	return worst
}

// derive is the one place where a status comes from.
func derive(findings []Finding, err error) Status {
	worst := Worst(findings)
	switch {
	case worst == LevelFail:
		return Fail
	case err != nil && !skips(err):
		return Error
	case worst == LevelWarn:
		return Warn
	case err != nil:
		return Skip
	}
	return Pass
}
