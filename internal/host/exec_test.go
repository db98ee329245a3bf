package host

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func run(t *testing.T, script string) (Output, error) {
	t.Helper()
	return processes{}.Run(context.Background(), Command{Name: "sh", Args: []string{"-c", script}})
}

func TestRun(t *testing.T) {
	t.Setenv("SECRET", "x")
	t.Setenv("LANG", "de_DE.UTF-8")
	out, err := processes{}.Run(context.Background(), Command{
		Name: "sh", Args: []string{"-c", `env | sort; pwd; cat; echo problem >&2; exit 7`}, Env: []string{"MORE=1"},
	})
	require.NoError(t, err, "an exit code is data")
	assert.Equal(t, 7, out.ExitCode)
	assert.Equal(t, "problem\n", string(out.Stderr))
	text := string(out.Stdout)
	for _, want := range []string{pathVariable, "HOME=/root", "LC_ALL=C", "MORE=1"} {
		assert.Contains(t, text, want+"\n")
	}
	assert.NotContains(t, text, "SECRET")
	assert.NotContains(t, text, "LANG=")
	assert.True(t, strings.HasSuffix(text, "\n/\n"), "runs in /, with an empty standard input")
}

func TestFind(t *testing.T) {
	file, err := processes{}.Find("sh")
	require.NoError(t, err)
	assert.True(t, filepath.IsAbs(file))
	t.Setenv("PATH", t.TempDir())
	put(t, filepath.Join(os.Getenv("PATH"), "imgcheck-no-such"), "")
	_, err = processes{}.Find("imgcheck-no-such")
	require.ErrorIs(t, err, ErrNoProgram)
	_, err = processes{}.Run(context.Background(), Command{Name: "imgcheck-no-such"})
	require.ErrorIs(t, err, ErrNoProgram)
}

func TestOffline(t *testing.T) {
	_, err := offline{}.Run(context.Background(), Command{Name: "sh"})
	require.ErrorIs(t, err, ErrOffline)
	_, err = offline{}.Find("sh")
	require.ErrorIs(t, err, ErrOffline)
}

func TestRunKilled(t *testing.T) {
	_, err := run(t, `kill -9 $$`)
	require.ErrorIs(t, err, ErrKilled)
}

func TestRunFlood(t *testing.T) {
	out, err := processes{}.Run(context.Background(), Command{Name: "sh", Args: []string{"-c", "yes"}, Bound: 1000})
	require.ErrorIs(t, err, ErrFlood)
	assert.Len(t, out.Stdout, 1000)
	_, err = run(t, "yes >&2")
	require.ErrorIs(t, err, ErrFlood)
}

// TestRunHangs: a program that ignores SIGTERM, and what it has started, are gone
// when Run returns.
func TestRunHangs(t *testing.T) {
	for name, script := range map[string]string{
		"obeys":                        `sleep 600 & echo $!; exec sleep 600`,
		"ignores SIGTERM":              `trap "" TERM; sleep 600 & echo $!; while :; do sleep 1; done`,
		"leaves a stubborn one behind": `(trap "" TERM; exec >/dev/null 2>&1; while :; do sleep 1; done) & echo $!; exec sleep 600`,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer stop()
			start := time.Now()
			out, err := processes{}.Run(ctx, Command{Name: "sh", Args: []string{"-c", script}})
			require.ErrorIs(t, err, ErrTimeout)
			assert.Less(t, time.Since(start), 6*time.Second)
			requireGone(t, string(out.Stdout))
		})
	}
}

func requireGone(t *testing.T, pid string) {
	t.Helper()
	n, err := strconv.Atoi(strings.TrimSpace(pid))
	require.NoError(t, err)
	assert.Eventually(t, func() bool {
		// What has died and waits for init to notice is as good as gone.
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(n) + "/stat")
		return err != nil || strings.Contains(string(stat), ") Z ")
	}, 500*time.Millisecond, 10*time.Millisecond, "process %d is left behind", n)
}

func TestRunCancelled(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, stop)
	_, err := processes{}.Run(ctx, Command{Name: "sleep", Args: []string{"600"}})
	require.ErrorIs(t, err, context.Canceled)
}

// TestRunPipeHeld: a descendant in a session of its own keeps our pipe; nobody
// knows what it would still have said.
func TestRunPipeHeld(t *testing.T) {
	start := time.Now()
	out, err := run(t, `setsid sleep 20 & echo $!; echo done`)
	t.Cleanup(func() {
		pid, _, _ := strings.Cut(string(out.Stdout), "\n")
		if n, err := strconv.Atoi(pid); err == nil {
			_ = syscall.Kill(n, syscall.SIGKILL)
		}
	})
	require.ErrorIs(t, err, exec.ErrWaitDelay)
	assert.Contains(t, string(out.Stdout), "done")
	assert.Less(t, time.Since(start), 10*time.Second)
}

func TestRunMemory(t *testing.T) {
	out, err := processes{}.Run(context.Background(), Command{
		Name: "sh", Args: []string{"-c", `sleep 0.3; ulimit -v`}, Memory: 512 << 20,
	})
	require.NoError(t, err)
	assert.Equal(t, "524288\n", string(out.Stdout))
	out, err = processes{}.Run(context.Background(), Command{
		Name: "sh", Args: []string{"-c", `sleep 0.3; exec head -c 1G /dev/zero | tail -c 1G >/dev/null`}, Memory: 128 << 20,
	})
	require.NoError(t, err)
	assert.NotZero(t, out.ExitCode)
}
