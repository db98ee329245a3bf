// Package cli is the command line: one file a command, flags in, a call, a report
// out, an exit code. No rule lives here.
//
// It promises the exit codes of the contract (0 publishable, 1 a check fails, 2
// nothing was done, 3 something could not be determined, 129, 130 and 143 interrupted),
// that standard output carries the report and nothing else, and that whatever is
// said beside it goes to standard error as "imgcheck: message".
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/internal/host"
	"imgcheck/internal/manual"
)

// Exit codes that are not a verdict; report has those.
const (
	exitOK          = 0
	exitRefused     = 2
	exitInterrupted = 128 // plus the number of the signal
)

// memory is how many bytes the collector tries to stay below: the smallest droplet has
// 512 MiB, and its services run beside us. GOMEMLIMIT overrides it.
const memory = 48 << 20

// process is what a command has of the process it runs in, and what it works on.
type process struct {
	env            map[string]string
	stdin          io.Reader
	stdout, stderr io.Writer
	// pluginFiles are files of this computer that the run still needs.
	pluginFiles []string
	world
}

// world is the machines and the catalogues; tests run commands in one of their own.
type world struct {
	// open opens the tree in a folder, or this machine where root is empty.
	open func(root string) (*host.Host, error)
	// recovery reads what an earlier run over the machine has left to put back.
	recovery func(*host.Host) (*host.Recovery, error)
	checks   func() []*check.Check
	steps    func() []*clean.Step
	now      func() time.Time
}

// exitCode ends a command with a code for which everything has been said.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// hinted is an error with a line that says what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// interrupted is the cause of a run's end by a signal.
type interrupted struct{ signal syscall.Signal }

func (i interrupted) Error() string { return "interrupted by " + i.signal.String() }

// Run runs imgcheck with the given arguments and environment and returns its exit code.
func Run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &process{
		env: environment(env), stdin: stdin, stdout: stdout, stderr: stderr,
		world: world{open: open, recovery: (*host.Host).Recovery, checks: check.Catalogue, steps: clean.Catalogue, now: time.Now},
	}
	return p.run(ctx, args)
}

func (p *process) run(ctx context.Context, args []string) int {
	if p.env["GOMEMLIMIT"] == "" {
		debug.SetMemoryLimit(memory)
	}
	ctx, stop := onSignal(ctx)
	defer stop()
	root := newRoot(p)
	root.SetArgs(args)
	return p.end(root.ExecuteContext(ctx))
}

// end says what is to be said of the command's error and returns the exit code.
func (p *process) end(err error) int {
	var code exitCode
	var signal interrupted
	var hint hinted
	if err == nil {
		return exitOK
	}
	if errors.As(err, &code) {
		return int(code)
	}
	exit := exitRefused
	if errors.As(err, &signal) {
		exit = exitInterrupted + int(signal.signal)
	}
	p.say(err)
	if errors.As(err, &hint) {
		fmt.Fprintln(p.stderr, hint.hint)
	}
	return exit
}

func (p *process) say(what any) { fmt.Fprintf(p.stderr, "imgcheck: %v\n", what) }

// onSignal ends the context at the first SIGINT, SIGTERM, or SIGHUP of a connection
// that drops; a second one kills the process as if we had not asked.
func onSignal(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // nohup asks to go on
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			if number, ok := s.(syscall.Signal); ok {
				cancel(interrupted{number})
			}
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

func environment(env []string) map[string]string {
	values := make(map[string]string, len(env))
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		values[name] = value
	}
	return values
}

func newRoot(p *process) *cobra.Command {
	root := newCheck(p)
	root.Use = "imgcheck"
	root.Short = "Validate and clean a droplet before it becomes a Marketplace image"
	root.Long = `Validate and clean a build droplet before it becomes an image of the
DigitalOcean Marketplace.

Without a command, imgcheck validates the machine it runs on, as root, like
"imgcheck check". It changes nothing but the package manager's own index, unless
--fix is given. "imgcheck clean" takes out what must not be in an image.

` + exitCodes
	root.Example = `  sudo imgcheck
  sudo imgcheck clean --dry-run
  imgcheck --root /mnt/image --output html=report.html
  imgcheck explain authorized-keys`
	root.Args = noArguments
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return hinted{err, fmt.Sprintf("Run '%s --help' for the flags.", c.CommandPath())}
	})
	root.AddCommand(newCheck(p), newClean(p), newList(p), newExplain(p), newConvert(p), newConfig(p), newVersion(p))
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	manual.Help(root)
	return root
}

// noArguments refuses words that are neither flags nor commands.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return hinted{
		fmt.Errorf("unknown command or argument %q", args[0]),
		fmt.Sprintf("Run '%s --help' for the commands.", c.CommandPath()),
	}
}
