package report

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
)

// configured is a report whose verdict rests on a config file in every way there is.
func configured(t *testing.T) *Report {
	t.Helper()
	rule := func(id, changed string) *check.Check {
		return &check.Check{ID: id, Category: "sample", Title: "Fine", Found: "%d log|%d logs", Remedy: "Mend.", Changed: changed}
	}
	seed := &check.Waiver{Check: "logs", Path: "/var/log/seed", Reason: "demo data \x1b[31m", Expires: "2027-03-01"}
	old := &check.Waiver{Check: "old", Reason: "was to go", Expires: "2026-11-20"}
	at := func(path string, w *check.Waiver) check.Finding {
		return check.Finding{Level: check.LevelFail, Path: path, Message: "80 bytes", Waiver: w, Lapsed: w == old}
	}
	return sampleReport(t, false, []check.Result{
		{Check: rule("logs", ""), Status: check.Fail, Findings: []check.Finding{at("/var/log/a", nil), at("/var/log/seed", seed)}},
		{Check: rule("old", ""), Status: check.Fail, Findings: []check.Finding{at("/old", old)}},
		{Check: rule("eased", "up to 99 bytes count as empty"), Status: check.Pass},
		{Check: rule("broken", ""), Status: check.Error, Err: errors.New("unreadable"), Findings: []check.Finding{at("", seed)}},
		{Check: rule("plugin", ""), Status: check.Pass, Summary: "2 things are wrong", Findings: []check.Finding{at("/x", seed), at("/y", seed)}},
	})
}

// TestEveryFormatTellsOfTheConfigFile: nothing that a file lets pass is silent.
func TestEveryFormatTellsOfTheConfigFile(t *testing.T) {
	r := configured(t)
	assert.Equal(t, Counts{Pass: 2, Fail: 2, Error: 1, Waived: 4}, r.Counts)
	summaries := map[string]string{}
	for _, one := range r.Results {
		summaries[one.ID] = one.Summary
	}
	assert.Equal(t, map[string]string{
		"logs": "1 log; 1 waived", "old": "1 log", "eased": "Fine (by the config file: up to 99 bytes count as empty)",
		"broken": "could not be determined; 1 waived", "plugin": "2 findings, all waived",
	}, summaries)
	assert.Equal(t, "Not publishable: 2 checks fail. Waived: logs (1 finding), broken (1 finding), plugin (2 findings). "+
		"Judged by limits or names of the config file: eased. Could not be determined: broken.", Verdict(r))
	for _, format := range Formats() {
		t.Run(format, func(t *testing.T) {
			out := written(t, r, format, Style{})
			assert.NotContains(t, out, "\x1b")
			assert.Equal(t, format != "json", strings.Contains(out, "until 2027-03-01: demo data"), out)
			for _, said := range []string{"2027-03-01", "demo data", "2026-11-20", "was to go", "counts again"} {
				assert.Contains(t, out, said)
			}
			if format != "github" { // which shows what passes in the verdict alone
				assert.Contains(t, out, "up to 99 bytes count as empty")
			}
			if format != "json" { // which has the parts of the sentence
				assert.Contains(t, out, "limits or names of the config file: eased")
			}
		})
	}
}

func TestSARIFSuppressesWhatIsWaived(t *testing.T) {
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(written(t, configured(t), "sarif", Style{})), &log))
	suppressed := map[string]int{}
	for _, one := range log.Runs[0].Results {
		suppressed[one.RuleID] += len(one.Suppressions)
	}
	assert.Equal(t, map[string]int{"logs": 1, "old": 0, "broken": 1, "plugin": 2}, suppressed)
}

// TestReadCountsWaivers: a report that hides one has been changed by somebody.
func TestReadCountsWaivers(t *testing.T) {
	saved := written(t, configured(t), "json", Style{})
	r, err := Read(strings.NewReader(saved))
	require.NoError(t, err)
	assert.Equal(t, Verdict(configured(t)), Verdict(r))
	_, err = Read(strings.NewReader(strings.Replace(saved, `"waived": 4`, `"waived": 0`, 1)))
	assert.ErrorIs(t, err, ErrInconsistent)
}
