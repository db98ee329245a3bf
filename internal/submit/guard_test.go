package submit

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/report"
)

func TestGuard(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*report.Report)
		says   string // empty: it is submitted
	}{
		{"as it should be", func(*report.Report) {}, ""},
		{"nothing to warn of", func(r *report.Report) { r.Verdict, r.Results = "pass", r.Results[:1] }, ""},
		{"of check", func(r *report.Report) { r.Command, r.Cleaning = "check", nil }, ""},
		{"another tool", func(r *report.Report) { r.Tool.Name = "goss" }, `the report is of the tool "goss"`},
		{"another form", func(r *report.Report) { r.Schema = "imgcheck.report/v2" }, `in the form "imgcheck.report/v2"`},
		{"it fails", func(r *report.Report) { r.Verdict, r.ExitCode = "fail", 1 }, `its verdict is "fail", its exit code 1`},
		{"something was not determined", func(r *report.Report) { r.Verdict, r.ExitCode = "error", 3 }, `its verdict is "error", its exit code 3`},
		{"no verdict", func(r *report.Report) { r.Verdict = "" }, `its verdict is ""`},
		{"verdict and code disagree", func(r *report.Report) { r.ExitCode = 1 }, "its exit code 1"},
		{"a check fails all the same", func(r *report.Report) { r.Results[0].Status = "fail" }, `the status of "a" is "fail"`},
		{"a check has an error all the same", func(r *report.Report) { r.Results[0].Status = "error" }, `the status of "a" is "error"`},
		{"a pass with a warning", func(r *report.Report) { r.Verdict = "pass" }, `the status of "b" is "warn"`},
		{"no check has looked", func(r *report.Report) { r.Results = nil }, "no check has looked"},
		{"few checks have looked", func(r *report.Report) {
			r.Results = append(r.Results, report.Result{ID: "firewall", Status: "skip", Summary: "not among --only"})
		}, "of some checks only"},
		{"a dry run", func(r *report.Report) { r.DryRun = true }, "a dry run"},
		{"a tree", func(r *report.Report) { r.Mode = "root" }, "of a tree"},
		{"no droplet", func(r *report.Report) { r.Machine.Vendor = "QEMU" }, `the maker of its machine is "QEMU"`},
		{"nobody knows what machine", func(r *report.Report) { r.Machine.Vendor = "" }, "of no droplet"},
		{"not validated", func(r *report.Report) { r.Validated = false }, "validated nothing"},
		{"not sealed", func(r *report.Report) { r.Sealed = false }, "did not seal"},
		{"something stays stopped", func(r *report.Report) { r.Owed = []string{"rsyslog"} }, "put back"},
		{"another command", func(r *report.Report) { r.Command = "list" }, `of the command "list"`},
		{"no time", func(r *report.Report) { r.StartedAt = time.Time{} }, "does not say when"},
		{"a negative time", func(r *report.Report) { r.DurationMS = -1 }, "does not say when"},
		{"made after the image", func(r *report.Report) { r.StartedAt = built().Add(10 * time.Minute) }, "after the image was taken"},
		{"ended after the image", func(r *report.Report) { r.DurationMS = 30 * 60_000 }, "after the image was taken"},
		{"the droplet's clock is ahead", func(r *report.Report) { r.StartedAt = built().Add(-time.Minute) }, ""},
		{"hours before the image", func(r *report.Report) { r.StartedAt = built().Add(-7 * time.Hour) }, "more than 6h0m0s before the image was taken"},
		{"in the future", func(r *report.Report) { r.StartedAt = built().Add(5 * time.Hour) }, "lies in the future"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRun(t)
			row.change(r.report)
			code := r.submit("--app-id", app)
			if row.says == "" {
				assert.Equal(t, ExitSubmitted, code, r.err)
				return
			}
			assert.Equal(t, ExitNothingSent, code)
			assert.Contains(t, r.err, row.says)
			assert.Empty(t, r.requests)
		})
	}
}

