package check

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/distro"
)

// TestWaivers: what is accepted decides nothing, and nothing else is.
func TestWaivers(t *testing.T) {
	broken := errors.New("unreadable")
	at := func(level Level, path string) Finding { return Finding{Level: level, Path: path} }
	waiver := func(id, path, until string) *Waiver {
		return &Waiver{Check: id, Path: path, Reason: "on purpose", Expires: until}
	}
	all, logs := waiver("rule", "", "2026-11-21"), waiver("rule", "/var/log/**", "2026-11-21")
	for _, row := range []struct {
		name     string
		headline bool
		findings []Finding
		err      error
		waivers  []*Waiver
		want     Status
		waived   int
	}{
		{name: "none", findings: []Finding{at(LevelFail, "/a")}, want: Fail},
		{name: "a failure", findings: []Finding{at(LevelFail, "/a")}, waivers: []*Waiver{all}, want: Pass, waived: 1},
		{name: "a warning", findings: []Finding{at(LevelWarn, "")}, waivers: []*Waiver{all}, want: Pass, waived: 1},
		{name: "a note needs none", findings: []Finding{at(LevelNote, "/a")}, waivers: []*Waiver{all}, want: Pass},
		{name: "of another check", findings: []Finding{at(LevelFail, "/a")}, waivers: []*Waiver{waiver("other", "", "2030-01-01")}, want: Fail},
		{name: "of another place", findings: []Finding{at(LevelFail, "/a")}, waivers: []*Waiver{logs}, want: Fail},
		{name: "of a place, and there is none", findings: []Finding{at(LevelFail, "")}, waivers: []*Waiver{waiver("rule", "/**", "2030-01-01")}, want: Fail},
		{
			name: "one of two", findings: []Finding{at(LevelFail, "/var/log/a/b"), at(LevelWarn, "/a")}, waivers: []*Waiver{logs},
			want: Warn, waived: 1,
		},
		{name: "on its last day", findings: []Finding{at(LevelFail, "/a")}, waivers: []*Waiver{all}, want: Pass, waived: 1},
		{name: "the day after", findings: []Finding{at(LevelFail, "/a")}, waivers: []*Waiver{waiver("rule", "", "2026-11-20")}, want: Fail},
		{
			name: "one that holds beside one that is over", findings: []Finding{at(LevelFail, "/a")},
			waivers: []*Waiver{waiver("rule", "", "2026-11-20"), waiver("rule", "/a", "2027-01-01")}, want: Pass, waived: 1,
		},
		{name: "what could not be looked at", err: broken, waivers: []*Waiver{all}, want: Error},
		{name: "a failure beside that", findings: []Finding{at(LevelFail, "/a")}, err: broken, waivers: []*Waiver{all}, want: Error, waived: 1},
		{name: "what does not apply", err: NotApplicable("no kernel"), waivers: []*Waiver{all}, want: Skip},
		{
			name: "all that a headline sums up", headline: true, waivers: []*Waiver{logs}, want: Pass, waived: 1,
			findings: []Finding{at(LevelFail, ""), at(LevelFail, "/var/log/a")},
		},
		{
			name: "a part of what a headline sums up", headline: true, waivers: []*Waiver{logs}, want: Fail, waived: 1,
			findings: []Finding{at(LevelFail, ""), at(LevelFail, "/var/log/a"), at(LevelFail, "")},
		},
		{name: "a headline alone", headline: true, waivers: []*Waiver{all}, want: Pass, waived: 1, findings: []Finding{at(LevelFail, "")}},
		{name: "a headline alone, of no place", headline: true, waivers: []*Waiver{logs}, want: Fail, findings: []Finding{at(LevelFail, "")}},
		{
			name: "a headline with nothing that counts under it", headline: true, waivers: []*Waiver{logs}, want: Fail,
			findings: []Finding{at(LevelFail, ""), at(LevelNote, "/var/log/a")},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := fake("rule", func(context.Context, *distro.Machine) ([]Finding, error) { return row.findings, row.err })
			c.Headline = row.headline
			m := machine(true)
			m.Now = func() time.Time { return time.Date(2026, 11, 21, 23, 59, 59, 0, time.UTC) }
			got := collect(t.Context(), m, []*Check{c}, Limits{Timeout: time.Minute, Waivers: row.waivers})
			require.Len(t, got, 1)
			assert.Equal(t, row.want, got[0].Status)
			waived := 0
			for i, f := range got[0].Findings {
				if f.Waived() {
					waived++
					assert.GreaterOrEqual(t, i, len(got[0].Findings)-row.waived, "what decides comes first")
				}
			}
			assert.Equal(t, row.waived, waived)
			assert.Equal(t, row.err, got[0].Err)
		})
	}
}

// TestCheckThatIsLateIsNotWaived: a waiver of all that a check finds does not stand for
// its answer.
func TestCheckThatIsLateIsNotWaived(t *testing.T) {
	late := fake("late", func(ctx context.Context, _ *distro.Machine) ([]Finding, error) {
		<-ctx.Done()
		return []Finding{{Level: LevelFail, Path: "/a"}}, nil
	})
	all := &Waiver{Check: "late", Reason: "on purpose", Expires: "9999-12-31"}
	got := collect(t.Context(), machine(true), []*Check{late}, Limits{Timeout: time.Millisecond, Waivers: []*Waiver{all}})
	assert.Equal(t, Error, got[0].Status)
}
