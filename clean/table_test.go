package clean_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// row is one line of a step's table: a machine, what lies on it, what the step must
// plan for it, and what must be left when that is done.
type row struct {
	name string
	// machine is the fixture; empty means debian-12.
	machine string
	// dirt is laid over it (txtar, see package fixtures): what the step is there for.
	// hostile is laid over that: links, other hard links and fifos where a file is due.
	// Two canaries stand ready for it, /srv/canary in the tree and OUTSIDE, a file of
	// this computer.
	dirt, hostile string
	// change sets what a tree cannot hold: what is live, facts, what is to be kept.
	change func(*testing.T, *clean.Scope)
	// want is the whole plan in order, as described.
	want []string
	// left is laid over the clean machine: what the step leaves of dirt and hostile.
	left string
	// still are checks that the step is there for and that do not pass afterwards, as
	// "STATUS ID".
	still []string
	// err is part of the error of the step.
	err string
}

const canary = "-- srv/canary --\nalive\n"

// unused is what no table looks at.
func unused() []string {
	return []string{
		"boot", "opt", "etc/apt", "etc/default", "etc/skel", "etc/ufw", "etc/update-motd.d", "etc/systemd/system/timers.target.wants",
		"usr/lib/modules", "usr/lib/python3", "usr/lib/ufw", "usr/lib/openssh", "usr/share", "usr/bin/dash", "usr/bin/bash", "usr/bin/dpkg",
		"var/lib/apt", "var/lib/dpkg", "var/lib/rpm", "var/log/unattended-upgrades",
	}
}

// now is the day on which all tables are judged.
func now() time.Time { return time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC) }

// step returns the step of the catalogue with that id.
func step(t *testing.T, id string) *clean.Step {
	t.Helper()
	for _, s := range clean.Catalogue() {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("there is no step %s", id)
	return nil
}

// testStep takes one step through every row of its table: plan, apply, compare with
// the clean machine, plan again, check.
func testStep(t *testing.T, id string, rows []row) {
	t.Helper()
	s := step(t, id)
	for _, r := range rows {
		shown.add(id, r)
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			tryRow(t, s, r)
		})
	}
}

func tryRow(t *testing.T, s *clean.Step, r row) {
	if r.machine == "" {
		r.machine = "debian-12"
	}
	outside := filepath.Join(t.TempDir(), "outside")
	require.NoError(t, os.WriteFile(outside, []byte("alive"), 0o600))
	overlay := func(text string) string { return canary + strings.ReplaceAll(text, "OUTSIDE", outside) }
	tree := fixtures.CopyWithout(t, r.machine, unused(), overlay(r.dirt), overlay(r.hostile))
	look := looking(t, tree, r.change)

	planned := one(t, clean.New(look, []*clean.Step{s}, &host.Recovery{}).Plan(t.Context()))
	assert.Equal(t, r.want, described(planned))

	done := run(t, look, s)
	if r.err == "" {
		assert.NoError(t, done.Err)
	} else {
		assert.ErrorContains(t, done.Err, r.err)
	}
	for _, o := range done.Outcomes {
		assert.True(t, o.Status == clean.Done || o.Op == clean.OpLeave && o.Status == clean.Skipped, "%s %s: %s %v", o.Op, o.At.Path, o.Status, o.Err)
	}
	assert.Empty(t, differences(fixtures.Tree(t, fixtures.CopyWithout(t, r.machine, unused(), overlay(r.left))), fixtures.Tree(t, tree)))

	data, err := os.ReadFile(outside)
	require.NoError(t, err)
	assert.Equal(t, "alive", string(data), "the canary outside the tree")
	again := one(t, clean.New(look, []*clean.Step{s}, &host.Recovery{}).Plan(t.Context()))
	assert.Empty(t, slices.DeleteFunc(described(again), func(line string) bool { return strings.HasPrefix(line, "leave ") }), "planned again")
	assert.Equal(t, r.still, unfixed(t, tree, s.ID))
}

// differences are the lines that one of two dumps has and the other has not.
func differences(want, got string) []string {
	wanted, had := strings.Split(want, "\n"), strings.Split(got, "\n")
	var found []string
	for _, line := range wanted {
		if !slices.Contains(had, line) {
			found = append(found, "missing: "+line)
		}
	}
	for _, line := range had {
		if !slices.Contains(wanted, line) {
			found = append(found, "left: "+line)
		}
	}
	return found
}

// looking returns how a run sees the tree, with what the row changes.
func looking(t *testing.T, tree string, change func(*testing.T, *clean.Scope)) func() *clean.Scope {
	t.Helper()
	h, err := host.OpenTree(tree)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	h.Now = now
	return func() *clean.Scope {
		own := *h
		s := &clean.Scope{Machine: distro.Detect(&own, distro.Settings{}), ZeroFill: clean.LeaveSpace}
		if change != nil {
			change(t, s)
		}
		return s
	}
}

// run takes one step through the whole of a run, the seal too.
func run(t *testing.T, look func() *clean.Scope, s *clean.Step) clean.Result {
	t.Helper()
	c := clean.New(look, []*clean.Step{s}, &host.Recovery{})
	if s.In(clean.StageSeal) {
		return one(t, c.Seal(t.Context()))
	}
	return one(t, c.Before(t.Context()))
}

func one(t *testing.T, results func(func(clean.Result) bool)) clean.Result {
	t.Helper()
	all := slices.Collect(results)
	require.Len(t, all, 1)
	return all[0]
}

// described is a plan as lines: the operation, the place, the size of what goes, what
// is called, and in parentheses the note.
func described(r clean.Result) []string {
	var lines []string
	for _, o := range r.Outcomes {
		words := []string{o.Op.String()}
		if o.At.Path != "" {
			words = append(words, o.At.Path)
		}
		if o.Op == clean.OpTruncate || o.Op == clean.OpRemove {
			words = append(words, fmt.Sprint(o.Size))
		}
		if o.Call != nil {
			words = append(words, o.Call.Argv...)
		}
		if o.Note != "" {
			words = append(words, "("+o.Note+")")
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

// unfixed are the checks that the step mends and that do not pass on the tree.
func unfixed(t *testing.T, tree, step string) []string {
	t.Helper()
	checks := slices.DeleteFunc(check.Catalogue(), func(c *check.Check) bool { return !slices.Contains(c.FixedBy, step) })
	return judged(t, tree, checks)
}

// judged are the checks that neither pass nor are skipped on the tree.
func judged(t *testing.T, tree string, checks []*check.Check) []string {
	t.Helper()
	h, err := host.OpenTree(tree)
	require.NoError(t, err)
	defer func() { require.NoError(t, h.Close()) }()
	h.Now = now
	var found []string
	for r := range check.Run(context.Background(), distro.Detect(h, distro.Settings{}), checks, check.Limits{Timeout: time.Minute}) {
		if r.Status != check.Pass && r.Status != check.Skip {
			found = append(found, r.Status.String()+" "+r.Check.ID)
		}
	}
	return found
}