func TestReportIsTooOld(t *testing.T) {
	r := newRun(t)
	r.now = built().Add(25 * time.Hour)
	assert.Equal(t, ExitNothingSent, r.submit("--app-id", app))
	assert.Contains(t, r.err, "the report is too old")
	assert.Equal(t, ExitSubmitted, r.submit("--app-id", app, "--max-age", "48h"), r.err)
	assert.Equal(t, ExitNothingSent, r.submit("--app-id", app, "--max-age", "-1h"))
}

func TestReportOfCheckIsNoted(t *testing.T) {
	r := newRun(t)
	r.report.Command, r.report.Cleaning = "check", nil
	assert.Equal(t, ExitSubmitted, r.submit("--app-id", app))
	assert.Contains(t, r.err, "mp-submit: note: the report is of check, which does not seal")
}

// The report of the build before must not open the door for this one.
func TestReportOfTheBuildBefore(t *testing.T) {
	r := newRun(t)
	before := strings.Replace(oneBuild, `"builds": [`, `"builds": [{"name": "ubuntu", "builder_type": "digitalocean", "build_time": 1795249800,
		"artifact_id": "nyc3:1", "packer_run_uuid": "run-1"}, `, 1)
	require.NotEqual(t, oneBuild, before)
	r.manifest = before
	assert.Equal(t, ExitSubmitted, r.submit("--app-id", app), r.err)
	r.report.StartedAt = built().Add(-40 * time.Minute)
	assert.Equal(t, ExitNothingSent, r.submit("--app-id", app))
	assert.Contains(t, r.err, "before an earlier run had ended")
}

func TestNoReport(t *testing.T) {
	whole, err := json.Marshal(sealed())
	require.NoError(t, err)
	for text, says := range map[string]string{
		"":                       "it is empty",
		"[PASS] os-release":      "it is no JSON",
		string(whole[:100]):      "its end is missing",
		string(whole) + "{}":     "something follows its end",
		`{"schema": 1}`:          "its field \"schema\" has the type number",
		`null`:                   `the tool "" in the form ""`,
		"\x1b[2J":                "it is no JSON",
		`{"started_at": "soon"}`: "it is no JSON",
	} {
		_, err := parseReport([]byte(text))
		assert.ErrorContains(t, err, says, text)
	}
	_, err = parseReport([]byte(strings.ReplaceAll(string(whole), ",", ",\r\n")))
	assert.NoError(t, err, "line ends of another system")
}

func FuzzParseReport(f *testing.F) {
	whole, err := json.Marshal(sealed())
	require.NoError(f, err)
	f.Add(whole)
	f.Add([]byte(`{"started_at": "9999-12-31T23:59:59Z", "duration_ms": 9223372036854775807, "exit_code": 0}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseReport(data)
		if err == nil && (r.Verdict != "pass" && r.Verdict != "warn" || *r.ExitCode != 0) {
			t.Error("a report that does not pass is accepted")
		}
	})
}

func TestWhatAConfigFileLetsPassIsNoted(t *testing.T) {
	r := newRun(t)
	r.report.Counts.Waived = 2
	r.report.Results[0].Changed = "log-bytes: 500\x1b[2J"
	r.report.Results = append(r.report.Results,
		report.Result{ID: "disk-size", Status: "skip", Summary: "left out by the config file"},
		report.Result{ID: "firewall", Status: "skip", Summary: "left out by --skip"},
		report.Result{ID: "swap", Status: "skip", Summary: "does not apply"})
	assert.Equal(t, ExitSubmitted, r.submit("--app-id", app), r.err)
	assert.Contains(t, r.err, "mp-submit: note: 2 findings are waived by a config file")
	assert.Contains(t, r.err, `has changed "`+r.report.Results[0].ID+`" ("log-bytes: 500\x1b[2J")`)
	assert.Contains(t, r.err, `note: "disk-size" did not look: left out by the config file`)
	assert.Contains(t, r.err, `note: "firewall" did not look: left out by --skip`)
	assert.NotContains(t, r.err, "swap")
}
