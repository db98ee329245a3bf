package distro

import (
	"context"
	"fmt"
	"time"
)

const (
	defaultLockWait = 2 * time.Minute
	lockPoll        = 200 * time.Millisecond
)

// lockWaiting returns the context that bounds all waiting for locks of one answer.
func (s Settings) lockWaiting(ctx context.Context) (context.Context, context.CancelFunc) {
	wait := s.LockWait
	if wait == 0 {
		wait = defaultLockWait
	}
	return context.WithTimeout(ctx, wait)
}

// awaitUnlocked returns once held names no lock, or ErrLocked with the lock and its
// holder when the wait is over.
func awaitUnlocked(wait context.Context, held func() (string, error)) error {
	for {
		lock, err := held()
		if err != nil {
			return fmt.Errorf("looking for the holder of a package lock: %w", err)
		}
		if lock == "" {
			return nil
		}
		if !pause(wait) {
			return fmt.Errorf("%w: %s", ErrLocked, lock)
		}
	}
}

// pause waits for one round of polling; false where the wait is over before.
func pause(wait context.Context) bool {
	timer := time.NewTimer(lockPoll)
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
