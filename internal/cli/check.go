package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"imgcheck/check"
	"imgcheck/distro"
	"imgcheck/internal/host"
	"imgcheck/report"
)

// longestLockWait bounds the wait for package locks, however long --timeout is.
const longestLockWait = 2 * time.Minute

type checkFlags struct {
	root       string
	format     string
	outputs    []string
	only, skip []string
	strict     bool
	noRefresh  bool
	timeout    time.Duration
	verbose    bool
	color      string
}

func newCheck(p *process) *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check",
		Short: "Validate this machine, or the tree given with --root",
		Long: `Validate this machine, or the tree given with --root.

Exit codes: 0 publishable (warnings allowed), 1 a check fails, 2 nothing was done
(wrong usage, not root), 3 something could not be determined, 129, 130 and 143 interrupted.`,
		Example: `  imgcheck check
  imgcheck check --root /mnt/image --format json
  imgcheck check --skip firewall,logs/* --strict --output json=report.json`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("root") && f.root == "" {
				// An unset variable in a script must not judge the wrong machine.
				return errors.New("--root is empty: give it a folder, or leave it out to examine this machine")
			}
			return runCheck(c.Context(), p, f)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.root, "root", "", "examine the root file system in `DIR` instead of this machine")
	flags.StringVar(&f.format, "format", "text", "write the report as "+formatNames())
	flags.StringArrayVar(&f.outputs, "output", nil, "also write the report to a file, as `FORMAT=FILE` (repeatable)")
	flags.StringSliceVar(&f.only, "only", nil, "run only these checks (`ID` or category/*, comma-separated)")
	flags.StringSliceVar(&f.skip, "skip", nil, "leave out these checks (`ID` or category/*, comma-separated)")
	flags.BoolVar(&f.strict, "strict", false, "count a warning as a failure")
	flags.BoolVar(&f.noRefresh, "no-refresh", false, "do not refresh the package index first")
	flags.DurationVar(&f.timeout, "timeout", 5*time.Minute, "longest time for one check")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show every finding, notes and skipped checks")
	flags.StringVar(&f.color, "color", "auto", "colour the text: auto, always or never")
	return c
}

// runCheck validates the flags before it opens anything: exit code 2 promises that
// nothing was done.
func runCheck(ctx context.Context, p *process, f checkFlags) (err error) {
	checks, left, err := selectChecks(check.Catalogue(), f.only, f.skip)
	if err != nil {
		return err
	}
	if f.timeout <= 0 {
		return fmt.Errorf("--timeout %s: must be more than 0", f.timeout)
	}
	color, err := colored(f.color, p.env, isTerminal(p.stdout))
	if err != nil {
		return err
	}
	h, err := open(f.root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	outs, err := openOutputs(p.stdout, f, report.Style{Color: color, Verbose: f.verbose})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, outs.discard()) }()
	if err := outs.addStepSummary(f.format, p.env); err != nil {
		return err
	}

	m := distro.Detect(h, distro.Settings{Refresh: !f.noRefresh, LockWait: min(f.timeout, longestLockWait)})
	r := report.New(tool(), m, f.strict)
	if err := p.judge(ctx, m, r, plan{checks, left, f.timeout, outs}); err != nil {
		return err
	}
	r.Finish(m.Now())
	if err := outs.close(r); err != nil {
		return p.unwritten(r, err)
	}
	return exitCode(r.ExitCode)
}

// unwritten ends a run whose report did not arrive: a gate must not read that as a pass.
func (p *process) unwritten(r *report.Report, err error) error {
	p.say(fmt.Errorf("writing the report: %w", err))
	if r.Counts.Fail > 0 {
		return exitCode(report.ExitFail)
	}
	return exitCode(report.ExitUndetermined)
}

// plan is what one run is to do: the catalogue in order, with the reasons for
// which some checks are left out.
type plan struct {
	checks  []*check.Check
	left    map[string]error
	timeout time.Duration
	outs    *outputs
}

// judge runs the checks and writes each result as soon as it is its turn.
func (p *process) judge(ctx context.Context, m *distro.Machine, r *report.Report, todo plan) error {
	r.Describe(ctx, m)
	w := newWaiting(p)
	defer w.done()
	w.on(todo.checks, 0)
	i := 0
	for result := range check.Run(ctx, m, todo.checks, check.Limits{Timeout: todo.timeout, LeftOut: todo.left}) {
		if ctx.Err() != nil {
			continue // until the last program has been ended
		}
		i++
		w.clear()
		if err := todo.outs.result(r.Add(result)); err != nil {
			return p.unwritten(r, err)
		}
		w.on(todo.checks, i)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// open opens the tree, or this machine, which takes root.
func open(root string) (*host.Host, error) {
	if root != "" {
		h, err := host.OpenTree(root)
		if err != nil {
			return nil, hinted{err, "Give --root a folder that holds the root file system of a machine."}
		}
		return h, nil
	}
	if !host.Privileged() {
		return nil, hinted{
			errors.New("only root can read what has to be looked at"),
			"Run 'sudo imgcheck', or 'imgcheck --root DIR' for a tree.",
		}
	}
	return host.OpenLive()
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool { return terminalWidth(w) > 0 }
