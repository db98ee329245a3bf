package distro

import (
	"context"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDnfLockHeld has a real process named in a pid file.
func TestDnfLockHeld(t *testing.T) {
	sleeper := exec.Command("sleep", "60")
	require.NoError(t, sleeper.Start())
	t.Cleanup(func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() })
	pid := strconv.Itoa(sleeper.Process.Pid)
	play := &rpmScript{programs: []string{"dnf"}, answers: []rpmAnswer{{words: "check-update"}, {words: "updateinfo"}, bashInstalled}}
	files := map[string]string{"var/cache/dnf/metadata_lock.pid": pid + "\n", "proc/" + pid + "/stat": ""}

	m := rpmMachine(t, true, play, files)
	m.Facts.ProcessName = func(context.Context, int) (string, error) { return "packagekitd", nil }
	_, err := m.Packages.Pending(context.Background())
	require.ErrorIs(t, err, ErrLocked)
	require.ErrorContains(t, err, "/var/cache/dnf/metadata_lock.pid by process "+pid+" (packagekitd)")
	assert.Empty(t, play.calls)

	// The deadline of the check ends the wait as well.
	m = rpmMachine(t, true, play, files)
	m.Packages = newRPMPackages(m, Settings{LockWait: time.Hour})
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	_, err = m.Packages.Pending(ctx)
	require.ErrorIs(t, err, ErrLocked)

	// A process that is gone holds nothing, nor does an empty file.
	for _, text := range []string{"999999999", "", "garbage", "-3"} {
		m = rpmMachine(t, true, play, map[string]string{"var/run/yum.pid": text})
		_, err = m.Packages.Pending(context.Background())
		require.NoError(t, err, text)
	}
}

// TestDnfLockMet: the lock is taken between our look and dnf's.
func TestDnfLockMet(t *testing.T) {
	play := &rpmScript{programs: []string{"dnf"}, answers: []rpmAnswer{
		{words: "check-update", out: says(200, "", isLocked), once: true}, {words: "check-update"}, {words: "updateinfo"}, bashInstalled,
	}}
	m := rpmMachine(t, true, play, nil)
	m.Packages = newRPMPackages(m, Settings{Refresh: true, LockWait: time.Minute})
	_, err := m.Packages.Pending(context.Background())
	require.NoError(t, err)
}
