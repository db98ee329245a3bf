package clean_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/clean"
	"imgcheck/fixtures"
	"imgcheck/internal/host"
)

// TestCrash: a crash in a plan or in a change fails its step and nothing else; what it
// panics with is not shown, as it may be what was read.
func TestCrash(t *testing.T) {
	tree := plant(t, "-- other --\nx\n")
	crash := &clean.Step{ID: "crash", Stages: []clean.Stage{clean.StageSecrets}, Plan: func(context.Context, *clean.Scope) ([]*clean.Action, error) {
		panic("hunter2")
	}}
	steps := []*clean.Step{
		crash,
		planning("nil", clean.StageSecrets, &clean.Action{Op: clean.OpWait}, file(clean.OpRemove, "/other")),
		planning("fine", clean.StageSecrets, file(clean.OpRemove, "/other")),
	}
	c := clean.New(looking(t, tree, nil), steps, &host.Recovery{})
	planned := statuses(slices.Collect(c.Plan(t.Context())))
	assert.Equal(t, []string{
		"crash: crashed, please report this: a panic of type string", "nil wait: planned", "nil remove /other: planned", "fine remove /other: planned",
	}, planned)
	assert.False(t, c.Failed(), "a plan that failed is none of the run's failures")
	results := slices.Collect(c.Before(t.Context()))
	assert.Equal(t, []string{
		"crash: crashed, please report this: a panic of type string", "nil wait: failed", "nil remove /other: skipped", "fine remove /other: done",
	}, statuses(results))
	assert.ErrorContains(t, results[1].Outcomes[0].Err, "nil pointer")
	assert.True(t, c.Failed())
}

// TestInterrupted: what was not begun is skipped with the reason, and nothing of it is
// touched; a second run does the rest.
func TestInterrupted(t *testing.T) {
	overlay := "-- a --\nx\n-- b --\nx\n-- c --\nx\n"
	tree := plant(t, overlay)
	why := errors.New("interrupted")
	for name, interrupt := range map[string]func(context.CancelCauseFunc) []*clean.Step{
		"while planning": func(cancel context.CancelCauseFunc) []*clean.Step {
			return []*clean.Step{{ID: "s", Stages: []clean.Stage{clean.StageSecrets}, Plan: func(context.Context, *clean.Scope) ([]*clean.Action, error) {
				cancel(why)
				return []*clean.Action{file(clean.OpRemove, "/a"), file(clean.OpUnlink, "/b"), {Op: clean.OpRun}}, nil
			}}}
		},
		"while calling": func(context.CancelCauseFunc) []*clean.Step {
			return []*clean.Step{planning("s", clean.StageSecrets, call("x"), file(clean.OpTruncate, "/a"), file(clean.OpRemove, "/b"))}
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			look := looking(t, tree, calling(func(host.Command) error {
				cancel(why)
				return nil
			}))
			steps := append(interrupt(cancel), planning("rest", clean.StageSecrets, file(clean.OpRemove, "/c")), planning("later", clean.StageLogs, file(clean.OpRemove, "/c")))
			c := clean.New(look, steps, &host.Recovery{})
			results := slices.Collect(c.Before(ctx))
			require.Len(t, results, 2, "no stage begins")
			for _, o := range results[0].Outcomes {
				if o.Op != clean.OpRun || o.Call == nil {
					assert.Equal(t, clean.Skipped, o.Status)
					assert.ErrorIs(t, o.Err, why)
				}
			}
			assert.Equal(t, "rest: interrupted", statuses(results)[len(statuses(results))-1])
			assert.True(t, c.Failed())
			assert.Empty(t, differences(fixtures.Tree(t, plant(t, overlay)), fixtures.Tree(t, tree)))
		})
	}
}

// countdown is a context that ends after it was asked so often.
type countdown struct {
	context.Context
	left atomic.Int64 // files are overwritten by several goroutines
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestInterruptedAnywhere: whenever a run ends, each file is as it was or gone, never
// half done, and the outcomes say which; a second run does the rest.
func TestInterruptedAnywhere(t *testing.T) {
	const overlay = "-- a --\nx\n-- b --\nx\n-- c --\nx\n-- f/d --\nx\n"
	step := planning("s", clean.StageSecrets, file(clean.OpRemove, "/a"), call("x"), file(clean.OpTruncate, "/b"), file(clean.OpUnlink, "/c"),
		file(clean.OpRemove, "/f/d"), file(clean.OpRemoveFolder, "/f"))
	done := 0
	for n := 0; done < 6; n++ {
		require.Less(t, n, 100)
		tree := plant(t, overlay)
		look := looking(t, tree, calling(func(host.Command) error { return nil }))
		ends := &countdown{Context: t.Context()}
		ends.left.Store(int64(n))
		results := slices.Collect(clean.New(look, []*clean.Step{step}, &host.Recovery{}).Before(ends))
		done = 0
		for _, o := range results[0].Outcomes {
			data, err := os.ReadFile(filepath.Join(tree, o.At.Path))
			switch {
			case o.Status == clean.Done:
				done++
				assert.Empty(t, data, "%d: %s", n, o.At.Path)
			case o.Op == clean.OpTruncate || o.Op == clean.OpRemove || o.Op == clean.OpUnlink:
				require.NoError(t, err, "%d: %s", n, o.At.Path)
				assert.Equal(t, "x\n", string(data), "%d: %s", n, o.At.Path)
			}
		}
		c := clean.New(look, []*clean.Step{step}, &host.Recovery{})
		for range c.Before(t.Context()) {
		}
		assert.False(t, c.Failed())
		assert.Empty(t, differences(fixtures.Tree(t, plant(t, "-- b --\n")), fixtures.Tree(t, tree)))
	}
}
