package check

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"imgcheck/distro"
	"imgcheck/internal/host"
)

func machine(live bool) *distro.Machine {
	return &distro.Machine{Host: &host.Host{Live: live, Now: time.Now}}
}

func fake(id string, run Func) *Check { return &Check{ID: id, Run: run} }

func collect(ctx context.Context, m *distro.Machine, checks []*Check, limits Limits) []Result {
	var results []Result
	for r := range Run(ctx, m, checks, limits) {
		results = append(results, r)
	}
	return results
}

func TestStatusIsDerived(t *testing.T) {
	broken := errors.New("unreadable")
	note, warn, fail := Finding{Level: LevelNote}, Finding{Level: LevelWarn}, Finding{Level: LevelFail}
	for _, row := range []struct {
		name     string
		findings []Finding
		err      error
		want     Status
	}{
		{"nothing found", nil, nil, Pass},
		{"a note", []Finding{note}, nil, Pass},
		{"a warning", []Finding{note, warn}, nil, Warn},
		{"a failure beside a warning", []Finding{warn, fail}, nil, Fail},
		{"could not look", nil, broken, Error},
		{"a warning beside what could not be looked at", []Finding{warn}, broken, Error},
		{"a failure beside what could not be looked at", []Finding{fail}, broken, Fail},
		{"does not apply", nil, NotApplicable("no kernel"), Skip},
		{"needs the running machine", nil, fmt.Errorf("asking apt: %w", host.ErrOffline), Skip},
		{"half of it does not apply, the rest warns", []Finding{warn}, NotApplicable("no kernel"), Warn},
		{"half of it does not apply, the rest broke", nil, errors.Join(NotApplicable("no kernel"), broken), Error},
		{"the same, wrapped", nil, fmt.Errorf("looking: %w", errors.Join(NotApplicable("no kernel"), broken)), Error},
		{"two halves do not apply", nil, errors.Join(NotApplicable("no kernel"), host.ErrOffline), Skip},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, derive(row.findings, row.err))
		})
	}
}

func TestResultsComeInCatalogueOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var checks []*Check
		for i := range 5 {
			checks = append(checks, fake(fmt.Sprint(i), func(context.Context, *distro.Machine) ([]Finding, error) {
				time.Sleep(time.Duration(5-i) * time.Second)
				return nil, nil
			}))
		}
		started := time.Now()
		for i, r := range collect(t.Context(), machine(true), checks, Limits{Timeout: time.Minute}) {
			assert.Equal(t, fmt.Sprint(i), r.Check.ID)
			assert.Equal(t, Pass, r.Status)
			assert.Equal(t, time.Duration(5-i)*time.Second, r.Duration)
		}
		assert.Equal(t, 5*time.Second, time.Since(started), "the checks run side by side")
	})
}

func TestCheckThatDoesNotEndIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung := make(chan struct{})
		checks := []*Check{
			fake("heeds", func(ctx context.Context, _ *distro.Machine) ([]Finding, error) {
				<-ctx.Done()
				return nil, nil
			}),
			fake("does-not-heed", func(context.Context, *distro.Machine) ([]Finding, error) {
				<-hung
				return nil, nil
			}),
		}
		for _, r := range collect(t.Context(), machine(true), checks, Limits{Timeout: time.Second}) {
			assert.Equal(t, Error, r.Status, r.Check.ID)
			assert.ErrorIs(t, r.Err, ErrTimeout, r.Check.ID)
		}
		close(hung)
	})
}

func TestCrashOfOneCheckLeavesTheOthers(t *testing.T) {
	checks := []*Check{
		fake("crashes", func(context.Context, *distro.Machine) ([]Finding, error) {
			var none []int
			return nil, fmt.Errorf("%d", none[len(none)])
		}),
		fake("works", func(context.Context, *distro.Machine) ([]Finding, error) { return nil, nil }),
	}
	results := collect(t.Context(), machine(true), checks, Limits{Timeout: time.Minute})
	assert.Equal(t, Error, results[0].Status)
	assert.ErrorContains(t, results[0].Err, "crashed")
	assert.Equal(t, Pass, results[1].Status)
}

// TestCrashQuotesNothing: what a library panics with may be what it read.
func TestCrashQuotesNothing(t *testing.T) {
	c := fake("crashes", func(context.Context, *distro.Machine) ([]Finding, error) { panic(errors.New("bad line: s3cret")) })
	got := collect(t.Context(), machine(true), []*Check{c}, Limits{Timeout: time.Minute})[0]
	assert.Equal(t, Error, got.Status)
	assert.ErrorContains(t, got.Err, "crashed")
	assert.NotContains(t, got.Err.Error(), "s3cret")
}

func TestWhatIsNotRunIsSkipped(t *testing.T) {
	run := func(context.Context, *distro.Machine) ([]Finding, error) {
		t.Error("it ran")
		return nil, nil
	}
	live := &Check{ID: "live", NeedsLive: true, Run: run}
	results := collect(t.Context(), machine(false), []*Check{live, fake("left", run)},
		Limits{Timeout: time.Minute, LeftOut: map[string]error{"left": NotApplicable("left out by --skip")}})
	assert.Equal(t, Skip, results[0].Status)
	assert.ErrorContains(t, results[0].Err, "needs the running machine")
	assert.Equal(t, Skip, results[1].Status)
	assert.ErrorContains(t, results[1].Err, "left out by --skip")
}

func TestFindingsAreSorted(t *testing.T) {
	c := fake("sorted", func(context.Context, *distro.Machine) ([]Finding, error) {
		return []Finding{
			{Level: LevelNote, Path: "/a"}, {Level: LevelWarn, Path: "/c"}, {Level: LevelFail, Path: "/b", Line: 2},
			{Level: LevelFail, Path: "/b", Line: 1}, {Level: LevelWarn, Path: "/a"},
		}, nil
	})
	got := collect(t.Context(), machine(true), []*Check{c}, Limits{Timeout: time.Minute})[0]
	assert.Equal(t, []string{"fail /b:1 ", "fail /b:2 ", "warn /a ", "warn /c ", "note /a "}, described(got))
}
