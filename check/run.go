package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sort"
	"time"

	"imgcheck/distro"
)

// grace is how long a check that does not heed its deadline is waited for.
const grace = 5 * time.Second

// ErrTimeout says that a check did not end within its time.
var ErrTimeout = errors.New("did not end in time")

// Limits is what the caller of Run sets.
type Limits struct {
	// Timeout is the longest time for one check.
	Timeout time.Duration
	// Waivers accept findings; they never accept that a check could not look.
	Waivers []*Waiver
	// LeftOut are the ids of checks that are not to run, with the NotApplicable
	// reason that becomes their result.
	LeftOut map[string]error
}

// Run runs the checks on the machine, all at once, and yields their results in the
// order of checks, each as soon as it and those before it are known. When ctx ends
// the checks that still run end as errors.
func Run(ctx context.Context, m *distro.Machine, checks []*Check, limits Limits) iter.Seq[Result] {
	pending := make([]chan Result, len(checks))
	for i, c := range checks {
		pending[i] = make(chan Result, 1)
		go func() { pending[i] <- run(ctx, m, c, limits) }()
	}
	return func(yield func(Result) bool) {
		for _, p := range pending {
			if !yield(<-p) {
				return
			}
		}
	}
}

// run runs one check. It returns at the deadline even if the check does not: a
// look at a hung file system cannot be called off.
func run(ctx context.Context, m *distro.Machine, c *Check, limits Limits) Result {
	if reason := limits.LeftOut[c.ID]; reason != nil {
		return result(c, nil, reason)
	}
	if c.NeedsLive && !m.Live {
		return result(c, nil, NotApplicable("needs the running machine"))
	}
	started := m.Now()
	ctx, cancel := context.WithTimeout(ctx, limits.Timeout)
	defer cancel()
	done := make(chan Result, 1)
	go func() { done <- look(ctx, m, c, limits) }()
	var r Result
	select {
	case r = <-done:
	case <-overdue(ctx):
		r = result(c, nil, fmt.Errorf("%w (%s)", ErrTimeout, limits.Timeout))
	}
	r.Duration = m.Now().Sub(started)
	return r
}

// look calls the check. A crash in one check must not take the others' results
// with it, nor look like a pass.
func look(ctx context.Context, m *distro.Machine, c *Check, limits Limits) (r Result) {
	defer func() {
		if crash := recover(); crash != nil {
			r = result(c, nil, fmt.Errorf("crashed, please report this: %s", crashReason(crash)))
		}
	}()
	findings, err := c.Run(ctx, m)
	if ctx.Err() != nil { // whatever it says, it may not have seen everything
		err = errors.Join(ErrTimeout, err)
	}
	limits.waive(c, findings, m.Now())
	return result(c, findings, err)
}

// crashReason describes a panic. Go's own words quote nothing; what a library panics
// with may be what it has read.
func crashReason(crash any) string {
	if err, ok := crash.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("a panic of type %T", crash)
}

func result(c *Check, findings []Finding, err error) Result {
	status, summary := derive(counting(c, findings), err), ""
	if c.Headline && len(findings) > 0 {
		summary = findings[0].Message
		if len(findings) > 1 { // a status that no finding explains would be worse than one told twice
			findings = findings[1:]
		}
	}
	sort.SliceStable(findings, func(i, j int) bool {
		a, b := findings[i], findings[j]
		return cmp.Or(accepted(a)-accepted(b), cmp.Compare(b.Level, a.Level), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line)) < 0
	})
	return Result{Check: c, Status: status, Findings: findings, Summary: summary, Err: err}
}

// overdue is closed a little after ctx has ended.
func overdue(ctx context.Context) <-chan struct{} {
	late := make(chan struct{})
	context.AfterFunc(ctx, func() { time.AfterFunc(grace, func() { close(late) }) })
	return late
}
