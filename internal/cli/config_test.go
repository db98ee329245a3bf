package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/fixtures"
	"imgcheck/internal/config"
	"imgcheck/report"
)

// putConfig writes a config file that only we can write, and returns its name.
func putConfig(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(pluginFolder(t), "c.yaml")
	require.NoError(t, os.WriteFile(file, []byte("version: 1\n"+text), 0o644))
	require.NoError(t, os.Chmod(file, 0o644))
	return file
}

func waiverOf(check string) string {
	return "waivers: [{check: " + check + ", reason: on purpose, expires: 2026-11-21}]\n"
}

// TestDocumentedKeys: the example that has them all is valid, and has them all.
func TestDocumentedKeys(t *testing.T) {
	text, err := os.ReadFile("../../docs/config.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "```yaml\n")
	require.True(t, found)
	example, _, _ := strings.Cut(rest, "```\n")
	f, err := config.Parse("example", []byte(example))
	require.NoError(t, err)
	p := &process{world: newFake(t, clutter).world()}
	p.checks, p.steps = check.Catalogue, clean.Catalogue
	assert.Empty(t, p.unknownIDs(f))
	assert.Equal(t, check.Usual(), check.Policy{LogBytes: f.Limits.LogBytes, HistoryBytes: f.Limits.HistoryBytes, DiskGiB: f.Limits.DiskGiB})
	for _, key := range strings.Fields("skip accounts waivers clean plugins check path reason expires also keep zero-fill") {
		assert.Regexp(t, `(?m)^[ -]*(clean: )?`+key+":", example)
	}
}

// TestWaiversEnd by the machine's clock, after their last day.
func TestWaiversEnd(t *testing.T) {
	for _, row := range []struct {
		name, overlay, waived string
		today                 time.Time
		args                  []string
		code                  int
		stdout                string
	}{
		{
			"on its last day", "-- asked --\na\n", "asked", time.Date(2026, 11, 21, 23, 59, 59, 0, time.UTC), []string{"clean", "--yes"}, 0,
			`\[PASS\] asked: 1 finding, which is waived\n +/asked  is not empty \(waived until 2026-11-21: on purpose\)(?s:.*)\[DONE\] seal`,
		},
		{
			"the day after", "-- asked --\na\n", "asked", time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), []string{"clean", "--yes"}, 1,
			`\[FAIL\] asked: 1 file\n +/asked  is not empty \(counts again: its waiver ended on 2026-11-21, on purpose\)(?s:.*)not run: seal`,
		},
		{
			"the day after, elsewhere", "-- asked --\na\n", "asked", time.Date(2026, 11, 21, 23, 0, 0, 0, time.FixedZone("", -3600*2)), []string{"clean", "--yes"}, 1,
			`counts again`,
		},
		{
			"what could not be looked at", "-- asked/file --\na\n", "asked", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), []string{"clean", "--yes"}, 3,
			`\[ERROR\] asked: could not be determined(?s:.*)not run: seal`,
		},
		{
			"what only the seal mends", "", "identity", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), []string{"check"}, 1,
			`\[FAIL\] keys(?s:.*)\[PASS\] identity: 1 finding, which is waived`,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := newFake(t, clutter+row.overlay)
			f.today = row.today
			got := f.run(t, t.Context(), append(row.args, "--config", putConfig(t, waiverOf(row.waived)))...)
			assert.Equal(t, row.code, got.code, got.stdout+got.stderr)
			assert.Regexp(t, row.stdout, got.stdout)
		})
	}
}

// TestFixPassesOverWhatIsWaived: what passes by a waiver is not to be mended.
func TestFixPassesOverWhatIsWaived(t *testing.T) {
	f := newFake(t, clutter)
	f.today = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	got := f.run(t, t.Context(), "check", "--fix", "--yes", "--config", putConfig(t, waiverOf("keys")))
	assert.Contains(t, got.stderr, "mending what the checks found by: seal\n")
	assert.Contains(t, got.stdout, "[PASS] keys: 1 finding, which is waived")
	assert.FileExists(t, filepath.Join(f.root, "keys"))
	f.today = f.today.AddDate(0, 0, 1)
	got = f.run(t, t.Context(), "check", "--fix", "--yes", "--config", putConfig(t, waiverOf("keys")))
	assert.Contains(t, got.stderr, "mending what the checks found by: empty\n")
}

