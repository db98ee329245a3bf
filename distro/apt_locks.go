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

// aptLocks are the files that apt and dpkg lock. DPkg::Lock::Timeout waits for one
// of them only, the frontend's; the lists' lock is what cloud-init's own "apt-get
// update" holds on a young droplet.
func aptLocks() []string {
	return []string{
		"/var/lib/apt/lists/lock", "/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/cache/apt/archives/lock",
	}
}

// lockWait returns the context that bounds all waiting for locks.
func (d *debPackages) lockWait(ctx context.Context) (context.Context, context.CancelFunc) {
	wait := d.settings.LockWait
	if wait == 0 {
		wait = defaultLockWait
	}
	return context.WithTimeout(ctx, wait)
}

// waitForLocks returns once nobody holds a lock of apt or dpkg, or ErrLocked with
// the holder's name when ctx ends.
func (d *debPackages) waitForLocks(ctx context.Context) error {
	for {
		held, pid, err := d.heldLock()
		if err != nil || held == "" {
			return err
		}
		if !pause(ctx) {
			return fmt.Errorf("%w: %s by %s", ErrLocked, held, d.holder(pid))
		}
	}
}

// pause waits for one round of polling; false where ctx ends before.
func pause(ctx context.Context) bool {
	timer := time.NewTimer(lockPoll)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (d *debPackages) heldLock() (name string, pid int, err error) {
	for _, name := range aptLocks() {
		pid, err := d.lockHolder(name)
		if err != nil {
			return "", 0, fmt.Errorf("looking for the holder of a package lock: %w", err)
		}
		if pid != 0 {
			return name, pid, nil
		}
	}
	return "", 0, nil
}

// holder names the process. ctx has ended by now, and the process may have too: its
// number alone will do then.
func (d *debPackages) holder(pid int) string {
	if pid < 0 {
		return "a process outside this container"
	}
	name, err := d.Facts.ProcessName(context.Background(), pid)
	if err != nil {
		return fmt.Sprintf("process %d", pid)
	}
	return fmt.Sprintf("process %d (%s)", pid, name)
}
