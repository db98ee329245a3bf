package report

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/internal/host"
)

func step(id string, stages ...clean.Stage) *clean.Step {
	return &clean.Step{
		ID: id, Title: "The step " + id + " has run", Doc: "What it does.", Stages: stages, Default: true,
		Sources: []string{"https://example.com/why"},
	}
}

func file(op clean.Op, status clean.Status, name string, size int64) clean.Outcome {
	o := clean.Outcome{Action: &clean.Action{Op: op, At: host.At(name), Size: size}, Status: status}
	if status == clean.Done && (op == clean.OpTruncate || op == clean.OpRemove) {
		o.Bytes = size
	}
	return o
}

// sampleSteps is a run in which every operation and every outcome occurs; with
// planned, the dry run of it.
func sampleSteps(planned bool) []clean.Result {
	done, failed, left := clean.Done, clean.Failed, clean.Skipped
	if planned {
		done, failed, left = clean.Planned, clean.Planned, clean.Planned
	}
	with := func(o clean.Outcome, err error, note string) clean.Outcome {
		o.Note = note
		if !planned {
			o.Err = err
		}
		return o
	}
	filled := clean.Outcome{Action: &clean.Action{
		Op: clean.OpFill, FileSystem: &host.FileSystem{Mount: "/", Type: "ext4", Device: "/dev/vda1", Free: 5 << 30},
	}, Status: done}
	if !planned {
		filled.Bytes, filled.Note = 5<<30, "the device takes no discards"
	}
	many := make([]clean.Outcome, 12)
	for i := range many {
		many[i] = clean.Outcome{
			Action: &clean.Action{Op: clean.OpLeave, At: host.At(fmt.Sprint("/tmp/socket-", i)), Note: "a socket, left alone"}, Status: clean.Skipped,
		}
	}
	return []clean.Result{
		{Step: step("wait", clean.StageWait), Stage: clean.StageWait, Outcomes: []clean.Outcome{
			{Action: &clean.Action{Op: clean.OpWait, Await: &distro.Await{What: "cloud-init"}}, Status: done},
		}},
		{Step: step("upgrade", clean.StageUpdate), Stage: clean.StageUpdate, Outcomes: []clean.Outcome{
			{Action: &clean.Action{Op: clean.OpRun, Call: &distro.Call{
				Argv: []string{"apt-get", "-o", "Dpkg::Options::=--force-confold", "full-upgrade"}, Env: []string{"DEBIAN_FRONTEND=noninteractive"},
			}}, Status: done},
		}},
		{Step: step("quiet", clean.StageQuiet), Stage: clean.StageQuiet, Outcomes: []clean.Outcome{
			{Action: &clean.Action{Op: clean.OpStop, Unit: "rsyslog.service"}, Status: done},
		}},
		{Step: step("keys", clean.StageSecrets), Stage: clean.StageSecrets, Outcomes: []clean.Outcome{
			file(clean.OpTruncate, done, "/root/.ssh/authorized_keys", 80),
			file(clean.OpTruncate, done, "/home/"+hostile+"/.ssh/authorized_keys", 4096),
			with(file(clean.OpUnlink, done, "/root/.ssh/known_hosts", 0), nil, "a link, whose target stays"),
		}},
		{Step: step("mail", clean.StageLeftovers), Stage: clean.StageLeftovers},
		{Step: step("crashes", clean.StageLeftovers), Stage: clean.StageLeftovers},
		{Step: step("temp", clean.StageLeftovers), Stage: clean.StageLeftovers, Outcomes: many},
		{Step: step("logs", clean.StageLogs), Stage: clean.StageLogs, Outcomes: []clean.Outcome{
			file(clean.OpRemove, done, "/var/log/syslog.1", 3<<20),
			file(clean.OpRemoveFolder, done, "/var/log/old", 0),
			file(clean.OpWrite, done, "/var/log/state", 10),
			with(file(clean.OpTruncate, done, "/var/log/syslog", 700), nil, again(planned)),
			with(file(clean.OpTruncate, failed, "/var/log/auth.log", 900),
				fmt.Errorf("overwrite /var/log/auth.log: %w", os.ErrPermission), ""),
			with(file(clean.OpTruncate, left, "/var/log/two", 50), host.ErrLinked, ""),
		}, Err: errors.Join(errors.New("/var/log/app: looking: permission denied"), errors.New(hostile))},
		{Step: step("zero-fill", clean.StageSeal), Stage: clean.StageSeal, Outcomes: []clean.Outcome{
			filled,
			{Action: &clean.Action{Op: clean.OpTrim, FileSystem: &host.FileSystem{Mount: "/boot", Type: "xfs", Device: "/dev/vda2"}}, Status: done},
		}},
	}
}

