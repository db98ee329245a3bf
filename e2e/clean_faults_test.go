//go:build e2e

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/fixtures"
)

// cleanArgs clean without what takes long and is tested elsewhere.
var cleanArgs = []string{programPath, "clean", "--yes", "--force", "--no-upgrade"}

// dirtyTree is a tree as a build leaves it.
func dirtyTree(t testing.TB) *image {
	t.Helper()
	d := &image{tree: debianTree(t)}
	d.dirty("tree")
	return d
}

// cleaned describes all that a clean may change, and the vendor's work between it.
func (d *image) cleaned() string {
	d.t.Helper()
	var all strings.Builder
	for _, dir := range []string{"etc", "root", "home", "srv", "opt", "data", "tmp", "run", "var"} {
		fmt.Fprintf(&all, "%s:\n%s", dir, fixtures.Tree(d.t, filepath.Join(d.root, dir)))
	}
	return all.String()
}

// uninterrupted is what a clean leaves that nobody disturbs, and how long it takes.
type uninterrupted struct {
	tree string
	took time.Duration
}

func cleanOnce(t *testing.T, fresh func(testing.TB) *image, args ...string) uninterrupted {
	t.Helper()
	d := fresh(t)
	start := time.Now()
	code, stdout, stderr := d.cleanAll(args...)
	took := time.Since(start)
	require.Equal(t, 0, code, "%s\n%s", stdout, stderr)
	return uninterrupted{d.cleaned(), took}
}

// cleanKilled starts a clean and kills it after some time. What it has started ends
// with it or is left to finish.
func (d *image) cleanKilled(after time.Duration, args ...string) {
	d.t.Helper()
	argv := append([]string{"/bin/sh", "-euc", hostileLinks + `exec "$@"`, "clean"}, append(cleanArgs, args...)...)
	c := enterCommand(d.root, "", argv...)
	require.NoError(d.t, c.Start())
	timer := time.AfterFunc(after, func() { _ = c.Process.Kill() })
	defer timer.Stop()
	_ = c.Wait() // killed, as a rule
}

// TestCleanAfterKills: a clean that is killed at any moment and run again leaves what
// one leaves that was not.
func TestCleanAfterKills(t *testing.T) {
	for _, row := range []struct {
		name  string
		kills int
		fresh func(testing.TB) *image
		args  []string
	}{
		{"a tree", 20, dirtyTree, []string{"--zero-fill", "off"}},
		{"a disk", 10, func(t testing.TB) *image {
			d := debianImage(t, imageKinds()[0])
			d.dirty("disk")
			return d
		}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			want := cleanOnce(t, row.fresh, row.args...)
			seed := uint64(time.Now().UnixNano())
			t.Logf("a clean takes %s; the moments are of seed %d", want.took.Round(time.Millisecond), seed)
			moments := rand.New(rand.NewPCG(seed, 0))
			for i := range row.kills {
				after := time.Duration(moments.Int64N(int64(want.took)))
				t.Run(fmt.Sprintf("%d", i), func(t *testing.T) {
					t.Parallel()
					d := row.fresh(t)
					before := standing(t, d.root)
					d.cleanKilled(after, row.args...)
					code, stdout, stderr := d.cleanAll(row.args...)
					require.Equal(t, 0, code, "killed after %s: %s\n%s", after, stdout, stderr)
					assert.Equal(t, want.tree, d.cleaned(), "killed after %s", after)
					assert.Equal(t, before, standing(t, d.root), "killed after %s", after)
				})
			}
		})
	}
}

// TestCleanInterrupted sends a signal as each line of the report appears. Nothing is
// left behind, and a second run ends as one that nobody disturbed.
func TestCleanInterrupted(t *testing.T) {
	want := sync.OnceValue(func() uninterrupted { return cleanOnce(t, dirtyTree, "--zero-fill", "off") })
	for n := 1; ; n += 3 {
		signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[n%2]
		reached := true
		t.Run(fmt.Sprintf("%s at line %d", signal, n), func(t *testing.T) {
			d := dirtyTree(t)
			before := standing(t, d.root)
			code, signalled := d.cleanSignalled(n, signal, "--zero-fill", "off")
			reached = signalled
			if code != 0 && code != 1 && code != 3 {
				assert.Equal(t, 128+int(signal), code)
			}
			assert.NoDirExists(t, filepath.Join(d.root, "run/imgcheck"), "what was held up is put back")
			code, stdout, stderr := d.cleanAll("--zero-fill", "off")
			require.Equal(t, 0, code, "%s\n%s", stdout, stderr)
			assert.Equal(t, want().tree, d.cleaned())
			assert.Equal(t, before, standing(t, d.root))
		})
		if !reached || t.Failed() {
			break
		}
	}
}

