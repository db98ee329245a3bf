package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func golden(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(data)
}

// TestConvertedIsAsPrinted: what is converted from JSON is what the run has printed.
func TestConvertedIsAsPrinted(t *testing.T) {
	r, err := Read(strings.NewReader(golden(t, "report.json")))
	require.NoError(t, err)
	assert.Equal(t, golden(t, "report.txt"), written(t, r, "text", Style{}))
	assert.Equal(t, golden(t, "report-verbose.txt"), written(t, r, "text", Style{Verbose: true}))
	assert.Equal(t, golden(t, "report-color.txt"), written(t, r, "text", Style{Color: true}))
	assert.Equal(t, golden(t, "report.json"), written(t, r, "json", Style{}))
	for _, name := range []string{"clean", "clean-dry"} {
		cleaning, err := Read(strings.NewReader(golden(t, name+".json")))
		require.NoError(t, err)
		assert.Equal(t, golden(t, name+".json"), written(t, cleaning, "json", Style{}))
	}
	dry, err := Read(strings.NewReader(golden(t, "clean-dry.json")))
	require.NoError(t, err)
	assert.Equal(t, golden(t, "clean-dry.txt"), written(t, dry, "text", Style{}))
	first := loud(t)
	again, err := Read(strings.NewReader(written(t, first, "json", Style{})))
	require.NoError(t, err)
	for _, format := range Formats() {
		assert.Equal(t, written(t, first, format, Style{}), written(t, again, format, Style{}), format)
	}
}

// TestStrictIsKept: the verdict of a strict run does not follow from its results.
func TestStrictIsKept(t *testing.T) {
	all := sample()
	strict := sampleReport(t, true, all[:3])
	again, err := Read(strings.NewReader(written(t, strict, "json", Style{})))
	require.NoError(t, err)
	assert.Equal(t, Verdict(strict), Verdict(again))
	assert.Contains(t, Verdict(again), "--strict")
}

func TestReadRefuses(t *testing.T) {
	whole := golden(t, "report.json")
	edit := func(old, with string) string {
		require.Contains(t, whole, old)
		return strings.Replace(whole, old, with, 1)
	}
	for _, row := range []struct {
		name, text string
		want       error
		says       string
	}{
		{"nothing", "", ErrNoReport, "empty"},
		{"text", golden(t, "report.txt"), ErrNoReport, ""},
		{"a login banner first", "Welcome!\n" + whole, ErrNoReport, ""},
		{"another document", `{"results": []}`, ErrNoReport, "no schema"},
		{"an array", "[" + whole + "]", ErrNoReport, ""},
		{"two reports", whole + whole, ErrNoReport, "follows"},
		{"cut in half", whole[:len(whole)/2], ErrCutOff, ""},
		{"the last brace is missing", strings.TrimRight(whole, "}\n"), ErrCutOff, ""},
		{"newer", edit("report/v1", "report/v2"), ErrNewer, "imgcheck.report/v2"},
		{"another schema", edit("imgcheck.report/v1", "a\x1b[31m"), ErrNoReport, ""},
		{"another tool's", edit("imgcheck.report/v1", "other/v1"), ErrNoReport, "other/v1"},
		{"no results", edit(`"results"`, `"outcomes"`), ErrInconsistent, "no results"},
		{"a field of another type", edit(`"exit_code": 1`, `"exit_code": "1"`), ErrInconsistent, "exit_code is a string"},
		{"an unknown status", edit(`"status": "fail"`, `"status": "fine"`), ErrInconsistent, "fine"},
		{"an unknown level", edit(`"level": "fail"`, `"level": "fine"`), ErrInconsistent, "fine"},
		{"an unknown verdict", edit(`"verdict": "fail"`, `"verdict": "fine"`), ErrInconsistent, "fine"},
		{
			"a pass of nothing", `{"schema":"imgcheck.report/v1","tool":{},"machine":{},"started_at":"2026-11-21T08:00:00Z","verdict":"pass",` +
				`"exit_code":0,"counts":{},"results":[]}`, ErrInconsistent, "worse",
		},
		{"counts of other results", edit(`"fail": 1`, `"fail": 0`), ErrInconsistent, "counts"},
		{"another exit code", edit(`"exit_code": 1`, `"exit_code": 0`), ErrInconsistent, "exit code 0"},
		{"a result that hides a failure", edit(`"status": "fail"`, `"status": "pass"`), ErrInconsistent, "counts"},
		{
			"a verdict that hides a failure",
			strings.Replace(edit(`"exit_code": 1`, `"exit_code": 0`), `"verdict": "fail"`, `"verdict": "warn"`, 1), ErrInconsistent, "worse",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := Read(strings.NewReader(row.text))
			assert.Nil(t, r)
			require.ErrorIs(t, err, row.want)
			assert.Contains(t, err.Error(), row.says)
		})
	}
	spoil := func(name string, pairs ...string) error {
		text := strings.NewReplacer(pairs...).Replace(golden(t, name))
		require.NotEqual(t, golden(t, name), text)
		_, err := Read(strings.NewReader(text))
		return err
	}
	warns := []string{`"verdict": "error"`, `"verdict": "warn"`, `"exit_code": 3`, `"exit_code": 0`}
	assert.ErrorContains(t, spoil("clean.json", warns...), "worse", "a step has failed")
	passes := append(warns[2:4:4], `"verdict": "error"`, `"verdict": "pass"`, `"status": "failed"`, `"status": "planned"`)
	assert.ErrorContains(t, spoil("clean-dry.json", passes...), "worse", "a dry run is no pass")
	assert.ErrorContains(t, spoil("clean.json", `"status": "failed"`, `"status": "fine"`), "fine")
	broken := errors.New("the disk is gone")
	_, err := Read(iotest.ErrReader(broken))
	assert.ErrorIs(t, err, broken)
}