func again(planned bool) string {
	if planned {
		return ""
	}
	return "12 bytes were written again"
}

// sampleCleaning is the report of a run over steps and checks.
func sampleCleaning(t *testing.T, change func(*Cleaning), steps []clean.Result, checks []check.Result, writers ...Writer) *Report {
	t.Helper()
	h, err := host.OpenTree(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	h.Now = func() time.Time { return time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC) }
	r := New(Tool{"imgcheck", "1.0.0", "abc"}, distro.Detect(h, distro.Settings{}), false)
	r.Root, r.Mode = "/", "live"
	c := r.Changes("clean")
	change(c)
	shown := []StepResult{c.LeaveOut(step("swap", clean.StageLeftovers), clean.StageLeftovers, "left out by --skip")}
	for _, s := range steps {
		shown = append(shown, c.AddStep(s))
	}
	for _, w := range writers {
		for _, s := range shown {
			require.NoError(t, w.Step(s))
		}
	}
	for _, one := range checks {
		added := r.Add(one)
		for _, w := range writers {
			require.NoError(t, w.Result(added))
		}
	}
	r.Finish(h.Now().Add(812 * time.Millisecond))
	for _, w := range writers {
		require.NoError(t, w.Close(r))
	}
	return r
}

func TestGoldenCleaning(t *testing.T) {
	before, after := int64(20<<30), int64(21<<30)
	ran := func(c *Cleaning) {
		c.Validated, c.FreeBytes = true, FreeBytes{&before, &after}
		c.PutBack, c.Owed = []string{"unit rsyslog.service"}, []string{"putting back journal: no answer"}
	}
	dry := func(c *Cleaning) {
		c.DryRun, c.Refusals = true, []string{`this is no DigitalOcean droplet: its maker is "QEMU". Give --force if this is a build machine all the same.`}
	}
	sealed := func(c *Cleaning) { c.Validated, c.Sealed = true, true }
	fine := sampleSteps(false)[:4]
	for _, row := range []struct {
		file, format string
		style        Style
		change       func(*Cleaning)
		steps        []clean.Result
		checks       []check.Result
	}{
		{"clean.txt", "text", Style{}, ran, sampleSteps(false), sample()[:2]},
		{"clean-verbose.txt", "text", Style{Verbose: true}, ran, sampleSteps(false), sample()[:2]},
		{"clean-color.txt", "text", Style{Color: true}, ran, sampleSteps(false), sample()[:2]},
		{"clean-sealed.txt", "text", Style{}, sealed, fine, sample()[:2]},
		{"clean-dry.txt", "text", Style{}, dry, sampleSteps(true), nil},
		{"clean.json", "json", Style{}, ran, sampleSteps(false), nil},
		{"clean-dry.json", "json", Style{}, dry, sampleSteps(true), nil},
	} {
		t.Run(row.file, func(t *testing.T) {
			var out bytes.Buffer
			w, err := NewWriter(row.format, &out, row.style)
			require.NoError(t, err)
			sampleCleaning(t, row.change, row.steps, row.checks, w)
			golden := "testdata/" + row.file
			if *update {
				require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), out.String())
			assert.NotContains(t, out.String(), hostile)
			if row.format == "json" {
				followsSchema(t, out.String())
			}
		})
	}
}