func TestConfigCheckTellsWhatHasEnded(t *testing.T) {
	f := newFake(t, clutter)
	file := putConfig(t, "skip: [noise]\nclean: {zero-fill: trim}\n"+waiverOf("keys"))
	for today, want := range map[string]string{
		"2026-11-21": "Waivers: 1, ended: 0.\n  checks left out: noise\n  waived until 2026-11-21: keys, on purpose\n  zero-fill: trim\n",
		"2026-11-22": "Waivers: 1, ended: 1.\n  checks left out: noise\n  waiver ended on 2026-11-21, counts again: keys, on purpose\n  zero-fill: trim\n",
	} {
		var err error
		f.today, err = time.Parse(time.DateOnly, today)
		require.NoError(t, err)
		got := f.run(t, t.Context(), "config", "check", file)
		assert.Equal(t, 0, got.code, got.stderr)
		assert.Equal(t, file+" is valid. "+want, got.stdout)
	}
}

// TestFlagsWinOverTheFile, in both directions.
func TestFlagsWinOverTheFile(t *testing.T) {
	file := putConfig(t, "skip: [keys]\nclean: {skip: [empty], also: [ask], zero-fill: trim}\n")
	for args, want := range map[string]string{
		"clean --dry-run":                        `(?s)\[PLAN\] ask.*not run: empty \(left out by the config file\)`,
		"clean --dry-run --also empty":           `(?s)\[PLAN\] empty.*\[PLAN\] ask`,
		"clean --dry-run --only empty":           `(?s)\[PLAN\] empty`,
		"clean --dry-run --skip ask":             `not run: ask \(left out by --skip\)`,
		"clean --dry-run --skip late --only ask": `\[PLAN\] ask`,
		"check":                                  `keys \(left out by the config file\)`,
		"check --only keys":                      `\[FAIL\] keys`,
		"check --skip noise":                     `noise \(left out by --skip\)`,
	} {
		got := newFake(t, clutter+"-- asked --\na\n").run(t, t.Context(), append(strings.Fields(args), "--config", file)...)
		assert.Regexp(t, want, got.stdout, args)
	}
	got := newFake(t, clutter).run(t, t.Context(), "clean", "--dry-run", "--only", "empty", "--config", file)
	assert.NotContains(t, got.stdout, "[PLAN] ask", "--only replaces what the file adds")
}

func TestZeroFillOfTheFile(t *testing.T) {
	for _, row := range []struct{ flag, file, want string }{{"", "trim", "trim"}, {"fill", "off", "fill"}, {"", "off", "off"}} {
		f := cleanFlags{zeroFill: row.flag, commonFlags: commonFlags{config: putConfig(t, "clean: {zero-fill: "+row.file+"}\n")}}
		p := &process{world: newFake(t, clutter).world(), stderr: &bytes.Buffer{}}
		require.NoError(t, p.configure(&f.commonFlags))
		got, err := f.choose(p.steps())
		require.NoError(t, err)
		want, err := parseZeroFill(row.want, true)
		require.NoError(t, err)
		assert.Equal(t, want, got.fill)
	}
}

// TestWaiversInEveryFormat: all that is found on a machine is waived, and still told, and
// what could not be looked at stays an error.
func TestWaiversInEveryFormat(t *testing.T) {
	var all strings.Builder
	all.WriteString("waivers:\n")
	for _, c := range check.Catalogue() {
		fmt.Fprintf(&all, "  - {check: %s, reason: on purpose, expires: 9999-12-31}\n", c.ID)
	}
	file := putConfig(t, all.String())
	broken := fixtures.CopyWithout(t, "debian-12", []string{"etc/shadow"}, "-- etc/shadow/file --\n")
	for _, row := range []struct {
		name, root string
		code       int
	}{{"clean", fixtures.Dir("debian-12"), 0}, {"dirty", fixtures.Dir("ubuntu-24.04-dirty"), 0}, {"erroring", broken, 3}} {
		for _, format := range report.Formats() {
			t.Run(row.name+" "+format, func(t *testing.T) {
				t.Parallel()
				var stdout, stderr bytes.Buffer
				args := []string{"check", "--root", row.root, "--config", file, "--strict", "--format", format}
				code := Run(context.Background(), args, nil, strings.NewReader(""), &stdout, &stderr)
				assert.Equal(t, row.code, code, stdout.String())
				if row.name == "dirty" {
					assert.Contains(t, stdout.String(), "on purpose")
					assert.Contains(t, stdout.String(), "9999-12-31")
					assert.NotContains(t, stdout.String(), "until : ")
				}
			})
		}
	}
}
