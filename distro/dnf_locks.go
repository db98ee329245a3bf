package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"
)

// pidLocks are files in which the holder of a lock of dnf or yum writes its
// process id; a file whose process is gone is no lock.
var pidLocks = [...]string{
	"/run/yum.pid", "/var/run/yum.pid", "/var/cache/dnf/metadata_lock.pid", "/var/cache/dnf/download_lock.pid",
	"/var/lib/dnf/rpmdb_lock.pid",
}

const pidFileLimit = 64

func (r rpmPackages) lockWait() time.Duration {
	if r.settings.LockWait == 0 {
		return defaultLockWait
	}
	return r.settings.LockWait
}

// awaitLocks returns when nobody holds a lock of dnf, yum or rpm.
func (s session) awaitLocks(ctx context.Context) error {
	for {
		holder, err := s.lockHolder(ctx)
		if err != nil {
			return fmt.Errorf("looking for locks: %w", err)
		}
		if holder == "" {
			return nil
		}
		if err := s.pause(ctx, holder); err != nil {
			return err
		}
	}
}

// pause waits before the next look at a lock, or says that it was held too long.
func (s session) pause(ctx context.Context, holder string) error {
	left := s.giveUp.Sub(s.m.Now())
	if left <= 0 {
		return fmt.Errorf("%w: %s", ErrLocked, holder)
	}
	tick := time.NewTimer(min(left, lockPoll))
	defer tick.Stop()
	select {
	case <-tick.C:
		return nil
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return fmt.Errorf("%w: %s", ErrLocked, holder)
		}
		return ctx.Err()
	}
}

// lockHolder names a lock and who holds it, empty where none is held.
func (s session) lockHolder(ctx context.Context) (string, error) {
	for _, name := range pidLocks {
		pid, err := s.pidIn(name)
		if err != nil {
			return "", err
		}
		if pid != 0 {
			return s.holder(ctx, name, pid), nil
		}
	}
	for _, folder := range rpmFolders {
		name := path.Join(folder, ".rpm.lock")
		pid, err := s.m.Root.LockHolder(name)
		if err != nil {
			return "", err
		}
		if pid != 0 {
			return s.holder(ctx, name, pid), nil
		}
	}
	return "", nil
}

// pidIn returns the id of the running process that a file names, 0 where there is
// none. What is no number is for the package manager to complain about.
func (s session) pidIn(name string) (int, error) {
	data, err := s.m.Root.ReadFile(name, pidFileLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || pid <= 0 {
		return 0, nil
	}
	_, err = s.m.Root.Lstat("/proc/" + strconv.Itoa(pid) + "/stat")
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	return pid, err
}

func (s session) holder(ctx context.Context, name string, pid int) string {
	if pid < 0 {
		return name + " by a process that cannot be seen from here"
	}
	if program, err := s.m.Facts.ProcessName(ctx, pid); err == nil {
		return fmt.Sprintf("%s by process %d (%s)", name, pid, program)
	}
	return fmt.Sprintf("%s by process %d", name, pid)
}
