package check

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/distro"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// row is one line of a check's table: a machine, what is wrong with it, and what
// the check must say of it.
type row struct {
	name string
	// machine is the fixture; empty means debian-12.
	machine string
	// overlay is laid over it (txtar, see package fixtures).
	overlay string
	// change sets what a tree cannot hold: facts, unit states, the package manager.
	change func(*testing.T, *distro.Machine)
	want   Status
	// findings are all findings in order, as "LEVEL PATH:LINE MESSAGE".
	findings []string
	// err is part of the error's text, for Error and Skip.
	err string
}

// now is the day on which all tables are judged.
func now() time.Time { return time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC) }

// testCheck runs one check over every row of its table.
func testCheck(t *testing.T, c *Check, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			got := judge(t, c, r)
			shown.add(c.ID, got.Status)
			assert.Equal(t, r.want, got.Status, "status; findings %v, error %v", described(got), got.Err)
			assert.Equal(t, r.findings, described(got))
			if r.err == "" && r.want != Error && r.want != Skip {
				assert.NoError(t, got.Err)
				return
			}
			require.Error(t, got.Err)
			assert.Contains(t, got.Err.Error(), r.err)
		})
	}
}

func judge(t *testing.T, c *Check, r row) Result {
	t.Helper()
	machine := r.machine
	if machine == "" {
		machine = "debian-12"
	}
	tree := fixtures.Copy(t, machine)
	if r.overlay != "" {
		fixtures.Lay(t, tree, r.overlay)
	}
	h, err := host.OpenTree(tree)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	h.Now = now
	m := distro.Detect(h, distro.Settings{})
	if r.change != nil {
		r.change(t, m)
	}
	for result := range Run(context.Background(), m, []*Check{c}, Limits{Timeout: time.Minute}) {
		return result
	}
	return Result{}
}

func described(r Result) []string {
	var found []string
	for _, f := range r.Findings {
		at := f.Path
		if f.Line > 0 {
			at = fmt.Sprintf("%s:%d", f.Path, f.Line)
		}
		found = append(found, fmt.Sprintf("%s %s %s", f.Level, at, f.Message))
	}
	return found
}
