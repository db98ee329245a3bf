package report

import (
	"slices"
	"strings"

	"imgcheck/clean"
)

// Cleaning is what only the report of a run has that changes a machine, or would.
type Cleaning struct {
	DryRun bool `json:"dry_run"`
	// Validated: the checks have looked at the machine after the steps.
	Validated bool `json:"validated"`
	// Sealed: the last stage has run whole, and nothing is held up any more.
	Sealed bool `json:"sealed"`
	// FreedBytes is what the files held that were emptied or removed.
	FreedBytes int64     `json:"freed_bytes"`
	FreeBytes  FreeBytes `json:"free_bytes"`
	Steps      []Step    `json:"steps"`
	Actions    []Action  `json:"actions"`
	// PutBack is what the run had held up and has undone.
	PutBack []string `json:"put_back"`
	// Owed is what could not be put back; the next run tries again.
	Owed []string `json:"owed"`
	// Refusals are the reasons for which a real run would be refused.
	Refusals []string `json:"refusals"`
	// Offered are steps that mend a check that does not pass, and run only where they
	// are asked for.
	Offered []string `json:"offered"`

	// seen is how many results of checks there are so far.
	seen int
}

// FreeBytes is the free space of the root file system before and after the steps, in
// bytes, null where it is not known.
type FreeBytes struct {
	Before *int64 `json:"before"`
	After  *int64 `json:"after"`
}

// Step is what became of one step in one stage.
type Step struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Stage string `json:"stage"`
	// Status is "planned", "done", "failed" or "skipped".
	Status  string `json:"status"`
	Summary string `json:"summary"`
	// Error is why it could not be planned whole, or what was still there afterwards,
	// lines separated by newlines.
	Error      string `json:"error"`
	FreedBytes int64  `json:"freed_bytes"`
	// AfterResults is how many results of checks there were when it ended.
	AfterResults int `json:"after_results"`
}

// Action is one change.
type Action struct {
	Step  string `json:"step"`
	Stage string `json:"stage"`
	Op    string `json:"op"`
	// Path is what is changed: a file, or where a file system is mounted.
	Path string `json:"path"`
	// Status is "planned", "done", "failed" or "skipped".
	Status string `json:"status"`
	// Bytes is how many are freed or, of a fill or a trim, reached.
	Bytes int64 `json:"bytes"`
	// Detail is never nil. Actions without any share one, as there may be 100,000.
	*Detail
}

// Detail is what few actions have.
type Detail struct {
	Error string `json:"error"`
	// Note says why, where the operation alone does not; of what was done, what it did
	// not reach, or what somebody else has put there since.
	Note string `json:"note"`
	// Command and Env are what a run calls, and what it adds to its environment.
	Command []string `json:"command"`
	Env     []string `json:"env"`
	// Unit is what a stop stops.
	Unit string `json:"unit"`
	// Await is what a wait waits for.
	Await string `json:"await"`
}

// StepResult is a step and what it did.
type StepResult struct {
	Step
	Actions []Action
}

// Changes makes it the report of a command that changes a machine, or would.
func (r *Report) Changes(command string) *Cleaning {
	r.Command = command
	r.Cleaning = &Cleaning{
		Steps: []Step{}, Actions: []Action{}, PutBack: []string{}, Owed: []string{}, Refusals: []string{}, Offered: []string{},
	}
	return r.Cleaning
}

// Owe notes what could not be put back. The run is no success then.
func (c *Cleaning) Owe(problem error) { c.Owed = append(c.Owed, displayError(problem)...) }

// AddStep appends the outcome of one step and returns it as it will be shown.
func (c *Cleaning) AddStep(result clean.Result) StepResult {
	shown := StepResult{Step: Step{ID: result.Step.ID, Title: result.Step.Title, Stage: result.Stage.String(), AfterResults: c.seen}}
	before := len(c.Actions)
	c.Actions = slices.Grow(c.Actions, len(result.Outcomes)) // there may be 100,000, which are kept once
	none := &Detail{Command: []string{}, Env: []string{}}
	for _, o := range result.Outcomes {
		c.Actions = append(c.Actions, action(shown.Step, o, none))
		if o.Status == clean.Done && frees(o.Op) {
			shown.FreedBytes += o.Bytes
		}
	}
	if result.Err != nil {
		shown.Error = strings.Join(displayError(result.Err), "\n")
	}
	shown.Status = stepStatus(result, c.DryRun)
	shown.Summary = stepSummary(result.Outcomes, c.DryRun)
	c.FreedBytes += shown.FreedBytes
	shown.Actions = slices.Clip(c.Actions[before:])
	c.Steps = append(c.Steps, shown.Step)
	return shown
}

// LeaveOut appends a step that does not run in a stage, with the reason.
func (c *Cleaning) LeaveOut(step *clean.Step, stage clean.Stage, reason string) StepResult {
	shown := Step{
		ID: step.ID, Title: step.Title, Stage: stage.String(), Status: clean.Skipped.String(), Summary: Display(reason),
		AfterResults: c.seen,
	}
	c.Steps = append(c.Steps, shown)
	return StepResult{Step: shown}
}

// failed returns the ids of the steps that did not work.
func (c *Cleaning) failed() []string {
	var failed []string
	for _, s := range c.Steps {
		if s.Status == clean.Failed.String() && !slices.Contains(failed, s.ID) {
			failed = append(failed, s.ID)
		}
	}
	return failed
}

func stepStatus(result clean.Result, dryRun bool) string {
	left := func(o clean.Outcome) bool { return o.Status == clean.Skipped }
	switch {
	case result.Failed():
		return clean.Failed.String()
	case len(result.Outcomes) > 0 && !slices.ContainsFunc(result.Outcomes, func(o clean.Outcome) bool { return !left(o) }):
		return clean.Skipped.String()
	case dryRun:
		return clean.Planned.String()
	}
	return clean.Done.String()
}

func action(step Step, o clean.Outcome, none *Detail) Action {
	a := Action{
		Step: step.ID, Stage: step.Stage, Op: o.Op.String(), Path: Display(o.At.Path), Status: o.Status.String(),
		Bytes: bytesOf(o), Detail: none,
	}
	if fs := o.FileSystem; fs != nil {
		a.Path = Display(fs.Mount)
	}
	if o.Note != "" || o.Unit != "" || o.Err != nil || o.Call != nil || o.Await != nil || o.FileSystem != nil {
		a.Detail = detail(o)
	}
	return a
}

func detail(o clean.Outcome) *Detail {
	d := &Detail{Note: Display(o.Note), Command: []string{}, Env: []string{}, Unit: Display(o.Unit)}
	if o.Err != nil {
		d.Error = strings.Join(displayError(o.Err), "\n")
	}
	if o.Call != nil {
		d.Command, d.Env = displayAll(o.Call.Argv), displayAll(o.Call.Env)
	}
	if o.Await != nil {
		d.Await = Display(o.Await.What)
	}
	if fs := o.FileSystem; fs != nil && o.Status == clean.Planned {
		d.Note = Display(fs.Type + " on " + fs.Device)
	}
	return d
}

// frees reports whether an operation gives back what a file held.
func frees(op clean.Op) bool { return op == clean.OpTruncate || op == clean.OpRemove }

func displayAll(words []string) []string {
	shown := make([]string, len(words))
	for i, w := range words {
		shown[i] = Display(w)
	}
	return shown
}
