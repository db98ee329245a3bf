package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Reasons for which a command gave no answer.
var (
	// ErrNoProgram says that the program is in none of the folders of the fixed PATH.
	ErrNoProgram = errors.New("program not found")
	// ErrFlood says that a program wrote more than its bound and was stopped.
	ErrFlood = errors.New("program wrote too much")
	// ErrTimeout says that a program did not end within its time and was stopped.
	ErrTimeout = errors.New("program did not end in time")
	// ErrSilent says that a program said nothing for longer than it may, and was ended.
	ErrSilent = errors.New("program said nothing for too long")
	// ErrKilled says that a program was ended by a signal that was not ours.
	ErrKilled = errors.New("program was killed")
)

// searchPath is where programs are looked up, the distribution's folders first:
// what the caller's PATH says must not decide what runs as root.
var searchPath = [...]string{"/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"}

const (
	pathVariable = "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
	defaultBound = 16 << 20
	// killGrace lies between SIGTERM and SIGKILL, and is what descendants that keep
	// our pipes open have after the program's end.
	killGrace     = 2 * time.Second
	errorsBound   = 1 << 20
	cleanLanguage = "LC_ALL=C"
)

// Command is one call of a program.
type Command struct {
	// Name is the program's plain name ("apt-get"); it is looked up in a fixed PATH.
	Name string
	Args []string
	// Env is added to an environment of PATH, HOME=/root and LC_ALL=C.
	Env []string
	// Bound is the most standard output that is taken, in bytes; 0 means 16 MiB.
	Bound int64
	// Memory bounds the program's address space, in bytes; 0 means no bound. It is
	// for programs that read what a hostile tree holds.
	Memory uint64
	// Patience is for a program that leaves a broken machine where it is cut off.
	Patience *Patience
}

// Output is what a program that ended by itself said. Its exit code is data: what
// other than 0 means is for the caller to know.
type Output struct {
	Stdout, Stderr []byte
	ExitCode       int
}

// Runner runs programs.
type Runner interface {
	// Run runs the command until it ends or ctx does. It returns ErrNoProgram,
	// ErrTimeout, ErrFlood, ErrKilled or ErrOffline where there is no answer; a
	// program that exits with any code is no error.
	Run(ctx context.Context, cmd Command) (Output, error)
	// Find returns the absolute path of a program, or ErrNoProgram.
	Find(name string) (string, error)
}

type offline struct{}

func (offline) Run(context.Context, Command) (Output, error) { return Output{}, ErrOffline }
func (offline) Find(string) (string, error)                  { return "", ErrOffline }

// processes runs real programs, each in a session of its own with an empty standard
// input: a program that asks all the same finds no terminal to ask on.
type processes struct{}

func (processes) Find(name string) (string, error) {
	for _, dir := range searchPath {
		file := filepath.Join(dir, name)
		info, err := os.Stat(file)
		if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
			return file, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return "", fmt.Errorf("looking for %s: %w", name, err)
		}
	}
	return "", fmt.Errorf("%s: %w", name, ErrNoProgram)
}

func (p processes) Run(ctx context.Context, cmd Command) (Output, error) {
	program, err := p.Find(cmd.Name)
	if err != nil {
		return Output{}, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	c := exec.CommandContext(ctx, program, cmd.Args...) //nolint:gosec // the name is ours, found in a fixed PATH
	c.Env = append([]string{pathVariable, "HOME=/root", cleanLanguage}, cmd.Env...)
	c.Dir = "/"
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if cmd.Patience != nil {
		return runPatiently(ctx, stop, c, cmd)
	}
	return capture(ctx, stop, c, cmd)
}

// capture runs a command whose output is taken whole, and asks its group to end when
// ctx does.
func capture(ctx context.Context, stop context.CancelCauseFunc, c *exec.Cmd, cmd Command) (Output, error) {
	stdout := &boundedBuffer{left: boundOr(cmd.Bound), full: func() { stop(ErrFlood) }}
	stderr := &boundedBuffer{left: errorsBound, full: func() { stop(ErrFlood) }}
	c.Stdout, c.Stderr = stdout, stderr
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) }
	c.WaitDelay = killGrace
	err := runWithin(c, cmd.Memory)
	out := Output{Stdout: stdout.bytes(), Stderr: stderr.bytes(), ExitCode: c.ProcessState.ExitCode()}
	if why := ended(ctx, c, err); why != nil {
		endGroup(c)
		return out, fmt.Errorf("%s: %w", cmd.Name, why)
	}
	return out, nil
}

// runWithin runs a command with a bound on its memory. The bound comes a moment
// after the start, which is well before the program has read anything.
func runWithin(c *exec.Cmd, memory uint64) error {
	if err := c.Start(); err != nil {
		return err
	}
	if memory > 0 {
		err := unix.Prlimit(c.Process.Pid, unix.RLIMIT_AS, &unix.Rlimit{Cur: memory, Max: memory}, nil)
		if err != nil && !errors.Is(err, syscall.ESRCH) { // gone already
			return errors.Join(fmt.Errorf("bounding its memory: %w", err), c.Cancel(), c.Wait())
		}
	}
	return c.Wait()
}

func boundOr(bound int64) int64 {
	if bound == 0 {
		return defaultBound
	}
	return bound
}

// ended tells why a command gave no answer, nil where it did.
func ended(ctx context.Context, c *exec.Cmd, err error) error {
	var exit *exec.ExitError
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, ErrFlood):
		return ErrFlood
	case errors.Is(cause, context.DeadlineExceeded):
		return ErrTimeout
	case cause != nil:
		return cause
	case err == nil:
		return nil
	case errors.As(err, &exit) && exit.Exited():
		return nil
	case errors.As(err, &exit):
		return fmt.Errorf("%w: %s", ErrKilled, c.ProcessState)
	}
	return err
}

// endGroup ends what a program that was asked to end has left behind: it may have
// started others that do not listen.
func endGroup(c *exec.Cmd) {
	if c.Process != nil {
		// ESRCH, the group is gone, is what we hope for; there is nobody to tell of others.
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
	}
}
