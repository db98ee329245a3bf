package submit

import (
	"fmt"
	"time"
)

const (
	// reportSchema is the form of the reports that are read here.
	reportSchema = "imgcheck.report/v1"
	// skew is by how much the clocks of the droplet and of this computer may differ.
	skew = 2 * time.Minute
	// longestSnapshot is how long it may take from the end of the report to the end of the
	// build: power off, the snapshot, and its transfer to other regions.
	longestSnapshot = 6 * time.Hour
)

// What imgcheck says of a check that somebody has left out.
const (
	notAmongOnly    = "not among --only"
	leftOutBySkip   = "left out by --skip"
	leftOutByConfig = "left out by the config file"
)

// examined is what is read of a report of imgcheck.
type examined struct {
	Schema string `json:"schema"`
	Tool   struct {
		Name string `json:"name"`
	} `json:"tool"`
	Command string `json:"command"`
	Mode    string `json:"mode"`
	Machine struct {
		Vendor string `json:"vendor"`
	} `json:"machine"`
	StartedAt  time.Time `json:"started_at"`
	DurationMS int64     `json:"duration_ms"`
	Verdict    string    `json:"verdict"`
	ExitCode   *int      `json:"exit_code"`
	Counts     struct {
		Waived int `json:"waived"`
	} `json:"counts"`
	Results []struct {
		ID      string `json:"id"`
		Status  string `json:"status"`
		Summary string `json:"summary"`
		Changed string `json:"changed"`
	} `json:"results"`
	DryRun    bool     `json:"dry_run"`
	Validated bool     `json:"validated"`
	Sealed    bool     `json:"sealed"`
	Owed      []string `json:"owed"`
}

// ended returns when the run had ended that the report is of.
func (r examined) ended() time.Time {
	return r.StartedAt.Add(time.Duration(r.DurationMS) * time.Millisecond)
}

// parseReport reads a report and refuses one that does not call its machine publishable.
func parseReport(data []byte) (examined, error) {
	var r examined
	if err := decode(data, &r); err != nil {
		return r, refuse(remedyOf("report"), "the report is not one of imgcheck: %w", err)
	}
	if r.Schema != reportSchema || r.Tool.Name != "imgcheck" {
		return r, refuse("Use mp-submit and imgcheck of the same release.",
			"the report is of the tool %q in the form %q, not of imgcheck in the form %q", r.Tool.Name, r.Schema, reportSchema)
	}
	if err := r.whole(); err != nil {
		return r, err
	}
	return r, r.publishable()
}

// whole refuses a report that does not say when and how long it looked, or what came of it.
func (r examined) whole() error {
	longest := (365 * 24 * time.Hour).Milliseconds()
	if r.StartedAt.IsZero() || r.ExitCode == nil || r.DurationMS < 0 || r.DurationMS > longest {
		return refuse("", "the report contradicts itself: it does not say when it was made, or with which exit code")
	}
	return nil
}

// publishable refuses a report that is none of a droplet which passed.
func (r examined) publishable() error {
	again := "Mend what it names and build again. 'imgcheck convert REPORT.json' shows it as text."
	passes := (r.Verdict == "pass" || r.Verdict == "warn") && *r.ExitCode == 0
	switch {
	case r.DryRun:
		return refuse(remedyOf("report"), "the report is of a dry run, which validates nothing")
	case !passes:
		return refuse(again, "the report does not call the image publishable: its verdict is %q, its exit code %d", r.Verdict, *r.ExitCode)
	case r.Mode != "live":
		return refuse("", "the report is of a tree (mode %q), not of a running droplet", r.Mode)
	case r.Machine.Vendor != "DigitalOcean":
		return refuse("", "the report is of no droplet: the maker of its machine is %q", r.Machine.Vendor)
	case r.Command != "check" && r.Command != "clean":
		return refuse("", "the report is of the command %q, neither of clean nor of check", r.Command)
	case r.Command == "clean" && !r.Validated:
		return refuse("Run clean without --no-check.", "the report is of a clean that validated nothing")
	case r.Command == "clean" && !r.Sealed:
		return refuse(again, "the report is of a clean that did not seal the image")
	case len(r.Owed) > 0:
		return refuse(again, "the report is of a clean that could not put back what it stopped")
	}
	return r.consistent()
}

// consistent refuses a report whose results are worse than its verdict, or few.
func (r examined) consistent() error {
	if len(r.Results) == 0 {
		return refuse("", "the report contradicts itself: it passes, and no check has looked")
	}
	for _, one := range r.Results {
		switch {
		case one.Status == "skip" && one.Summary == notAmongOnly:
			return refuse("Run it without --only.", "the report is of some checks only: %q did not look", one.ID)
		case one.Status == "pass", one.Status == "skip", one.Status == "warn" && r.Verdict == "warn":
		default:
			return refuse("", "the report contradicts itself: its verdict is %s, and the status of %q is %q", r.Verdict, one.ID, one.Status)
		}
	}
	return nil
}

// reservations are what is to be said of a report that is accepted all the same.
func (r examined) reservations() (notes []string) {
	if r.Command == "check" {
		notes = append(notes, "note: the report is of check, which does not seal; only clean, run last, makes sure that nothing was left since")
	}
	if r.Counts.Waived > 0 {
		notes = append(notes, fmt.Sprintf("note: %d findings are waived by a config file; the reviewer's script knows no waivers", r.Counts.Waived))
	}
	for _, one := range r.Results {
		if one.Changed != "" {
			notes = append(notes, fmt.Sprintf("note: a config file has changed %q (%q); the reviewer's script goes by its own rule", one.ID, one.Changed))
		}
		if one.Status == "skip" && (one.Summary == leftOutBySkip || one.Summary == leftOutByConfig) {
			notes = append(notes, fmt.Sprintf("note: %q did not look: %s", one.ID, one.Summary))
		}
	}
	return notes
}

// fits refuses a report of another build, and one that is older than maxAge. A report
// does not name its build: it is this build's if it ended before the snapshot was noted,
// not hours before, and after every earlier run in the manifest.
func (r examined) fits(b build, now time.Time, maxAge time.Duration) error {
	const own = "Give the report of this very build, and the manifest that the same run wrote."
	end := r.ended()
	switch {
	case end.After(now.Add(skew)), b.ended.After(now.Add(skew)):
		return refuse("Set the clock of this computer.", "the report or the build lies in the future: they ended %s and %s", moment(end), moment(b.ended))
	case end.After(b.ended.Add(skew)):
		return refuse(own, "the report is not of this build: it ended %s, after the image was taken (%s)", moment(end), moment(b.ended))
	case b.ended.Sub(end) > longestSnapshot:
		return refuse(own, "the report is not of this build: it ended %s, more than %s before the image was taken (%s)",
			moment(end), longestSnapshot, moment(b.ended))
	case !b.previous.IsZero() && r.StartedAt.Before(b.previous.Add(-skew)):
		return refuse(own, "the report is not of this build: it began %s, before an earlier run had ended (%s)", moment(r.StartedAt), moment(b.previous))
	case now.Sub(end) > maxAge:
		return refuse("Build again, or raise --max-age if no security update has come out since.",
			"the report is too old: it ended %s, more than %s ago", moment(end), maxAge)
	}
	return nil
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }
