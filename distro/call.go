package distro

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"imgcheck/internal/host"
)

// Call is one call of a program that changes the machine.
type Call struct {
	// Argv is the program's plain name and its arguments.
	Argv []string
	// Env is added to the clean environment of host.Command.
	Env []string
	// Why says what it does, for a reader.
	Why string
	// Locks: no other process may hold a package lock. The call waits until that is so,
	// Settings.LockWait at most.
	Locks bool
	// Vital: where it does not work, what its step does next would be of no use, or harm.
	Vital bool
	// Owes is what has to be put back if the run ends early, a kind of host.Debt, or
	// empty.
	Owes string

	// judge tells by the output why the call did not work, nil where it did; without
	// it the exit code decides. A lock that was met is ErrLocked.
	judge func(host.Output) error
	// tell says by the output what came of a call that worked.
	tell func(host.Output) string
	// limit bounds the call in time; 0 means callLimit.
	limit time.Duration
	// patience is for a program that must not be cut off.
	patience *host.Patience
}

// callLimit is more than any program needs that is not a package manager.
const callLimit = 10 * time.Minute

// Do makes a call. Where a lock was met it is made again, until waiting for locks is
// over; ErrLocked then.
func (m *Machine) Do(ctx context.Context, call *Call) error {
	_, err := m.Make(ctx, call)
	return err
}

// Make is Do, and returns what came of the call in words, empty where it left none.
func (m *Machine) Make(ctx context.Context, call *Call) (said string, err error) {
	if !call.Locks {
		return m.makeOnce(ctx, call)
	}
	wait, done := m.settings.lockWaiting(ctx)
	defer done()
	for {
		if err := m.settings.awaitUnlocked(wait, m.heldLock); err != nil {
			return "", m.lockRemedy(err)
		}
		// A program takes its locks a moment after we looked.
		said, err := m.makeOnce(ctx, call)
		if !errors.Is(err, ErrLocked) || !pause(wait, lockPoll) {
			return said, m.lockRemedy(err)
		}
	}
}

func (m *Machine) makeOnce(ctx context.Context, call *Call) (string, error) {
	limit := call.limit
	if limit == 0 {
		limit = callLimit
	}
	bounded, done := context.WithTimeout(ctx, limit)
	defer done()
	out, err := m.Exec.Run(bounded, host.Command{
		Name: call.Argv[0], Args: call.Argv[1:], Env: call.Env, Patience: call.patience,
	})
	switch {
	case errors.Is(err, host.ErrTimeout) && ctx.Err() == nil:
		return "", fmt.Errorf("%w (%s)", err, limit)
	case errors.Is(err, host.ErrSilent):
		return "", fmt.Errorf("%w (%s)", err, call.patience.Silence)
	case err != nil:
		return "", err
	case call.judge != nil:
		err = call.judge(out)
	case out.ExitCode != 0:
		err = fmt.Errorf("exit code %d: %s", out.ExitCode, lastLine(out))
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", call.Argv[0], err)
	}
	if call.tell == nil {
		return "", nil
	}
	return call.tell(out), nil
}

// lockRemedy adds to a lock that was held too long what to do about it.
func (m *Machine) lockRemedy(err error) error {
	if !errors.Is(err, ErrLocked) {
		return err
	}
	return fmt.Errorf("%w; waited %s: let it end, or end it, and run again", err, m.settings.longestLockWait())
}

// lastLine is where programs say what went wrong.
func lastLine(out host.Output) string {
	for _, stream := range [][]byte{out.Stderr, out.Stdout} {
		text := strings.TrimSpace(string(stream))
		if line := spoken(text[strings.LastIndexByte(text, '\n')+1:]); line != "" {
			return line
		}
	}
	return "and it says nothing"
}

// plainWord needs no quotes in a shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// String writes the call as it can be pasted into a shell.
func (c *Call) String() string {
	words := append(append([]string{}, c.Env...), c.Argv...)
	for i, word := range words {
		if !plainWord.MatchString(word) {
			words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// JournalToDisk is the call by which journald writes to the disk again.
func (m *Machine) JournalToDisk() *Call { return &Call{Argv: []string{"journalctl", "--flush"}} }

// ReloadUnits is the call by which systemd takes note of unit files that came or went.
func (m *Machine) ReloadUnits() *Call {
	return &Call{Argv: []string{"systemctl", "daemon-reload"}, Why: "makes systemd forget the units that are gone"}
}
