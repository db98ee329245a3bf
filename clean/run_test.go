package clean_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// planning is a step of this plan.
func planning(id string, stage clean.Stage, actions ...*clean.Action) *clean.Step {
	return &clean.Step{ID: id, Stages: []clean.Stage{stage}, Plan: func(context.Context, *clean.Scope) ([]*clean.Action, error) {
		return actions, nil
	}}
}

// file is an action on a file whose folder is the machine's own.
func file(op clean.Op, name string) *clean.Action {
	return &clean.Action{Op: op, At: host.At(name), Size: 2}
}

// statuses are the outcomes of a run as "STEP OP PATH: STATUS", and errors of steps as
// "STEP: ERROR".
func statuses(results []clean.Result) []string {
	var lines []string
	for _, r := range results {
		for _, o := range r.Outcomes {
			lines = append(lines, strings.Join(strings.Fields(r.Step.ID+" "+o.Op.String()+" "+o.At.Path), " ")+": "+o.Status.String())
		}
		if r.Err != nil {
			lines = append(lines, r.Step.ID+": "+r.Err.Error())
		}
	}
	return lines
}

func plant(t *testing.T, overlay string) string {
	t.Helper()
	tree := t.TempDir()
	fixtures.Lay(t, tree, overlay)
	return tree
}

// calling makes the machine a live one on which every program does this.
func calling(do func(host.Command) error) func(*testing.T, *clean.Scope) {
	return func(t *testing.T, s *clean.Scope) {
		live(t, s)
		s.Exec = doing(do)
	}
}

type doing func(host.Command) error

func (doing) Find(name string) (string, error) { return name, nil }

func (d doing) Run(_ context.Context, cmd host.Command) (host.Output, error) {
	return host.Output{}, d(cmd)
}

func call(argv ...string) *clean.Action {
	return &clean.Action{Op: clean.OpRun, Call: &distro.Call{Argv: argv, Vital: true}}
}

// TestContentsAreOverwritten: who has a file open reads zeros where it was removed or
// cut, and what it held where it only lost its name.
func TestContentsAreOverwritten(t *testing.T) {
	tree := plant(t, "-- removed --\nsecret\n-- cut --\nsecret\n-- unlinked --\nsecret\n-- written --\nsecret\n")
	open := map[string]*os.File{}
	for _, name := range []string{"removed", "cut", "unlinked"} {
		f, err := os.Open(filepath.Join(tree, name))
		require.NoError(t, err)
		defer func() { require.NoError(t, f.Close()) }()
		open[name] = f
	}
	c := clean.New(looking(t, tree, nil), []*clean.Step{planning("s", clean.StageSecrets,
		file(clean.OpRemove, "/removed"), file(clean.OpTruncate, "/cut"), file(clean.OpUnlink, "/unlinked"),
		&clean.Action{Op: clean.OpWrite, At: host.At("/written"), Data: []byte("other"), Perm: 0o600},
	)}, &host.Recovery{})
	results := slices.Collect(c.Before(t.Context()))
	assert.Equal(t, []string{"s remove /removed: done", "s truncate /cut: done", "s unlink /unlinked: done", "s write /written: done"}, statuses(results))
	assert.EqualValues(t, 2, results[0].Outcomes[0].Bytes)
	assert.False(t, c.Failed())
	for name, want := range map[string]string{"removed": strings.Repeat("\x00", 7), "cut": "", "unlinked": "secret\n"} {
		held, err := io.ReadAll(open[name])
		require.NoError(t, err)
		assert.Equal(t, want, string(held), name)
	}
	written, err := os.ReadFile(filepath.Join(tree, "written"))
	require.NoError(t, err)
	assert.Equal(t, "other", string(written))
}

// TestCallsDivideTheFiles: what is planned behind a call is untouched when it runs, and
// what is planned before it is gone.
func TestCallsDivideTheFiles(t *testing.T) {
	tree := plant(t, "-- before --\nx\n-- after --\nx\n")
	var seen string
	look := looking(t, tree, calling(func(host.Command) error {
		seen = fixtures.Tree(t, tree)
		return nil
	}))
	results := slices.Collect(clean.New(look, []*clean.Step{planning("s", clean.StageLogs,
		file(clean.OpRemove, "/before"), call("program"), file(clean.OpRemove, "/after"),
	)}, &host.Recovery{}).Before(t.Context()))
	assert.Equal(t, []string{"s remove /before: done", "s run: done", "s remove /after: done"}, statuses(results))
	untouched := plant(t, "-- after --\nx\n")
	assert.Empty(t, differences(fixtures.Tree(t, untouched), seen))
}

// TestCallThatFails: what follows it is left as it is, the steps of its stage still run,
// the next stage does not begin.
func TestCallThatFails(t *testing.T) {
	tree := plant(t, "-- swapfile --\nx\n-- other --\nx\n-- later --\nx\n")
	look := looking(t, tree, calling(func(host.Command) error { return host.ErrKilled }))
	recovery := &host.Recovery{}
	owing := call("swapoff")
	owing.Call.Owes = host.DebtJournal
	c := clean.New(look, []*clean.Step{
		planning("s", clean.StageLogs, owing, file(clean.OpRemove, "/swapfile")),
		planning("same", clean.StageLogs, file(clean.OpRemove, "/other")),
		planning("next", clean.StageIdentity, file(clean.OpRemove, "/later")),
	}, recovery)
	results := slices.Collect(c.Before(t.Context()))
	assert.Equal(t, []string{"s run: failed", "s remove /swapfile: skipped", "same remove /other: done"}, statuses(results))
	assert.ErrorContains(t, results[0].Outcomes[1].Err, "what has to come before it did not work")
	assert.True(t, c.Failed())
	assert.Equal(t, []host.Debt{{Kind: host.DebtJournal}}, recovery.Debts(), "it is owed although, and because, the call failed")
	assert.Empty(t, slices.Collect(c.Seal(t.Context())))
	assert.FileExists(t, filepath.Join(tree, "later"))
	assert.FileExists(t, filepath.Join(tree, "swapfile"))
}

