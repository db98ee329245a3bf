package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/internal/config"
	"imgcheck/report"
)

type cleanFlags struct {
	commonFlags
	stepFlags
	dryRun, yes, force bool
	noCheck            bool
	zeroFill           string
}

func newClean(p *process) *cobra.Command {
	var f cleanFlags
	c := &cobra.Command{
		Use:   "clean",
		Short: "Clean a build droplet, validate it, and seal it for the snapshot",
		Long: `Take out of a build droplet what must not be in an image: keys, histories, logs,
what makes it this machine. Then the checks look, and where none fails the image
is sealed. Afterwards nobody can log in: power off, take the snapshot, and do
not reboot before.

It runs on a DigitalOcean droplet only, unless --force is given, and asks first,
unless --yes is. See what it would do with --dry-run.

Exit codes:
  0              sealed and publishable (warnings allowed)
  1              a check fails
  2              nothing was done: wrong usage, not root, refused
  3              a step failed, or something could not be determined
  129, 130, 143  interrupted; what was stopped runs again`,
		Example: `  sudo imgcheck clean --dry-run
  sudo imgcheck clean --yes --output json=report.json
  imgcheck clean --root /mnt/image --skip logs`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			style, err := f.style(c, p)
			if err != nil {
				return err
			}
			return runClean(c.Context(), p, f, style)
		},
	}
	flags := c.Flags()
	f.addFirst(flags, "clean")
	flags.BoolVar(&f.dryRun, "dry-run", false, "show what would be done, and change nothing")
	flags.BoolVar(&f.yes, "yes", false, "ask no question")
	flags.BoolVar(&f.force, "force", false, "clean even if this is no DigitalOcean droplet")
	flags.StringSliceVar(&f.only, "only", nil, "run only these steps (`STEP`, comma-separated)")
	flags.StringSliceVar(&f.skip, "skip", nil, "leave out these steps (`STEP`, comma-separated)")
	flags.StringSliceVar(&f.also, "also", nil, "run these steps too (`STEP`, comma-separated)")
	flags.BoolVar(&f.noUpgrade, "no-upgrade", false, "do not upgrade packages, nor refresh their index for the checks")
	flags.StringVar(&f.zeroFill, "zero-fill", "", "what becomes of free space, a `MODE`: fill, trim or off (default fill, off with --root)")
	flags.BoolVar(&f.noCheck, "no-check", false, "do not validate: the exit code speaks of the steps alone")
	flags.BoolVar(&f.removeSelf, "remove-self", false, "remove the program itself at the end")
	f.addLast(flags)
	all := p.ofMachines(list(p.stepWords))
	all["also"], all["zero-fill"] = all["only"], oneOf("fill", "trim", "off")
	all.on(c)
	return c
}

// runClean validates the flags and the machine before it changes anything: exit code
// 2 promises that nothing was done.
func runClean(ctx context.Context, p *process, f cleanFlags, style report.Style) (err error) {
	if err := p.configure(&f.commonFlags); err != nil {
		return err
	}
	f.fileSkip, f.fileAlso = config.Texts(f.file.Clean.Skip), config.Texts(f.file.Clean.Also)
	todo, err := f.choose(p.steps())
	if err != nil {
		return err
	}
	checks, left, err := selectChecks(p.checks(), chosen{fileSkip: config.Texts(f.file.Skip)})
	if err != nil {
		return err
	}
	h, err := p.open(f.root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	defer withoutPipeSignal()()
	m := distro.Detect(h, f.settings())
	g := guard{p: p, force: f.force, consent: f.yes, verb: "clean"}
	if !f.dryRun {
		if err := g.refuse(ctx, m); err != nil {
			return err
		}
	}
	outs, err := p.openOutputs(f.commonFlags, style)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, outs.discard()) }()

	c := p.newCleaning(m, outs, f.commonFlags)
	defer c.wait.close()
	c.steps, c.noCheck, c.checks, c.left = c.announced(todo.steps), f.noCheck, checks, left
	c.sayUnkept()
	c.scope.Refresh, c.scope.ZeroFill = !f.noRefresh, todo.fill
	c.settings.Refresh = !f.noRefresh && !f.noUpgrade
	c.report = report.New(tool(), m, false)
	c.report.Describe(ctx, m)
	c.report.Changes("clean").DryRun = f.dryRun
	if err := c.leaveOut(todo.left); err != nil {
		return err
	}
	if f.dryRun {
		return c.plan(ctx, m, g)
	}
	return c.guarded(ctx, m, g)
}

// newCleaning returns a run over a machine whose reports go to outs.
func (p *process) newCleaning(m *distro.Machine, outs *outputs, f commonFlags) *cleaning {
	wait := newWaiting(p)
	settings := f.settings()
	own := append(outs.names(), p.pluginFiles...)
	// A young droplet's own first upgrade holds the locks for minutes. A cleaning waits
	// for it, where a check gives up sooner.
	settings.LockWait = f.timeout
	settings.Waiting = func(what string, _ time.Duration) { wait.on("waiting for "+what, 0, 0) }
	return &cleaning{
		p: p, host: m.Host, settings: settings,
		scope:      clean.Scope{Own: m.Root.Own(own...), Program: m.Root.Program(), Keep: config.Texts(f.file.Clean.Keep)},
		validation: validation{file: f.file, timeout: f.timeout, outs: outs, wait: wait},
		taken:      map[turn]bool{},
	}
}

// leaveOut reports the steps that flags or the kind of machine leave out.
func (c *cleaning) leaveOut(left []leftOut) error {
	for _, l := range left {
		if err := c.outs.step(c.report.LeaveOut(l.step, l.step.Stages[0], l.reason)); err != nil {
			return c.p.unwritten(c.report, err)
		}
	}
	return nil
}

// plan shows what would be done.
func (c *cleaning) plan(ctx context.Context, m *distro.Machine, g guard) error {
	recovery, err := c.p.recovery(c.host)
	if err != nil {
		return err
	}
	if owed := debts(recovery.Debts()); len(owed) > 0 {
		c.p.say("an earlier run was cut short; a real run would first put back: " + strings.Join(owed, ", "))
	}
	if err := c.take(ctx, clean.New(c.look, c.steps, recovery).Plan(ctx)); err != nil {
		return err
	}
	for _, reason := range g.refusals(ctx, m) {
		c.report.Refusals = append(c.report.Refusals, reason.Error()+". "+strings.ReplaceAll(reason.hint, "\n", " "))
	}
	return c.p.finish(c.report, m, c.outs)
}

// guarded runs once no other run is at work and somebody has agreed.
func (c *cleaning) guarded(ctx context.Context, m *distro.Machine, g guard) (err error) {
	release, err := c.exclusive(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := c.confirm(ctx, m, g); err != nil {
		return err
	}
	if err := c.run(ctx); err != nil {
		return err
	}
	return c.p.finish(c.report, m, c.outs)
}
