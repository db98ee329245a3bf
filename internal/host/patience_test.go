package host

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func patient(script string, p Patience) (context.CancelFunc, func() (Output, error)) {
	ctx, stop := context.WithCancel(context.Background())
	return stop, func() (Output, error) {
		return processes{}.Run(ctx, Command{Name: "sh", Args: []string{"-c", script}, Patience: &p})
	}
}

func TestPatience(t *testing.T) {
	t.Parallel()
	stop, run := patient("echo said; echo problem >&2; exit 7", Patience{Grace: time.Second, Silence: time.Minute})
	defer stop()
	out, err := run()
	require.NoError(t, err)
	assert.Equal(t, Output{Stdout: []byte("said\n"), Stderr: []byte("problem\n"), ExitCode: 7}, out)
}

// TestPatienceAsks: only the program itself is asked to end, and what it has started
// may come to its own end.
func TestPatienceAsks(t *testing.T) {
	t.Parallel()
	for signal, interrupt := range map[string]bool{"INT": true, "TERM": false} {
		t.Run(signal, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			script := `trap 'echo asked; wait; exit 3' ` + signal + `
				sh -c 'trap "echo cut off" INT TERM; echo began; sleep 1; echo finished >` + dir + `/worker' & wait`
			stop, run := patient(script, Patience{Interrupt: interrupt, Grace: 20 * time.Second, Silence: time.Minute})
			time.AfterFunc(400*time.Millisecond, stop)
			out, err := run()
			require.ErrorIs(t, err, context.Canceled, "an answer that came after the end of ctx is none")
			assert.Equal(t, "began\nasked\n", string(out.Stdout))
			assert.FileExists(t, filepath.Join(dir, "worker"))
		})
	}
}

// TestPatienceWaitsForOrphans: dpkg goes on where apt-get was ended.
func TestPatienceWaitsForOrphans(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stop, run := patient(`(sleep 1; echo finished >`+dir+`/worker) & exec sleep 600`, Patience{Grace: 20 * time.Second})
	time.AfterFunc(300*time.Millisecond, stop)
	_, err := run()
	require.ErrorIs(t, err, context.Canceled)
	assert.FileExists(t, filepath.Join(dir, "worker"))
}

func TestPatienceEnds(t *testing.T) {
	t.Parallel()
	start := time.Now()
	stop, run := patient(`trap "" TERM INT; echo $$; while :; do sleep 0.1; done`, Patience{Grace: time.Second})
	time.AfterFunc(200*time.Millisecond, stop)
	out, err := run()
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, time.Since(start), 10*time.Second)
	requireGone(t, string(out.Stdout))
}

func TestPatienceWithSilence(t *testing.T) {
	t.Parallel()
	stop, run := patient(`echo one; sleep 0.8; echo two; exec sleep 600`, Patience{Grace: time.Second, Silence: 1500 * time.Millisecond})
	defer stop()
	out, err := run()
	require.ErrorIs(t, err, ErrSilent)
	assert.Equal(t, "one\ntwo\n", string(out.Stdout))
}

func TestPatienceKeepsTheEnd(t *testing.T) {
	t.Parallel()
	stop, run := patient(`yes 0123456789 | head -c 20000000; echo; echo the end`, Patience{Grace: time.Second})
	defer stop()
	out, err := run()
	require.NoError(t, err)
	assert.LessOrEqual(t, len(out.Stdout), keptOutput)
	assert.True(t, strings.HasPrefix(string(out.Stdout), "0123456789\n"), "whole lines")
	assert.True(t, strings.HasSuffix(string(out.Stdout), "\nthe end\n"))
}

// TestPatienceSurvives: where this process is killed, the program is not disturbed.
func TestPatienceSurvives(t *testing.T) {
	const play = "IMGCHECK_TEST_PATIENT"
	if dir := os.Getenv(play); dir != "" {
		_, run := patient(`echo began >`+dir+`/began; sleep 1; echo said; echo said >&2; echo finished >`+dir+`/worker`, Patience{})
		_, _ = run()
		return
	}
	t.Parallel()
	dir := t.TempDir()
	c := exec.Command(os.Args[0], "-test.run=^TestPatienceSurvives$")
	c.Env = append(os.Environ(), play+"="+dir)
	require.NoError(t, c.Start())
	there := func(name string) func() bool {
		return func() bool { _, err := os.Stat(filepath.Join(dir, name)); return err == nil }
	}
	require.Eventually(t, there("began"), 10*time.Second, 10*time.Millisecond)
	require.NoError(t, c.Process.Kill())
	_ = c.Wait()
	assert.Eventually(t, there("worker"), 10*time.Second, 50*time.Millisecond)
}

// TestRunAsksNobody: a program that wants an answer finds neither input nor terminal.
func TestRunAsksNobody(t *testing.T) {
	out, err := run(t, `if read line; then echo read; fi; if (: </dev/tty) 2>/dev/null; then echo terminal; fi
		read pid name state parent group session rest </proc/$$/stat; [ $session = $$ ] || echo in another session`)
	require.NoError(t, err)
	assert.Empty(t, string(out.Stdout))
}
