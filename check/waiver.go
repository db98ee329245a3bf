package check

import (
	"time"

	"imgcheck/internal/host"
)

// Waiver accepts what one check finds, until a day.
type Waiver struct {
	// Check is the id of the check.
	Check string
	// Path is a glob of the places it is about, as host.MatchPath has it; empty for all
	// that the check finds.
	Path string
	// Reason says why it is accepted.
	Reason string
	// Expires is the last day on which it holds, YYYY-MM-DD, in UTC.
	Expires string
}

// Lapsed reports whether the waiver's last day is over at a time.
func (w *Waiver) Lapsed(now time.Time) bool { return now.UTC().Format(time.DateOnly) > w.Expires }

// covers reports whether the waiver is about a finding of its check. What does not count
// needs none.
func (w *Waiver) covers(f Finding) bool {
	return f.Level > LevelNote && (w.Path == "" || f.Path != "" && host.MatchPath(w.Path, f.Path))
}

// Waived reports whether the finding is accepted, so that it decides nothing.
func (f Finding) Waived() bool { return f.Waiver != nil && !f.Lapsed }

// waive notes beside each finding which waiver is about it: the first that holds, else
// the first whose last day is over.
func (l Limits) waive(c *Check, findings []Finding, now time.Time) {
	for i := range findings {
		f := &findings[i]
		for _, w := range l.Waivers {
			if w.Check != c.ID || !w.covers(*f) || f.Waiver != nil && (!f.Lapsed || w.Lapsed(now)) {
				continue
			}
			f.Waiver, f.Lapsed = w, w.Lapsed(now)
		}
	}
}

// counting returns the findings that decide. A headline stands for those under it, and
// goes with them.
func counting(c *Check, findings []Finding) []Finding {
	var deciding []Finding
	under, waived := 0, 0
	for i, f := range findings {
		switch {
		case f.Waived():
			waived++
			continue
		case i > 0 && f.Level > LevelNote:
			under++
		}
		deciding = append(deciding, f)
	}
	if c.Headline && len(findings) > 1 && waived > 0 && under == 0 {
		return nil
	}
	return deciding
}

// accepted orders findings: what decides comes before what is waived.
func accepted(f Finding) int {
	if f.Waived() {
		return 1
	}
	return 0
}
