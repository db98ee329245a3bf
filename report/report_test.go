package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
	"imgcheck/distro"
	"imgcheck/internal/host"
)

var update = flag.Bool("update", false, "write the golden reports anew")

const hostile = "a\nb\x1b[31m\xff\u202e\\c"

// sample is a run with every status, in which one name is hostile.
func sample() []check.Result {
	rule := func(id, found string) *check.Check {
		return &check.Check{
			ID: id, Category: "sample", Title: "Nothing is wrong with " + id, Found: found,
			Remedy: "Mend " + id + ".", Upstream: true,
		}
	}
	many := make([]check.Finding, 12)
	for i := range many {
		many[i] = check.Finding{Level: check.LevelWarn, Path: "/var/log/app.log." + string(rune('a'+i)), Message: "1.2 KiB"}
	}
	return []check.Result{
		{Check: rule("passes", "fault"), Status: check.Pass, Duration: 1400 * time.Microsecond},
		{
			Check: rule("passes-with-notes", "fault"), Status: check.Pass,
			Findings: []check.Finding{{Level: check.LevelNote, Message: "version 24.1.3"}},
		},
		{Check: rule("warns-often", "%d log file|%d log files"), Status: check.Warn, Findings: many},
		{
			Check: rule("fails", "%d key|%d keys"), Status: check.Fail, Err: fmt.Errorf("looking: %w", errors.Join(
				&fs.PathError{Op: "open", Path: "/root/b", Err: host.ErrNotRegular},
				&fs.PathError{Op: "open", Path: "/root/" + hostile, Err: host.ErrNotRegular},
			)),
			Findings: []check.Finding{
				{Level: check.LevelFail, Path: "/root/" + hostile, Line: 3, Message: "ssh-ed25519 SHA256:x " + hostile},
				{Level: check.LevelNote, Path: "/root", Message: "a note"},
			},
		},
		{Check: rule("breaks", "fault"), Status: check.Error, Err: errors.New("/etc/shadow line 3 has no fields")},
		{Check: rule("live-only", "fault"), Status: check.Skip, Err: host.ErrOffline},
		{Check: rule("live-too", "fault"), Status: check.Skip, Err: host.ErrOffline},
		{Check: rule("left", "fault"), Status: check.Skip, Err: check.NotApplicable("left out by --skip")},
	}
}

func sampleReport(t *testing.T, strict bool, results []check.Result, writers ...Writer) *Report {
	t.Helper()
	h, err := host.OpenTree(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	h.Now = func() time.Time { return time.Date(2026, 11, 21, 8, 0, 0, 600e6, time.UTC) }
	r := New(Tool{"imgcheck", "1.0.0", "abc"}, distro.Detect(h, distro.Settings{}), strict)
	r.Root = "/mnt/image"
	for _, c := range results {
		shown := r.Add(c)
		for _, w := range writers {
			require.NoError(t, w.Result(shown))
		}
	}
	r.Finish(h.Now().Add(812 * time.Millisecond))
	for _, w := range writers {
		require.NoError(t, w.Close(r))
	}
	return r
}

func TestGolden(t *testing.T) {
	for _, row := range []struct {
		file, format string
		style        Style
	}{
		{"report.txt", "text", Style{}},
		{"report-verbose.txt", "text", Style{Verbose: true}},
		{"report-color.txt", "text", Style{Color: true}},
		{"report-80.txt", "text", Style{Width: 80}},
		{"report.json", "json", Style{}},
	} {
		t.Run(row.file, func(t *testing.T) {
			var out bytes.Buffer
			w, err := NewWriter(row.format, &out, row.style)
			require.NoError(t, err)
			sampleReport(t, false, sample(), w)
			golden := "testdata/" + row.file
			if *update {
				require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), out.String())
		})
	}
}

func TestEachResultIsWrittenAsItComes(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter("text", &out, Style{})
	require.NoError(t, err)
	require.NoError(t, w.Result(Result{ID: "first", Status: "pass", Summary: "fine"}))
	assert.Equal(t, "[PASS] first: fine\n", out.String())
}

func TestJSONFollowsItsSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("../docs/report.schema.json")
	require.NoError(t, err)
	for name, results := range map[string][]check.Result{"full": sample(), "empty": nil} {
		var out bytes.Buffer
		w, err := NewWriter("json", &out, Style{})
		require.NoError(t, err)
		sampleReport(t, false, results, w)
		document, err := jsonschema.UnmarshalJSON(&out)
		require.NoError(t, err)
		assert.NoError(t, schema.Validate(document), name)
	}
}

func TestArraysAreNeverNull(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter("json", &out, Style{})
	require.NoError(t, err)
	sampleReport(t, false, sample()[:1], w)
	var fields map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &fields))
	result, ok := fields["results"].([]any)[0].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, []any{}, result["findings"])
	assert.Equal(t, []any{}, result["fixed_by"])
}

// TestManyOfAKind: a line for each of ten thousand is what nobody reads.
func TestManyOfAKind(t *testing.T) {
	c := &check.Check{ID: "many", Title: "Fine"}
	var notes []check.Finding
	var unread []error
	for i := range 30 {
		notes = append(notes, check.Finding{Level: check.LevelNote, Message: fmt.Sprint("note ", i)})
		unread = append(unread, fmt.Errorf("line %d", i))
	}
	var out bytes.Buffer
	w, err := NewWriter("text", &out, Style{})
	require.NoError(t, err)
	sampleReport(t, false, []check.Result{
		{Check: c, Status: check.Pass, Findings: notes},
		{Check: c, Status: check.Error, Err: errors.Join(unread...)},
	}, w)
	assert.Contains(t, out.String(), "[PASS] many: note 0; note 1; note 2; and 27 more\n")
	assert.Contains(t, out.String(), "could not look: line 9\n       and 20 more (-v shows all)\n")
	assert.NotContains(t, out.String(), "line 10")
}

func TestVerdict(t *testing.T) {
	all := sample()
	pass, warn, fail, broken, skip := all[0], all[2], all[3], all[4], all[7]
	for _, row := range []struct {
		name    string
		results []check.Result
		strict  bool
		verdict string
		code    int
		says    string
	}{
		{"all pass", []check.Result{pass}, false, "pass", 0, "Publishable: no check fails or warns."},
		{"a warning", []check.Result{pass, warn}, false, "warn", 0, "Publishable, but look at 1 warning first."},
		{"a warning, strict", []check.Result{pass, warn}, true, "fail", 1, "Not publishable: 1 check warns, and warnings count as failures (--strict)."},
		{"a failure", []check.Result{fail, fail}, false, "fail", 1, "Not publishable: 2 checks fail."},
		{"an error", []check.Result{pass, broken}, false, "error", 3, "Could not be determined: breaks."},
		{"an error beside a failure", []check.Result{broken, fail}, false, "fail", 1, "Not publishable: 1 check fails. Could not be determined: breaks."},
		{"an error beside a warning, strict", []check.Result{broken, warn}, true, "fail", 1, "Not publishable: 1 check warns"},
		{"a skip is named", []check.Result{pass, skip}, false, "pass", 0, "Not looked at: left (left out by --skip)."},
		{"nothing was looked at", nil, false, "error", 3, "Not proven publishable"},
		{"no status at all", []check.Result{{Check: pass.Check}}, false, "error", 3, "Not proven publishable"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := sampleReport(t, row.strict, row.results)
			assert.Equal(t, row.verdict, r.Verdict)
			assert.Equal(t, row.code, r.ExitCode)
			assert.Contains(t, Verdict(r), row.says)
		})
	}
}

func TestDisplay(t *testing.T) {
	assert.Equal(t, `a\x0ab\x1b[31m\xff\xe2\x80\xae\\c`, Display(hostile))
	assert.Equal(t, "/var/log/Grüße → 日本", Display("/var/log/Grüße → 日本"))
}

func FuzzDisplay(f *testing.F) {
	f.Add(hostile)
	f.Fuzz(func(t *testing.T, s string) {
		shown := Display(s)
		assert.True(t, strings.IndexFunc(shown, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd && !strings.ContainsRune(s, 0xfffd) }) < 0)
	})
}

func TestUnknownFormat(t *testing.T) {
	_, err := NewWriter("yaml", &bytes.Buffer{}, Style{})
	assert.ErrorIs(t, err, ErrFormat)
	assert.ErrorIs(t, List{}.Write(&bytes.Buffer{}, "yaml", 0), ErrFormat)
}
