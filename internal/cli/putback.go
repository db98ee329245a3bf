package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"imgcheck/clean"
	"imgcheck/internal/host"
	"imgcheck/report"
)

// putBackTime bounds putting back: a unit that does not start must not hang a build.
const putBackTime = 2 * time.Minute

// exclusive keeps other runs off the machine, and puts back what one that was killed
// has left.
func (c *cleaning) exclusive(ctx context.Context) (release func() error, err error) {
	release, err = c.host.Root.Exclusive()
	switch busy := (host.BusyError{}); {
	case errors.As(err, &busy):
		return nil, hinted{err, "Wait for it to end, or end it: what it has done may be done again."}
	case errors.Is(err, host.ErrNoLocks):
		c.p.say(fmt.Sprintf("%v; see to it that no other run is at work there", err))
		release = func() error { return nil }
	case err != nil:
		return nil, err
	}
	if err := c.putBackLeft(ctx); err != nil {
		return nil, errors.Join(err, release())
	}
	return release, nil
}

// putBackLeft puts back what an earlier run has left. What cannot be put back stays
// noted: this run owes it too.
func (c *cleaning) putBackLeft(ctx context.Context) (err error) {
	if c.recovery, err = c.p.recovery(c.host); err != nil {
		return hinted{err, "Start the units that were stopped, then delete the file."}
	}
	if len(c.recovery.Debts()) > 0 {
		c.p.say("an earlier run was cut short")
		if _, err := c.putBack(ctx); err != nil {
			c.p.say(err)
		}
	}
	return context.Cause(ctx)
}

// putBack undoes what is held up, says so, and returns what it was.
func (c *cleaning) putBack(ctx context.Context) ([]string, error) {
	owed := c.recovery.Debts()
	if len(owed) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putBackTime)
	defer cancel()
	c.wait.on("putting back what was held up", 0, 0)
	err := clean.PutBack(ctx, c.look(), c.recovery)
	c.wait.clear()
	done := debts(slices.DeleteFunc(owed, func(d host.Debt) bool { return slices.Contains(c.recovery.Debts(), d) }))
	if len(done) > 0 {
		c.p.say("put back: " + strings.Join(done, ", "))
	}
	return done, err
}

// debts names what is owed for a reader.
func debts(owed []host.Debt) []string {
	var names []string
	for _, d := range owed {
		names = append(names, report.Display(d.String()))
	}
	return names
}

// end puts back what the run has held up unless it has succeeded: then the machine is
// about to be switched off as it is.
func (c *cleaning) end(ctx context.Context, err error) error {
	var problem error
	if err == nil && c.succeeded() && !c.putsBack {
		problem = c.recovery.Forget()
	} else {
		var done []string
		done, problem = c.putBack(ctx)
		c.report.PutBack = append(c.report.PutBack, done...)
	}
	if problem != nil {
		c.p.say(problem)
		c.report.Owe(problem)
	}
	c.report.FreeBytes.After = c.free()
	return c.p.ended(err)
}

// succeeded reports whether nothing failed and nothing is unknown.
func (c *cleaning) succeeded() bool {
	return c.report.Sealed && c.report.Counts.Fail == 0 && c.report.Counts.Error == 0
}

// ended gives an error that ended a run half-way its exit code: it is none of those
// that stand for nothing having been done.
func (p *process) ended(err error) error {
	var code exitCode
	var signal interrupted
	switch {
	case err == nil:
		return nil
	case errors.As(err, &signal):
		return hinted{signal, "What was done may be done again: it is safe to run it once more."}
	case errors.As(err, &code):
		return code
	}
	p.say(err)
	return exitCode(report.ExitUndetermined)
}

// crashed turns a panic of the function that defers it into an error: a mistake of
// ours must not leave a machine with what a run has stopped. What a library panics
// with may be what it has read, and is not quoted.
func crashed(err *error) {
	crash := recover()
	if crash == nil {
		return
	}
	reason := fmt.Sprintf("a panic of type %T", crash)
	if known, ok := crash.(runtime.Error); ok {
		reason = known.Error()
	}
	*err = fmt.Errorf("crashed, please report this: %s", reason)
}

// withoutPipeSignal lets a write to a closed standard output be an error, where it
// would kill the process with units stopped. Ignored, the signal would be ignored by
// the programs that are run as well.
func withoutPipeSignal() (undo func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGPIPE)
	return func() { signal.Stop(signals) }
}
