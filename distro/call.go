package distro

import (
	"context"
	"fmt"

	"imgcheck/internal/host"
)

// Call is one call of a program that changes the machine.
type Call struct {
	// Argv is the program's plain name and its arguments.
	Argv []string
	// Env is added to the clean environment of host.Command.
	Env []string
	// Locks: no other process may hold a package lock.
	Locks bool
	// Owes is what has to be put back if the run ends early, a kind of host.Debt, or
	// empty.
	Owes string
	// judge tells by the output why the call did not work, nil where it did; without
	// it the exit code decides.
	judge func(host.Output) error
}

// Await is something that a machine has to be waited for.
type Await struct {
	// What names it for a reader ("cloud-init").
	What string
	wait func(context.Context) error
}

// Do makes a call.
func (m *Machine) Do(ctx context.Context, call *Call) error {
	out, err := m.Exec.Run(ctx, host.Command{Name: call.Argv[0], Args: call.Argv[1:], Env: call.Env})
	switch {
	case err != nil:
		return err
	case call.judge != nil:
		return call.judge(out)
	case out.ExitCode != 0:
		return fmt.Errorf("%s: exit code %d: %s", call.Argv[0], out.ExitCode, firstLine(string(out.Stderr)))
	}
	return nil
}

// For waits until it is so, or says why it is not.
func (a *Await) For(ctx context.Context) error { return a.wait(ctx) }

// JournalToDisk is the call by which journald writes to the disk again.
func (m *Machine) JournalToDisk() *Call { return &Call{Argv: []string{"journalctl", "--flush"}} }
