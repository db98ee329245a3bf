package distro

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	defaultLockWait = 2 * time.Minute
	lockPoll        = 200 * time.Millisecond
)

// lockWaiting returns the context that bounds all waiting for locks of one answer.
func (s Settings) lockWaiting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.longestLockWait())
}

func (s Settings) longestLockWait() time.Duration {
	if s.LockWait == 0 {
		return defaultLockWait
	}
	return s.LockWait
}

// heldLock names a lock of the machine's package manager and who holds it, empty
// where none is held.
func (m *Machine) heldLock() (string, error) {
	switch m.Family {
	case FamilyDeb:
		return m.heldAptLock(m.Root.LockHolder)
	case FamilyRPM:
		return m.heldRPMLock()
	}
	return "", nil
}

// awaitUnlocked returns once held names no lock, or ErrLocked with the lock and its
// holder when the wait is over.
func (s Settings) awaitUnlocked(wait context.Context, held func() (string, error)) error {
	for start := time.Now(); ; {
		lock, err := held()
		if err != nil {
			return fmt.Errorf("looking for the holder of a package lock: %w", err)
		}
		if lock == "" {
			return nil
		}
		s.waits(lock, time.Since(start))
		if !pause(wait, lockPoll) {
			return stillLocked(wait, lock)
		}
	}
}

// stillLocked tells why there was no more waiting for a lock.
func stillLocked(wait context.Context, lock string) error {
	if cause := context.Cause(wait); !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return fmt.Errorf("%w: %s", ErrLocked, lock)
}

// waits tells the caller what is being waited for.
func (s Settings) waits(what string, by time.Duration) {
	if s.Waiting != nil {
		s.Waiting(what, by)
	}
}

// pause waits for one round of polling; false where the wait is over before.
func pause(wait context.Context, round time.Duration) bool {
	timer := time.NewTimer(round)
	defer timer.Stop()
	select {
	case <-wait.Done():
		return false
	case <-timer.C:
		return true
	}
}

// heldBy says who holds a lock. The process may have ended by now: its number alone
// will do then.
func (m *Machine) heldBy(lock string, pid int) string {
	if pid < 0 {
		return lock + " by a process outside this container"
	}
	name, err := m.Facts.ProcessName(context.Background(), pid)
	if err != nil {
		return fmt.Sprintf("%s by process %d", lock, pid)
	}
	return fmt.Sprintf("%s by process %d (%s)", lock, pid, name)
}