func TestReadTakesWhatIsAddedLater(t *testing.T) {
	text := strings.Replace(golden(t, "report.json"), "{\n", "{\n\"new\": {\"a\": [1]},\n", 1)
	r, err := Read(strings.NewReader(strings.Replace(text, `"level": "fail",`, `"level": "fail", "size": 12,`, 1)))
	require.NoError(t, err)
	assert.Equal(t, golden(t, "report.json"), written(t, r, "json", Style{}))
}

// TestReadActionWithoutDetail: what an action does not say is empty, and can be shown.
func TestReadActionWithoutDetail(t *testing.T) {
	r, err := Read(strings.NewReader(golden(t, "clean.json")))
	require.NoError(t, err)
	text := written(t, r, "json", Style{})
	for _, field := range []string{`"error": "[^"]*"`, `"note": "[^"]*"`, `"command": \[[^]]*\]`, `"env": \[[^]]*\]`, `"unit": "[^"]*"`, `"await": "[^"]*"`} {
		text = regexp.MustCompile(`(?s)("bytes": \d+),\s*`+field+`,?`).ReplaceAllString(text, "$1,")
	}
	text = regexp.MustCompile(`("bytes": \d+),(\s*})`).ReplaceAllString(text, "$1$2")
	require.NotContains(t, text, `"await"`)
	bare, err := Read(strings.NewReader(text))
	require.NoError(t, err)
	require.NotEmpty(t, bare.Actions)
	for _, a := range bare.Actions {
		assert.Equal(t, &Detail{Command: []string{}, Env: []string{}}, a.Detail)
	}
	for _, format := range Formats() {
		assert.NotEmpty(t, written(t, bare, format, Style{Verbose: true}), format)
	}
}

// TestReadMakesHarmless: a report may come from anywhere.
func TestReadMakesHarmless(t *testing.T) {
	r := loud(t)
	r.Machine.Name, r.Results[0].Summary, r.Results[4].Error = "a\x1b[2J", "b\nc\u202e", "d\ne\x07"
	r.Results[3].Findings[0].Path, r.Results[0].Findings = "/f\r\x00", nil
	var out bytes.Buffer
	require.NoError(t, json.NewEncoder(&out).Encode(r))
	again, err := Read(&out)
	require.NoError(t, err)
	assert.Equal(t, `a\x1b[2J`, again.Machine.Name)
	assert.Equal(t, `b\x0ac\xe2\x80\xae`, again.Results[0].Summary)
	assert.Equal(t, "d\n"+`e\x07`, again.Results[4].Error)
	assert.Equal(t, `/f\x0d\x00`, again.Results[3].Findings[0].Path)
	assert.NotNil(t, again.Results[0].Findings)
}

func FuzzRead(f *testing.F) {
	whole := golden(f, "report.json")
	f.Add(whole)
	f.Add(whole[:200])
	f.Add(golden(f, "clean.json"))
	f.Add(golden(f, "clean-dry.json"))
	f.Add(`{"schema":"imgcheck.report/v1","tool":{},"machine":{},"started_at":"2026-11-21T08:00:00Z","verdict":"error","exit_code":3,` +
		`"counts":{},"results":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Read(strings.NewReader(text))
		if err != nil {
			assert.Nil(t, r)
			return
		}
		for _, format := range Formats() {
			w, err := NewWriter(format, &bytes.Buffer{}, Style{})
			require.NoError(t, err)
			require.NoError(t, r.Replay(w.Step, w.Result))
			require.NoError(t, w.Close(r))
		}
		var out bytes.Buffer
		require.NoError(t, page{w: &out}.Close(r))
		assert.Negative(t, strings.IndexFunc(out.String(), func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }))
	})
}
