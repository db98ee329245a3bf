package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"imgcheck/distro"
	"imgcheck/internal/config"
	"imgcheck/internal/host"
	"imgcheck/report"
)

// longestLockWait bounds the wait for package locks, however long --timeout is.
const longestLockWait = 2 * time.Minute

type checkFlags struct {
	commonFlags
	only, skip []string
	strict     bool
	fix        bool
	yes, force bool
}

// exitCodes tells what a script can read from the end of a validation.
const exitCodes = `Exit codes:
  0              publishable (warnings allowed)
  1              a check fails
  2              nothing was done: wrong usage, not root, refused
  3              something could not be determined
  129, 130, 143  interrupted`

func newCheck(p *process) *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check",
		Short: "Validate this machine, or the tree given with --root",
		Long: `Validate this machine, or the tree given with --root.

With --fix, the cleaning steps that mend what fails or warns are run, and then
it is validated again. On a terminal you are asked first; elsewhere --fix itself
is the consent. Steps that run only when asked for are named, never run. What
--fix stopped runs again afterwards; before a snapshot, use "imgcheck clean".

` + exitCodes,
		Example: `  sudo imgcheck check
  sudo imgcheck check --fix --only 'ssh/*'
  imgcheck check --root /mnt/image --format json
  imgcheck check --skip firewall,logs/* --strict --output json=report.json`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			style, err := f.style(c, p)
			if err != nil {
				return err
			}
			return runCheck(c.Context(), p, f, style)
		},
	}
	flags := c.Flags()
	f.addFirst(flags, "examine")
	flags.StringSliceVar(&f.only, "only", nil, "run only these checks (`ID` or category/*, comma-separated)")
	flags.StringSliceVar(&f.skip, "skip", nil, "leave out these checks (`ID` or category/*, comma-separated)")
	flags.BoolVar(&f.strict, "strict", false, "count a warning as a failure")
	flags.BoolVar(&f.fix, "fix", false, "run the cleaning steps that mend what is found, then validate again")
	flags.BoolVar(&f.yes, "yes", false, "with --fix: ask no question")
	flags.BoolVar(&f.force, "force", false, "with --fix: even if this is no DigitalOcean droplet")
	f.addLast(flags)
	p.ofMachines(list(p.checkPatterns)).on(c)
	return c
}

// runCheck validates the flags before it opens anything: exit code 2 promises that
// nothing was done.
func runCheck(ctx context.Context, p *process, f checkFlags, style report.Style) (err error) {
	if err := p.configure(&f.commonFlags); err != nil {
		return err
	}
	checks, left, err := selectChecks(p.checks(), chosen{f.only, f.skip, config.Texts(f.file.Skip)})
	if err != nil {
		return err
	}
	if !f.fix && (f.yes || f.force) {
		return errors.New("--yes and --force go with --fix")
	}
	h, err := p.open(f.root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	outs, err := p.openOutputs(f.commonFlags, style)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, outs.discard()) }()

	m := distro.Detect(h, f.settings())
	if f.fix {
		return p.runFix(ctx, m, outs, fixing{f, checks, left})
	}
	w := newWaiting(p)
	defer w.close()
	r := report.New(tool(), m, f.strict)
	r.Describe(ctx, m)
	if err := p.judge(ctx, m, r, validation{checks, left, f.file, f.timeout, outs, w}); err != nil {
		return err
	}
	return p.finish(r, m, outs)
}

func (f *commonFlags) settings() distro.Settings {
	return distro.Settings{
		Refresh: !f.noRefresh, LockWait: min(f.timeout, longestLockWait), LogBytes: f.file.Limits.LogBytes,
	}
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
