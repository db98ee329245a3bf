package distro

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// playedUnits answers for units from a table; others are inactive.
type playedUnits map[string]host.Activity

func (p playedUnits) State(_ context.Context, unit string) (host.UnitState, error) {
	if p == nil {
		return host.UnitState{}, nil // no service manager
	}
	if activity, known := p[unit]; known {
		return host.UnitState{Installed: true, Activity: activity}, nil
	}
	return host.UnitState{Activity: host.Inactive}, nil
}

func (playedUnits) Stop(context.Context, string) error  { return nil }
func (playedUnits) Start(context.Context, string) error { return nil }

const cloudInitThere = "-- usr/bin/cloud-init mode=0755 --\n#!/bin/sh\n"

// young is a machine that booted that long ago, with cloud-init and this overlay.
func young(t *testing.T, uptime time.Duration, overlay string, answers ...rpmAnswer) *Machine {
	t.Helper()
	m := treeMachine(t, cloudInitThere+overlay)
	m.Live, m.Exec = true, &rpmScript{answers: answers}
	m.Units = playedUnits{}
	m.Facts.Uptime = func(context.Context) (time.Duration, error) { return uptime, nil }
	m.settings.CloudInitWait = 300 * time.Millisecond
	return m
}

func TestAwaitCloudInit(t *testing.T) {
	t.Parallel()
	const result = "-- run/cloud-init/result.json --\n"
	const work = "-- run/cloud-init/status.json --\n{}\n"
	const unknown = "usage: /usr/bin/cloud-init [-h] [--version]\ncloud-init: error: argument subcommand: invalid choice: 'status'\n"
	const soon, late = time.Minute, time.Hour
	status := func(code int, word string) rpmAnswer {
		return rpmAnswer{words: "cloud-init status", out: says(code, "status: "+word+"\n", "")}
	}
	old := rpmAnswer{words: "cloud-init status", out: says(2, "", unknown)}
	for name, row := range map[string]struct {
		uptime  time.Duration
		overlay string
		answer  rpmAnswer
		units   playedUnits
		note    string
		waits   bool
	}{
		"done":                            {soon, "", status(0, "done"), nil, "", false},
		"done, degraded":                  {soon, "", status(2, "done"), nil, "cloud-init finished with warnings (cloud-init status --long)", false},
		"degraded by its word":            {soon, "", status(2, "degraded done"), nil, "cloud-init finished with warnings (cloud-init status --long)", false},
		"disabled":                        {soon, "", status(0, "disabled"), nil, "", false},
		"running":                         {late, "", status(0, "running"), nil, "", true},
		"running, degraded":               {late, "", status(2, "degraded running"), nil, "", true},
		"error at the end":                {soon, result + `{"v1":{"errors":["a secret"]}}`, status(1, "error"), nil, "cloud-init finished with errors (1, see cloud-init status --long)", false},
		"error on the way":                {late, work, status(1, "error"), nil, "", true},
		"error that broke it off":         {soon, work, status(1, "error"), playedUnits{cloudInitLast: host.Failed}, "cloud-init broke off: cloud-final.service has failed", false},
		"not run yet":                     {soon, "", status(0, "not run"), nil, "", true},
		"not started yet":                 {soon, "", status(0, "not started"), nil, "", true},
		"not run at all":                  {late, "", status(0, "not run"), nil, "cloud-init has not run since the boot", false},
		"old, finished":                   {soon, result + `{"v1":{"datasource":"x","errors":[]}}`, old, nil, "", false},
		"old, finished by a mark":         {late, "-- var/lib/cloud/instance/boot-finished --\nx\n", old, nil, "", false},
		"old, a mark of an earlier boot":  {soon, work + "-- var/lib/cloud/instance/boot-finished mtime=2026-11-20 --\nx\n", old, nil, "", true},
		"old, a result that is garbage":   {soon, result + "{", old, nil, "cloud-init finished, and its result cannot be read", false},
		"old, disabled by its generator":  {soon, "-- run/cloud-init/disabled --\n", old, nil, "", false},
		"its state was removed":           {soon, "-- run/cloud-init/result.json link=../../var/lib/cloud/data/result.json --\n", status(0, "running"), nil, "", false},
		"old, at work for long":           {late, work, old, nil, "", true},
		"hangs, and its files say enough": {soon, result + "{}", rpmAnswer{words: "cloud-init status", err: host.ErrTimeout}, nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := young(t, row.uptime, row.overlay, row.answer)
			m.Now = func() time.Time { return time.Now() }
			if row.units != nil {
				m.Units = row.units
			}
			a, err := m.AwaitCloudInit(t.Context())
			require.NoError(t, err)
			require.NotNil(t, a)
			note, err := a.For(t.Context())
			assert.Equal(t, row.note, note)
			if row.waits {
				require.ErrorIs(t, err, errCloudInitRuns)
				return
			}
			require.NoError(t, err)
		})
	}
}

func TestNoCloudInitToAwait(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Machine){
		"no cloud-init": func(m *Machine) {
			require.NoError(t, os.Remove(filepath.Join(m.Root.Dir(), "usr/bin/cloud-init")))
		},
		"disabled":           func(m *Machine) { plantFile(t, m.Root.Dir()+CloudDisabledFile, "") },
		"no service manager": func(m *Machine) { m.Units = playedUnits(nil) },
	} {
		m := young(t, time.Hour, "")
		change(m)
		a, err := m.AwaitCloudInit(t.Context())
		require.NoError(t, err, name)
		assert.Nil(t, a, name)
	}
}

func TestAwaitCloudInitEnds(t *testing.T) {
	t.Parallel()
	m := young(t, time.Minute, "", rpmAnswer{words: "status", out: says(0, "status: running\n", "")})
	m.settings.CloudInitWait = time.Hour
	var heard []string
	m.settings.Waiting = func(what string, _ time.Duration) { heard = append(heard, what) }
	a, err := m.AwaitCloudInit(t.Context())
	require.NoError(t, err)
	interrupted := errors.New("interrupted")
	ctx, stop := context.WithCancelCause(t.Context())
	time.AfterFunc(100*time.Millisecond, func() { stop(interrupted) })
	_, err = a.For(ctx)
	require.ErrorIs(t, err, interrupted)
	assert.Equal(t, []string{"cloud-init"}, heard)

	m.Exec = &rpmScript{answers: []rpmAnswer{{words: "status", err: host.ErrNoProgram}}}
	_, err = a.For(t.Context())
	require.ErrorIs(t, err, host.ErrNoProgram, "what cannot be asked is not finished")
}

func TestAwaitLocks(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	pid := holdDnf(t, files)
	m := rpmMachine(t, true, &rpmScript{}, files)
	m.settings.LockWait = 300 * time.Millisecond
	_, err := m.AwaitLocks().For(t.Context())
	require.ErrorIs(t, err, ErrLocked)
	require.ErrorContains(t, err, "metadata_lock.pid by process "+pid)

	_, err = rpmMachine(t, true, &rpmScript{}, nil).AwaitLocks().For(t.Context())
	require.NoError(t, err)
	assert.Nil(t, treeMachine(t, "-- etc/os-release --\nID=alpine\n").AwaitLocks())
}

func FuzzCloudInit(f *testing.F) {
	f.Add([]byte("\nstatus: done\nextended_status: degraded done\n"))
	f.Add([]byte(`{"v1":{"errors":[1,{}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if word := cloudInitWord(data); len(word) > len(data) {
			t.Fatal("more than was said")
		}
		if note := resultNote(data); len(note) > 100 {
			t.Fatal("a note quotes the result")
		}
	})
}