func followsSchema(t *testing.T, document string) {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("../docs/report.schema.json")
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	require.NoError(t, err)
	assert.NoError(t, schema.Validate(value))
}

// TestSchemaWantsAllOfACleaning: what scripts rely on cannot be missing.
func TestSchemaWantsAllOfACleaning(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter("json", &out, Style{})
	require.NoError(t, err)
	sampleReport(t, false, sample(), w)
	compiler := jsonschema.NewCompiler()
	schema, err := compiler.Compile("../docs/report.schema.json")
	require.NoError(t, err)
	for _, spoiled := range []string{
		strings.Replace(out.String(), `"command": "check"`, `"command": "clean"`, 1),
		strings.Replace(out.String(), `"command": "check"`, `"command": "check", "actions": []`, 1),
	} {
		require.NotEqual(t, out.String(), spoiled)
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(spoiled))
		require.NoError(t, err)
		assert.Error(t, schema.Validate(document))
	}
}

func TestVerdictOfACleaning(t *testing.T) {
	checks, works := sample(), sampleSteps(false)[:4]
	fails := append(works[:4:4], sampleSteps(false)[7])
	pass, warn, fail, broken := checks[0], checks[2], checks[3], checks[4]
	validated := func(c *Cleaning) { c.Validated = true }
	unchecked := func(*Cleaning) {}
	for _, row := range []struct {
		name    string
		change  func(*Cleaning)
		steps   []clean.Result
		checks  []check.Result
		verdict string
		code    int
		says    string
	}{
		{"clean", validated, works, []check.Result{pass}, "pass", 0, "Publishable: no check fails or warns."},
		{"a warning", validated, works, []check.Result{warn}, "warn", 0, "Publishable, but look at 1 warning first."},
		{"a failure", validated, works, []check.Result{fail}, "fail", 1, "Not publishable: 1 check fails."},
		{"an error", validated, works, []check.Result{broken}, "error", 3, "Not proven publishable"},
		{"a step fails", validated, fails, []check.Result{pass}, "error", 3, "Not cleaned: logs failed. Not proven publishable: no check fails, but"},
		{"a step and a check fail", validated, fails, []check.Result{fail}, "fail", 1, "Not cleaned: logs failed. Not publishable: 1 check fails."},
		{"checks were to look and did not", validated, works, nil, "error", 3, "Not proven publishable"},
		{"no check was to look", unchecked, works, nil, "warn", 0, "Not validated: no check has looked"},
		{"no check was to look, a step fails", unchecked, fails, nil, "error", 3, "Not cleaned: logs failed. Not validated"},
		{"a dry run", func(c *Cleaning) { c.DryRun = true }, works, nil, "warn", 0, "Not validated: a dry run"},
		{"a dry run that could not plan", func(c *Cleaning) { c.DryRun = true }, fails, nil, "error", 3, "Could not be planned whole: logs. Not validated"},
		{"a unit stays stopped", func(c *Cleaning) { c.Validated, c.Owed = true, []string{"x"} }, works, []check.Result{pass}, "error", 3, "could be put back"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := sampleCleaning(t, row.change, row.steps, row.checks)
			assert.Equal(t, row.verdict, r.Verdict)
			assert.Equal(t, row.code, r.ExitCode)
			assert.Contains(t, Verdict(r), row.says)
		})
	}
}

func TestExplainStep(t *testing.T) {
	s := step("keys", clean.StageSecrets)
	s.NeedsLive, s.Default = true, false
	var out bytes.Buffer
	require.NoError(t, ExplainStep(&out, s, []*check.Check{{ID: "one", FixedBy: []string{"keys"}}, {ID: "two"}}, 0))
	assert.Equal(t, `keys (step, secrets)

The step keys has run.

What it does.

cleanup.sh:
  Does nothing here.

Runs only where it is asked for: imgcheck clean --also keys

Works on the running machine only; with --root it is left out.

Mends the checks:
  one

Sources:
  https://example.com/why
`, out.String())
}
