package distro

import (
	"context"
	"errors"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// holdDnf has a real process hold dnf's lock on the machine.
func holdDnf(t *testing.T, files map[string]string) (pid string) {
	t.Helper()
	sleeper := exec.Command("sleep", "60")
	require.NoError(t, sleeper.Start())
	t.Cleanup(func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() })
	pid = strconv.Itoa(sleeper.Process.Pid)
	files["var/cache/dnf/metadata_lock.pid"] = pid + "\n"
	files["proc/"+pid+"/stat"] = ""
	return pid
}

func TestMakeWaitsForLocks(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	pid := holdDnf(t, files)
	play := &rpmScript{answers: []rpmAnswer{{words: "dnf upgrade"}}}
	m := rpmMachine(t, true, play, files)
	m.Facts.ProcessName = func(context.Context, int) (string, error) { return "packagekitd", nil }
	var heard []string
	m.settings = Settings{LockWait: 700 * time.Millisecond, Waiting: func(what string, waited time.Duration) {
		heard = append(heard, what)
		assert.Less(t, waited, 10*time.Second)
	}}
	call := rpmManager{name: "dnf"}.upgrade("", false)

	err := m.Do(t.Context(), call)
	require.ErrorIs(t, err, ErrLocked)
	require.EqualError(t, err, "a package lock is held: /var/cache/dnf/metadata_lock.pid by process "+pid+
		" (packagekitd); waited 700ms: let it end, or end it, and run again")
	assert.Empty(t, play.calls, "nothing is called over a lock")
	require.NotEmpty(t, heard)
	assert.Equal(t, "/var/cache/dnf/metadata_lock.pid by process "+pid+" (packagekitd)", heard[0])

	m.settings.LockWait = time.Minute
	m.settings.Waiting = func(_ string, waited time.Duration) {
		if waited > 300*time.Millisecond {
			plantFile(t, m.Root.Dir()+"/var/cache/dnf/metadata_lock.pid", "")
		}
	}
	require.NoError(t, m.Do(t.Context(), call), "the lock was given back in time")
	assert.Len(t, play.calls, 1)
}

func TestMakeEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	holdDnf(t, files)
	m := rpmMachine(t, true, &rpmScript{}, files)
	m.settings.LockWait = time.Hour
	interrupted := errors.New("interrupted")
	ctx, stop := context.WithCancelCause(t.Context())
	time.AfterFunc(100*time.Millisecond, func() { stop(interrupted) })
	require.ErrorIs(t, m.Do(ctx, aptRefresh()), interrupted)
}

// TestMakeMeetsALock: somebody takes the lock between our look and the program's.
func TestMakeMeetsALock(t *testing.T) {
	t.Parallel()
	const apt = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (apt-get)\n" +
		"E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?\n"
	const dpkg = "dpkg: error: dpkg frontend lock was locked by another process with pid 4711\nNote: removing the lock file is always wrong.\n"
	for name, row := range map[string]struct {
		call *Call
		out  host.Output
	}{
		"apt-get":        {aptCall("", "dist-upgrade"), says(100, "", apt)},
		"apt-get update": {aptRefresh(), says(100, "", "E: Could not get lock /var/lib/apt/lists/lock - open (11: Resource temporarily unavailable)\nE: Unable to lock directory /var/lib/apt/lists/\n")},
		"dpkg":           {dpkgRepair(), says(2, "", dpkg)},
		"dpkg of 2016":   {dpkgRepair(), says(2, "", "dpkg: error: dpkg status database is locked by another process\n")},
		"dnf":            {rpmManager{name: "dnf"}.upgrade("", false), says(200, "", isLocked)},
		"yum":            {rpmManager{name: "yum", yum: true}.upgrade("", false), says(1, "", "Existing lock /var/run/yum.pid: another copy is running as pid 7.\nAnother app is currently holding the yum lock; exiting as configured by exit_on_lock\n")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play := &rpmScript{answers: []rpmAnswer{{words: row.call.Argv[0], out: row.out, once: true}, {words: row.call.Argv[0]}}}
			m := rpmMachine(t, true, play, nil)
			m.settings.LockWait = time.Minute
			require.NoError(t, m.Do(t.Context(), row.call))
			assert.Len(t, play.calls, 2)

			m = rpmMachine(t, true, &rpmScript{answers: []rpmAnswer{{words: row.call.Argv[0], out: row.out}}}, nil)
			m.settings.LockWait = 300 * time.Millisecond
			require.ErrorIs(t, m.Do(t.Context(), row.call), ErrLocked)
		})
	}
}

// TestMakeTellsWhy: why a call did not work, in one line and without credentials.
func TestMakeTellsWhy(t *testing.T) {
	t.Parallel()
	plain := &Call{Argv: []string{"systemctl", "daemon-reload"}}
	for name, row := range map[string]struct {
		call *Call
		out  host.Output
		err  error
		is   error
		says string
	}{
		"exit code":     {call: plain, out: says(1, "", "first\nFailed to reload daemon: https://me:hush@example.org/x\n"), says: "systemctl: exit code 1: Failed to reload daemon: https://example.org/x"},
		"on stdout":     {call: plain, out: says(3, "so what\n", "\n"), says: "systemctl: exit code 3: so what"},
		"silent":        {call: plain, out: says(3, "", ""), says: "systemctl: exit code 3: and it says nothing"},
		"no program":    {call: plain, err: host.ErrNoProgram, is: host.ErrNoProgram},
		"hangs":         {call: plain, err: host.ErrTimeout, is: host.ErrTimeout, says: "(10m0s)"},
		"says nothing":  {call: aptCall("", "dist-upgrade"), err: host.ErrSilent, is: host.ErrSilent, says: "(30m0s)"},
		"took too long": {call: aptCall("", "dist-upgrade"), err: host.ErrTimeout, is: host.ErrTimeout, says: "(3h0m0s)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := rpmMachine(t, true, &rpmScript{answers: []rpmAnswer{{words: row.call.Argv[0], out: row.out, err: row.err}}}, nil)
			err := m.Do(t.Context(), row.call)
			if row.is != nil {
				require.ErrorIs(t, err, row.is)
			}
			require.ErrorContains(t, err, row.says)
			assert.NotContains(t, err.Error(), "hush")
		})
	}
}

func TestCallString(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1 NEEDRESTART_MODE=a "+
		"apt-get -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 dist-upgrade",
		aptCall("", "dist-upgrade").String())
	assert.Equal(t, "dnf -y --setopt=exit_on_lock=1 '--setopt=*.skip_if_unavailable=0' '--setopt=*.metadata_expire=never' upgrade",
		rpmManager{name: "dnf"}.upgrade("", false).String())
	assert.Equal(t, `echo 'it'\''s'`, (&Call{Argv: []string{"echo", "it's"}}).String())
}
