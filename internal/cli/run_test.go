package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/fixtures"
	"imgcheck/report"
)

// said is what became of one run.
type said struct {
	code           int
	stdout, stderr string
	log            string
}

func newFake(t *testing.T, overlay string) fake {
	t.Helper()
	root := filepath.Join(t.TempDir(), "machine")
	require.NoError(t, os.Mkdir(root, 0o755))
	fixtures.Lay(t, root, overlay)
	return fake{root: root, vendor: maker, log: filepath.Join(t.TempDir(), "log")}
}

// run runs imgcheck on the machine within this process.
func (f fake) run(t *testing.T, ctx context.Context, args ...string) said { //nolint:revive // t comes first in tests
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &process{env: map[string]string{}, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, world: f.world()}
	code := p.run(ctx, args)
	log, err := os.ReadFile(f.log)
	if err != nil && !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	return said{code, stdout.String(), stderr.String(), string(log)}
}

const clutter = "-- keys --\nk\n-- identity --\ni\n"

// TestCleanExitCodes holds the contract of the exit codes, and of what is put back.
func TestCleanExitCodes(t *testing.T) {
	const stopped, back = "stop writer.service\n", "stop writer.service\nstart writer.service\n"
	for _, row := range []struct {
		name, overlay, vendor string
		args                  string
		code                  int
		log                   string // of units
		stdout, stderr        string // holds this
	}{
		{"all is well", clutter, maker, "--yes", 0, stopped, "Publishable: no check fails or warns.", ""},
		{"a warning", clutter + "-- noise --\nn\n", maker, "--yes", 0, stopped, "Publishable, but look at 1 warning first.", ""},
		{"a check fails", clutter + "-- asked --\na\n", maker, "--yes", 1, back, "Not publishable: 1 check fails.", "put back: unit writer.service"},
		{"it is asked for", clutter + "-- asked --\na\n", maker, "--yes --also ask", 0, stopped, "[DONE] ask: 1 file emptied (2 bytes)", ""},
		{"a check cannot look", clutter + "-- asked/file --\na\n", maker, "--yes", 3, back, "Not proven publishable", "put back"},
		{"a step fails", clutter, maker, "--yes --also fail", 3, back, "Not cleaned: fail failed. ", "put back"},
		{"a step and a check fail", clutter + "-- asked --\na\n", maker, "--yes --also fail", 1, back, "Not cleaned: fail failed. Not publishable", "put back"},
		{"a step crashes", clutter, maker, "--yes --also crash", 3, back, "", "put back"},
		{"not validated", clutter + "-- asked --\na\n", maker, "--yes --no-check", 0, stopped, "Not validated", ""},
		{"not validated, a step fails", clutter, maker, "--yes --no-check --also fail", 3, back, "Not cleaned: fail failed.", "put back"},
		{"a dry run", clutter, maker, "--dry-run", 0, "", "[PLAN] empty: empty 1 file (2 bytes)", ""},
		{"not confirmed", clutter, maker, "", 2, "", "", "there is no terminal to confirm on"},
		{"not a droplet", clutter, "QEMU", "--yes", 2, "", "", `this is no DigitalOcean droplet: its maker is "QEMU"`},
		{"no maker at all", clutter, "", "--yes", 2, "", "", "its firmware names no maker"},
		{"not a droplet, by force", clutter, "QEMU", "--yes --force", 0, stopped, "Publishable", ""},
		{"a report that cannot be written", clutter, maker, "--yes --output json=/no/such/folder/r", 2, "", "", "--output json="},
		{"no such step", clutter, maker, "--yes --also steak", 2, "", "", `no cleaning step has the id "steak"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := newFake(t, row.overlay)
			f.vendor = row.vendor
			before := fixtures.Tree(t, f.root)
			got := f.run(t, t.Context(), append([]string{"clean"}, strings.Fields(row.args)...)...)
			assert.Equal(t, row.code, got.code, got.stdout+got.stderr)
			assert.Contains(t, got.stdout, row.stdout)
			assert.Contains(t, got.stderr, row.stderr)
			var units strings.Builder
			for line := range strings.Lines(got.log) {
				if !strings.HasPrefix(line, "run ") {
					units.WriteString(line)
				}
			}
			assert.Equal(t, row.log, units.String())
			assert.NoFileExists(t, f.root+".run/recovery.json", "nothing is owed any more")
			if row.code == 2 || strings.Contains(row.args, "--dry-run") {
				assert.Equal(t, before, fixtures.Tree(t, f.root), "nothing was to be done")
			}
		})
	}
}

// TestSealOnlyWhatIsFit: identity goes only where no check fails, and the check that
// only the seal mends is asked after it.
func TestSealOnlyWhatIsFit(t *testing.T) {
	f := newFake(t, clutter)
	got := f.run(t, t.Context(), "clean", "--yes")
	assert.Regexp(t, `(?s)\[PASS\] keys: .*\[DONE\] seal: .*\[PASS\] identity: .*4 Tests PASSED`, got.stdout)
	assert.Contains(t, got.stdout, "Power off now and take the snapshot")

	f = newFake(t, clutter+"-- asked --\na\n")
	got = f.run(t, t.Context(), "clean", "--yes")
	assert.FileExists(t, filepath.Join(f.root, "identity"))
	data, err := os.ReadFile(filepath.Join(f.root, "identity"))
	require.NoError(t, err)
	assert.Equal(t, "i\n", string(data))
	assert.Contains(t, got.stdout, "[SKIP] not run: seal (a check fails)")
	assert.Contains(t, got.stdout, "Not looked at: identity (mended when the image is sealed, which it was not)")
	assert.NotContains(t, got.stdout, "Power off")
}

// TestLaterStagesAreNotRun after a failure, and that is said.
func TestLaterStagesAreNotRun(t *testing.T) {
	f := newFake(t, clutter)
	got := f.run(t, t.Context(), "clean", "--yes", "--also", "fail,hang,pause", "--skip", "hang")
	assert.Contains(t, got.stdout, "[STEP FAILED] fail: 1 failed\n")
	assert.Contains(t, got.stdout, "QUIET=1 fail 'a word'")
	assert.Contains(t, got.stdout, "no such luck")
	assert.Contains(t, got.stdout, "[SKIP] not run: late (an earlier step failed)\n")
	assert.Contains(t, got.stdout, "[PASS] keys", "the checks look all the same")
}

// TestInterrupted: whenever it comes, what was stopped runs again.
func TestInterrupted(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		f := newFake(t, clutter)
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			for { // until the step hangs
				if log, _ := os.ReadFile(f.log); strings.Contains(string(log), "run hang") {
					cancel(interrupted{s})
					return
				}
				time.Sleep(5 * time.Millisecond)
			}
		}()
		report := filepath.Join(t.TempDir(), "report.json")
		got := f.run(t, ctx, "clean", "--yes", "--also", "hang", "--output", "json="+report)
		assert.Equal(t, 128+int(s), got.code)
		assert.Equal(t, "stop writer.service\nrun hang\nstart writer.service\n", got.log)
		assert.Contains(t, got.stderr, "imgcheck: put back: unit writer.service\n")
		assert.Contains(t, got.stderr, "imgcheck: interrupted by "+s.String()+"\n")
		assert.Contains(t, got.stderr, "it is safe to run it once more")
		assert.NoFileExists(t, report, "half a report is none")
		left, err := os.ReadDir(filepath.Dir(report))
		require.NoError(t, err)
		assert.Empty(t, left)
	}
}

// TestFix mends what fails by default steps, names the others, and leaves nothing held up.
func TestFix(t *testing.T) {
	f := newFake(t, clutter+"-- asked --\na\n")
	got := f.run(t, t.Context(), "check", "--fix", "--format", "json")
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.stderr, "mending what the checks found by: empty, seal\n")
	assert.Empty(t, got.log, "no other step has run")
	r := parsed(t, got.stdout)
	assert.Equal(t, "check", r.Command)
	assert.Equal(t, []string{"ask"}, r.Offered)
	assert.Len(t, r.Actions, 1)
	assert.Equal(t, "pass", statusOf(r, "keys"))
	assert.Equal(t, "fail", statusOf(r, "asked"))
	assert.Equal(t, "skip", statusOf(r, "identity"))

	got = f.run(t, t.Context(), "check", "--fix")
	assert.Contains(t, got.stdout, "imgcheck clean --only ask\n")

	f = newFake(t, clutter)
	got = f.run(t, t.Context(), "check", "--fix")
	assert.Equal(t, 0, got.code)
	assert.Contains(t, got.stdout, "[DONE] seal")
	assert.NotContains(t, got.stdout, "Power off", "it is used on")

	got = f.run(t, t.Context(), "check", "--fix", "--format", "json")
	r = parsed(t, got.stdout)
	assert.Equal(t, []report.Action{}, r.Actions, "there, and not null")

	f.vendor = "QEMU"
	assert.Equal(t, 2, f.run(t, t.Context(), "check", "--fix").code)
	assert.Equal(t, 0, f.run(t, t.Context(), "check", "--fix", "--force").code)
	assert.Equal(t, 2, f.run(t, t.Context(), "check", "--force").code, "goes with --fix")
}

// TestKilledRunIsPutBackByTheNext: what a dead run held up is put back before anything else.
func TestKilledRunIsPutBackByTheNext(t *testing.T) {
	f := newFake(t, clutter)
	require.NoError(t, os.Mkdir(f.root+".run", 0o700))
	debts := `[{"kind":"unit","what":"old.service"}]`
	require.NoError(t, os.WriteFile(f.root+".run/recovery.json", []byte(debts), 0o600))

	got := f.run(t, t.Context(), "clean", "--dry-run")
	assert.Contains(t, got.stderr, "a real run would first put back: unit old.service")
	assert.Empty(t, got.log)

	got = f.run(t, t.Context(), "clean", "--yes")
	assert.Equal(t, 0, got.code)
	assert.Contains(t, got.stderr, "imgcheck: an earlier run was cut short\nimgcheck: put back: unit old.service\n")
	assert.Equal(t, "start old.service\nstop writer.service\n", got.log)
	assert.NoDirExists(t, f.root+".run")
}

// TestSelfAndReports: a report would be removed with the program.
func TestSelfAndReports(t *testing.T) {
	f := newFake(t, clutter+"-- program --\np\n")
	report := "json=" + filepath.Join(t.TempDir(), "r")
	for _, asked := range [][]string{{"--remove-self"}, {"--also", "self"}} {
		assert.Equal(t, 2, f.run(t, t.Context(), append(asked, "clean", "--yes", "--output", report)...).code)
	}
	assert.Equal(t, 2, f.run(t, t.Context(), "clean", "--remove-self", "--root", f.root).code)
	assert.FileExists(t, filepath.Join(f.root, "program"))
	assert.Equal(t, 0, f.run(t, t.Context(), "clean", "--yes", "--remove-self").code)
	assert.NoFileExists(t, filepath.Join(f.root, "program"))
}

// TestUnreportedRunIsNotSealed: nobody learns of what is done once standard output is gone.
func TestUnreportedRunIsNotSealed(t *testing.T) {
	f := newFake(t, clutter)
	p := &process{env: map[string]string{}, stdin: strings.NewReader(""), stdout: brokenPipe{}, stderr: &bytes.Buffer{}, world: f.world()}
	assert.Equal(t, report.ExitUndetermined, p.run(t.Context(), []string{"clean", "--yes"}))
	log, err := os.ReadFile(f.log)
	require.NoError(t, err)
	assert.Equal(t, "stop writer.service\nstart writer.service\n", string(log))
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func parsed(t *testing.T, document string) *report.Report {
	t.Helper()
	var r report.Report
	require.NoError(t, json.Unmarshal([]byte(document), &r), document)
	require.NotNil(t, r.Cleaning)
	return &r
}

func statusOf(r *report.Report, id string) string {
	for _, one := range r.Results {
		if one.ID == id {
			return one.Status
		}
	}
	return ""
}
