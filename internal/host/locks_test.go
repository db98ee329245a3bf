package host

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// lockEnv makes the test binary lock a file and wait for its end.
const lockEnv = "IMGCHECK_TEST_LOCK"

func TestMain(m *testing.M) {
	if name := os.Getenv(lockEnv); name != "" {
		os.Exit(holdLock(name))
	}
	os.Exit(m.Run())
}

func holdLock(name string) int {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return 1
	}
	lock := unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart}
	if unix.FcntlFlock(f.Fd(), unix.F_SETLK, &lock) != nil {
		return 1
	}
	if _, err := os.Stdout.WriteString("locked\n"); err != nil {
		return 1
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test closes it
	return 0
}

func TestLockHolder(t *testing.T) {
	r, dir := tree(t)
	pid, err := r.LockHolder("/var/lib/dpkg/lock")
	require.NoError(t, err)
	assert.Zero(t, pid, "no file, no lock")
	put(t, filepath.Join(dir, "var/lib/dpkg/lock"), "")
	pid, err = r.LockHolder("/var/lib/dpkg/lock")
	require.NoError(t, err)
	assert.Zero(t, pid)

	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), lockEnv+"="+filepath.Join(dir, "var/lib/dpkg/lock"))
	in, err := holder.StdinPipe()
	require.NoError(t, err)
	out, err := holder.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, holder.Start())
	said, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "locked\n", said)
	pid, err = r.LockHolder("/var/lib/dpkg/lock")
	require.NoError(t, err)
	assert.Equal(t, holder.Process.Pid, pid)
	require.NoError(t, in.Close())
	require.NoError(t, holder.Wait())
	pid, err = r.LockHolder("/var/lib/dpkg/lock")
	require.NoError(t, err)
	assert.Zero(t, pid)

	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	_, err = r.LockHolder("/fifo")
	require.ErrorIs(t, err, ErrNotRegular)
}
