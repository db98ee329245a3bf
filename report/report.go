// Package report is what imgcheck says: the report as a value, its verdict, and
// one file for each format it can be written in.
//
// It promises that every string in a report is in display form, so that a hostile
// file name can neither move the cursor of a terminal nor break a parser, and that
// what could not be looked at is never summed up as fine. Only this package knows
// formats and colours.
package report

import (
	"context"
	"strings"
	"time"

	"imgcheck/check"
	"imgcheck/distro"
)

// Schema is the name of the JSON report's form. Within v1 fields may be added;
// none is renamed or removed.
const Schema = "imgcheck.report/v1"

// Report is one run. Its JSON form is described by docs/report.schema.json.
type Report struct {
	Schema     string    `json:"schema"`
	Tool       Tool      `json:"tool"`
	Command    string    `json:"command"`
	Mode       string    `json:"mode"` // "live" or "root"
	Root       string    `json:"root"`
	Machine    Machine   `json:"machine"`
	StartedAt  time.Time `json:"started_at"`
	DurationMS int64     `json:"duration_ms"`
	Verdict    string    `json:"verdict"` // "pass", "warn", "fail" or "error"
	ExitCode   int       `json:"exit_code"`
	Counts     Counts    `json:"counts"`
	Results    []Result  `json:"results"`
	// Cleaning is nil where a run changes nothing; its fields are the report's own.
	*Cleaning

	strict  bool
	started time.Time
}

// Tool is the program that made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit"`
}

// Machine is the machine that was looked at. Kernel and Vendor are known of a
// running one only.
type Machine struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version string `json:"version"`
	Family  string `json:"family"`
	Kernel  string `json:"kernel"`
	Vendor  string `json:"vendor"`
}

// Counts counts checks by status, and waived findings.
type Counts struct {
	Pass   int `json:"pass"`
	Warn   int `json:"warn"`
	Fail   int `json:"fail"`
	Error  int `json:"error"`
	Skip   int `json:"skip"`
	Waived int `json:"waived"`
}

// Result is the outcome of one check.
type Result struct {
	ID       string    `json:"id"`
	Category string    `json:"category"`
	Title    string    `json:"title"`
	Status   string    `json:"status"`
	Summary  string    `json:"summary"`
	Findings []Finding `json:"findings"`
	Remedy   string    `json:"remedy"`
	FixedBy  []string  `json:"fixed_by"`
	Upstream bool      `json:"upstream"`
	// Changed says what a config file has changed of the rule, empty where nothing.
	Changed string `json:"changed,omitempty"`
	// Error is why the check could not look at everything, lines separated by newlines.
	Error      string  `json:"error"`
	DurationMS float64 `json:"duration_ms"`
}

// Finding is one thing that a check found.
type Finding struct {
	Level   string `json:"level"`
	Path    string `json:"path"`
	Line    int    `json:"line"` // from 1; 0 where there is none
	Message string `json:"message"`
	// Waived is why the finding is accepted, null where it is not.
	Waived *Waiver `json:"waived"`
}

// Waiver is an accepted exception.
type Waiver struct {
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
}

// Exit codes of a finished run.
const (
	ExitPublishable  = 0
	ExitFail         = 1
	ExitUndetermined = 3
)

// New starts the report of one run over m. With strict a warning counts as a failure.
func New(tool Tool, m *distro.Machine, strict bool) *Report {
	mode := "root"
	if m.Live {
		mode = "live"
	}
	started := m.Now()
	return &Report{
		Schema: Schema, Tool: tool, Command: "check", Mode: mode, Root: Display(m.Root.Dir()),
		Machine: Machine{
			ID: Display(m.OS.ID), Name: Display(m.OS.Name), Version: Display(m.OS.Version), Family: string(m.Family),
		},
		StartedAt: started.UTC().Truncate(time.Second),
		Results:   []Result{},
		strict:    strict,
		started:   started,
	}
}

// Describe adds what only a running machine knows of itself. Of a tree it knows
// nothing, which is what the report then says.
func (r *Report) Describe(ctx context.Context, m *distro.Machine) {
	if kernel, err := m.Facts.Kernel(ctx); err == nil {
		r.Machine.Kernel = Display(kernel)
	}
	if vendor, err := m.Facts.Vendor(ctx); err == nil {
		r.Machine.Vendor = Display(vendor)
	}
}

// Add appends the outcome of one check and returns it as it will be shown.
func (r *Report) Add(c check.Result) Result {
	if c.Status < check.Pass || c.Status > check.Skip {
		c.Status = check.Error // what is no outcome is no pass
	}
	shown := Result{
		ID: c.Check.ID, Category: c.Check.Category, Title: c.Check.Title,
		Status: c.Status.String(), Summary: summary(c), Findings: findings(c.Findings),
		Remedy: c.Check.Remedy, FixedBy: append([]string{}, c.Check.FixedBy...), Upstream: c.Check.Upstream,
		Changed:    Display(c.Check.Changed),
		DurationMS: float64(c.Duration.Microseconds()) / 1000,
	}
	if c.Status != check.Skip && c.Err != nil {
		shown.Error = strings.Join(displayError(c.Err), "\n")
	}
	r.Results = append(r.Results, shown)
	if r.Cleaning != nil {
		r.seen = len(r.Results)
	}
	r.count(c.Status)
	r.Counts.Waived += waived(shown.Findings)
	return shown
}

func (r *Report) count(s check.Status) {
	switch s {
	case check.Pass:
		r.Counts.Pass++
	case check.Warn:
		r.Counts.Warn++
	case check.Fail:
		r.Counts.Fail++
	case check.Skip:
		r.Counts.Skip++
	default:
		r.Counts.Error++
	}
}

// Finish sums the report up at the given time.
func (r *Report) Finish(now time.Time) {
	r.DurationMS = now.Sub(r.started).Milliseconds()
	switch {
	case r.Counts.Fail > 0, r.strict && r.Counts.Warn > 0:
		r.Verdict, r.ExitCode = "fail", ExitFail
	case r.Counts.Error > 0, r.Cleaning != nil && len(r.failed())+len(r.Owed) > 0, len(r.Results) == 0 && r.validated():
		r.Verdict, r.ExitCode = "error", ExitUndetermined
	case r.Counts.Warn > 0, !r.validated():
		r.Verdict, r.ExitCode = "warn", ExitPublishable
	default:
		r.Verdict, r.ExitCode = "pass", ExitPublishable
	}
}

// validated reports whether the checks were to look at the machine. Where they were
// not, no verdict reads as a pass.
func (r *Report) validated() bool { return r.Cleaning == nil || r.Validated }
