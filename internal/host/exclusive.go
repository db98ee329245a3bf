package host

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// ErrNoLocks says that the file system of a tree has no locks, so that another run
// over it cannot be kept off.
var ErrNoLocks = errors.New("the file system has no locks")

// BusyError says that another process works on the same root.
type BusyError struct {
	// Dir is the root's folder, PID the other process, 0 where it is not known.
	Dir string
	PID int
}

// Error names the other process where it is known.
func (b BusyError) Error() string {
	if b.PID == 0 {
		return "another run is at work on " + b.Dir
	}
	return fmt.Sprintf("another run is at work on %s: process %d", b.Dir, b.PID)
}

// Exclusive keeps other runs off this root until release is called or the process
// ends, however it ends. The lock is one of the root folder itself and leaves nothing
// behind. It returns a BusyError where another run has it, and ErrNoLocks.
func (r *Root) Exclusive() (release func() error, err error) {
	folder, err := r.root.Open(".")
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", r.dir, err)
	}
	switch err = lockSoon(folder); {
	case err == nil:
		return folder.Close, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		err = BusyError{Dir: r.dir, PID: flockHolder(folder)}
	case !errors.Is(err, syscall.EINTR): // NFS and FUSE each say it with a number of their own
		err = fmt.Errorf("locking %s: %w: %w", r.dir, ErrNoLocks, err)
	}
	return nil, errors.Join(err, folder.Close())
}

// A program that a killed run was about to start holds its lock until it has started,
// which takes a moment on a busy machine.
const (
	lockPatience = 2 * time.Second
	lockAgain    = 50 * time.Millisecond
)

// lockSoon takes the lock of an open folder, within a moment or not at all.
func lockSoon(folder *os.File) error {
	for start := time.Now(); ; time.Sleep(lockAgain) {
		err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Since(start) > lockPatience {
			return err
		}
	}
}

// flockHolder returns the process that has the lock of an open folder, 0 where the
// kernel does not say.
func flockHolder(folder *os.File) int {
	var stat unix.Stat_t
	if err := unix.Fstat(int(folder.Fd()), &stat); err != nil {
		return 0
	}
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		return 0
	}
	return parseFlockHolder(string(locks),
		fmt.Sprintf("%02x:%02x:%d", unix.Major(stat.Dev), unix.Minor(stat.Dev), stat.Ino))
}

// parseFlockHolder finds who holds the flock of a file in /proc/locks. A line reads
// "1: FLOCK ADVISORY WRITE PID DEVICE:INODE 0 EOF"; one that waits has "->" in it, and
// the pid of a process in another namespace is 0.
func parseFlockHolder(locks, file string) int {
	for line := range strings.Lines(locks) {
		f := strings.Fields(line)
		if len(f) < 6 || f[1] != "FLOCK" || f[5] != file {
			continue
		}
		if pid, err := strconv.Atoi(f[4]); err == nil && pid > 0 {
			return pid
		}
	}
	return 0
}