// TestWhatIsNoLongerDue: what is gone or has become something else is skipped, and so is
// a folder in which something has stayed. None of it is a failure.
func TestWhatIsNoLongerDue(t *testing.T) {
	tree := plant(t, "-- canary --\nalive\n-- link link=canary --\n-- folder/x --\nalive\n-- half/gone --\nx\n-- half/new --\nalive\n-- twice hardlink=canary --\n")
	c := clean.New(looking(t, tree, nil), []*clean.Step{planning("s", clean.StageSecrets,
		file(clean.OpRemove, "/missing"), file(clean.OpTruncate, "/link"), file(clean.OpRemove, "/folder"), file(clean.OpTruncate, "/twice"),
		file(clean.OpRemove, "/half/gone"), file(clean.OpRemoveFolder, "/half"), file(clean.OpRemoveFolder, "/missing"), file(clean.OpRemoveFolder, "/canary"),
	)}, &host.Recovery{})
	assert.Equal(t, []string{
		"s remove /missing: skipped", "s truncate /link: skipped", "s remove /folder: skipped", "s truncate /twice: skipped",
		"s remove /half/gone: done", "s remove-folder /half: skipped", "s remove-folder /missing: skipped", "s remove-folder /canary: skipped",
	}, statuses(slices.Collect(c.Before(t.Context()))))
	assert.False(t, c.Failed())
	left := plant(t, "-- canary --\nalive\n-- link link=canary --\n-- folder/x --\nalive\n-- half/new --\nalive\n-- twice hardlink=canary --\n")
	assert.Empty(t, differences(fixtures.Tree(t, left), fixtures.Tree(t, tree)))
}

// TestWriteThatFails: what was to be written and was not is a failure, whatever the
// reason.
func TestWriteThatFails(t *testing.T) {
	tree := plant(t, "-- shadow link=elsewhere --\n")
	c := clean.New(looking(t, tree, nil), []*clean.Step{planning("s", clean.StageSecrets, file(clean.OpWrite, "/shadow"), file(clean.OpWrite, "/no/such/folder"))}, &host.Recovery{})
	assert.Equal(t, []string{"s write /shadow: failed", "s write /no/such/folder: failed"}, statuses(slices.Collect(c.Before(t.Context()))))
	assert.True(t, c.Failed())
}

// TestVerified: in a tree what comes back is a failure, on a running machine it is said.
func TestVerified(t *testing.T) {
	again := func(tree string) doing {
		return func(host.Command) error {
			return errors.Join(os.WriteFile(filepath.Join(tree, "removed"), []byte("x"), 0o600), os.WriteFile(filepath.Join(tree, "cut"), []byte("xyz"), 0o600),
				os.WriteFile(filepath.Join(tree, "written"), []byte("xyz"), 0o600))
		}
	}
	step := planning("s", clean.StageSecrets, file(clean.OpRemove, "/removed"), file(clean.OpTruncate, "/cut"),
		&clean.Action{Op: clean.OpWrite, At: host.At("/written"), Data: []byte("new"), Note: "a note"}, call("daemon"))
	for _, isLive := range []bool{true, false} {
		tree := plant(t, "-- removed --\nx\n-- cut --\nx\n-- written --\nx\n")
		c := clean.New(looking(t, tree, func(_ *testing.T, s *clean.Scope) { s.Exec, s.Live = again(tree), isLive }), []*clean.Step{step}, &host.Recovery{})
		results := slices.Collect(c.Before(t.Context()))
		assert.Equal(t, isLive, results[0].Err == nil)
		assert.Equal(t, isLive, !c.Failed())
		if !isLive {
			assert.EqualError(t, results[0].Err, "/removed: there again\n/cut: 3 bytes were written again\n/written: holds something else again")
			continue
		}
		assert.Equal(t, []string{
			"remove /removed 2 (there again)", "truncate /cut 2 (3 bytes were written again)", "write /written (a note; holds something else again)", "run daemon",
		}, described(results[0]))
	}
}

// TestPutBack: what is owed is put back, the newest first, and what cannot be stays owed.
func TestPutBack(t *testing.T) {
	var did []string
	look := looking(t, plant(t, "-- x --\n"), func(_ *testing.T, s *clean.Scope) {
		s.Exec = doing(func(cmd host.Command) error {
			did = append(did, cmd.Name+" "+strings.Join(cmd.Args, " "))
			return nil
		})
	})
	recovery := &host.Recovery{}
	for _, d := range []host.Debt{{Kind: host.DebtUnit, What: "cron.service"}, {Kind: "unknown"}, {Kind: host.DebtJournal}} {
		require.NoError(t, recovery.Owe(d))
	}
	err := clean.PutBack(t.Context(), look(), recovery)
	assert.EqualError(t, err, "putting back unknown: there is no such debt\nputting back unit cron.service: needs the running machine")
	assert.Equal(t, []string{"journalctl --flush"}, did)
	assert.Equal(t, []host.Debt{{Kind: "unknown"}, {Kind: host.DebtUnit, What: "cron.service"}}, recovery.Debts())
}
