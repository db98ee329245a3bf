//go:build e2e

package e2e

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fault is one row: what is planted in a publishable tree, and what the report
// says of it. Checks that a row does not name must report as on the clean tree.
type fault struct {
	name string
	// bug is the number of the mistake of img_check.sh that the row is about.
	bug string
	// plant is shell text, run inside the tree with the words of prelude.sh.
	plant string
	debs  []deb
	// advisories are what the tree's dnf repository publishes: empty is a repository
	// without any, nil leaves it as it is.
	advisories []advisory
	// after is shell text like plant, run when the packages are there.
	after string
	// want is "id=status …" in both modes; live and root override it in one.
	want, live, root string
	// says is "id: text" that both reports hold.
	says string
	// only limits the run to some checks, where a row makes the rest meaningless.
	only string
	// unread leaves the package indexes as the plant left them.
	unread bool
}

// mode is a way to run the program on a tree.
type mode struct {
	name string
	run  func(*tree, ...string) *outcome
	want func(fault) string
}

func modes() []mode {
	return []mode{
		{"root", func(own *tree, args ...string) *outcome { return own.checkRoot(args...) }, func(f fault) string { return f.root }},
		{"live", func(own *tree, args ...string) *outcome { return own.checkLive(args...) }, func(f fault) string { return f.live }},
	}
}

func debianFaults() []fault {
	return slices.Concat(
		accountFaults(), shadowFaults(), keyFaults(), sshFaults(), historyFaults(), logFaults(), osFaults(), bootFaults(), firstFaults(),
		secretFaults(), serverFaults(), firewallFaults(), updateFaults(), securityNameFaults(), packageFaults(), agentFaults(),
	)
}

func TestDebianFaults(t *testing.T) { plantAll(t, debianTree, debianFaults()) }

func TestRockyFaults(t *testing.T) { plantAll(t, rockyTree, elFaults()) }

// plantAll runs the rows, each on a tree of its own.
func plantAll(t *testing.T, fresh func(testing.TB) *tree, rows []fault) {
	t.Helper()
	clean := sync.OnceValue(func() map[string]map[string]string { return cleanStatuses(t, fresh) })
	require.NotEmpty(t, clean())
	for _, f := range rows {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			f.test(t, fresh(t), clean())
		})
	}
}

// cleanStatuses are the statuses of the clean tree by mode. Nothing may be wrong
// with it: the rows are measured against it.
func cleanStatuses(t *testing.T, fresh func(testing.TB) *tree) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, m := range modes() {
		own := fresh(t)
		out := m.run(own)
		all[m.name] = out.statuses()
		for id, status := range out.statuses() {
			require.NotContains(t, []string{"fail", "error"}, status, "the clean tree, %s, %s: %s", m.name, id, out.said(id))
		}
		require.Equal(t, 0, out.code, "the clean tree, %s", m.name)
	}
	return all
}

func (f fault) test(t *testing.T, own *tree, clean map[string]map[string]string) {
	own.plant(f.plant)
	own.offer(f.debs)
	own.plant(f.after)
	own.index(f)
	for _, m := range modes() {
		before := own.changes()
		out := m.run(own, f.args()...)
		f.judge(t, m, out, clean[m.name])
		assertUntouched(t, m.name, before, own.changes())
	}
}

// index makes the package manager's indexes say what the row published.
func (own *tree) index(f fault) {
	own.t.Helper()
	switch {
	case f.unread:
	case !own.deb && f.advisories != nil:
		require.NoError(own.t, indexRPMs(own.root, f.advisories))
	case own.deb && len(f.debs) > 0:
		own.refresh()
	}
}

func (f fault) args() []string {
	if f.only == "" {
		return nil
	}
	return []string{"--only", f.only}
}

// judge compares a report with what the row wants of it.
func (f fault) judge(t *testing.T, m mode, out *outcome, clean map[string]string) {
	t.Helper()
	want := maps.Clone(clean)
	if f.only != "" {
		for _, id := range names(want) {
			if !slices.Contains(strings.Split(f.only, ","), id) {
				want[id] = "skip"
			}
		}
	}
	maps.Copy(want, parse(t, f.want))
	maps.Copy(want, parse(t, m.want(f)))
	got := out.statuses()
	for _, id := range names(want) {
		assert.Equal(t, want[id], got[id], "%s, %s: %s", m.name, id, out.said(id))
	}
	assert.Len(t, got, len(want), "%s: the report has other checks than the clean tree's", m.name)
	assert.Equal(t, exitCode(want), out.code, "%s: exit code; standard error: %s", m.name, out.stderr)
	if f.says != "" {
		id, text, _ := strings.Cut(f.says, ": ")
		assert.Contains(t, out.said(id), text, m.name)
	}
}

func parse(t *testing.T, statuses string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for field := range strings.FieldsSeq(statuses) {
		id, status, found := strings.Cut(field, "=")
		require.True(t, found, "a row says %q", field)
		all[id] = status
	}
	return all
}