// cleanSignalled runs a clean and sends it a signal when it has written n lines.
func (d *image) cleanSignalled(n int, signal syscall.Signal, args ...string) (code int, signalled bool) {
	d.t.Helper()
	argv := append([]string{"/bin/sh", "-euc", hostileLinks + `exec "$@"`, "clean"}, append(cleanArgs, args...)...)
	c := enterCommand(d.root, "", argv...)
	out, err := c.StdoutPipe()
	require.NoError(d.t, err)
	require.NoError(d.t, c.Start())
	lines := bufio.NewScanner(out)
	for i := 1; lines.Scan(); i++ {
		if i == n {
			signalled = true
			_ = c.Process.Signal(signal) // it may have ended by now
		}
	}
	_ = c.Wait() // the code tells
	return c.ProcessState.ExitCode(), signalled
}

// planned returns the actions that a dry run would take, but for those on free space.
func (d *image) planned(args ...string) []string {
	d.t.Helper()
	argv := append(cleanArgs, append([]string{"--dry-run", "--format", "json"}, args...)...)
	code, stdout, stderr := run(d.t, enterCommand(d.root, "", argv...))
	require.Equal(d.t, 0, code, "%s\n%s", stdout, stderr)
	var report struct {
		Actions []struct{ Step, Op, Path, Status string }
	}
	require.NoError(d.t, json.Unmarshal([]byte(stdout), &report))
	planned := []string{}
	for _, a := range report.Actions {
		// Free space can be filled again, and the mount in /tmp was the first run's.
		if a.Status == "planned" && a.Op != "fill" && a.Op != "trim" && a.Op != "wait" && a.Path != "/tmp/mounted" {
			planned = append(planned, strings.Join([]string{a.Step, a.Op, a.Path}, " "))
		}
	}
	return planned
}

func TestSecondCleanPlansNothing(t *testing.T) {
	d := dirtyTree(t)
	assert.NotEmpty(t, d.planned())
	code, stdout, stderr := d.cleanAll("--zero-fill", "off")
	require.Equal(t, 0, code, "%s\n%s", stdout, stderr)
	assert.Empty(t, d.planned())
}

func TestDryRunChangesNothing(t *testing.T) {
	d := dirtyTree(t)
	before := d.changes()
	assert.NotEmpty(t, d.planned())
	assertUntouched(t, "root", before, d.changes())
}

func TestCleanOfAReadOnlyDisk(t *testing.T) {
	d := debianImage(t, imageKinds()[0])
	d.dirty("read-only")
	before := d.cleaned()
	require.NoError(t, command("/", "mount", "-o", "remount,ro", d.root))
	code, stdout, stderr := run(t, enterCommand(d.root, "", cleanArgs...))
	assert.Equal(t, 2, code, "%s\n%s", stdout, stderr)
	assert.Contains(t, stderr, "read-only")
	assert.Equal(t, before, d.cleaned())
}

func TestCleanOfAFullDisk(t *testing.T) {
	d := debianImage(t, imageKinds()[0])
	planted := d.dirty("full")
	before := standing(t, d.root)
	full, err := os.Create(filepath.Join(d.root, "opt/full"))
	require.NoError(t, err)
	chunk := make([]byte, 1<<20)
	for err == nil {
		_, err = full.Write(chunk)
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NoError(t, full.Close())
	code, stdout, stderr := d.cleanAll()
	require.Equal(t, 0, code, "%s\n%s", stdout, stderr)
	assert.Equal(t, before, standing(t, d.root))
	assert.Empty(t, d.left(planted))
}
