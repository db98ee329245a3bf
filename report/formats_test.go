package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/check"
)

// markupText holds what means something in one format or another.
const markupText = "<script>alert(1)</script> &lt; \"'` ``` ]]> | *b* _i_ @team #1 %0A ::error:: ##[error] {{.}} $x$ www.example.org https://example.org/"

// loud is the sample with a name full of markup, and with a finding that is waived.
func loud(t *testing.T) *Report {
	t.Helper()
	rule := &check.Check{
		ID: "is-loud", Category: "sample", Title: "Nothing is loud: " + markupText, Found: "%d name|%d names",
		Remedy: "Mend it: " + markupText,
	}
	results := append(sample(), check.Result{
		Check: rule, Status: check.Fail, Err: errors.New(markupText),
		Findings: []check.Finding{{Level: check.LevelFail, Path: "/srv/" + markupText, Message: markupText}},
	}, check.Result{
		Check: &check.Check{ID: "is-waived", Category: "sample", Title: "Nothing is there"}, Status: check.Pass,
		Findings: []check.Finding{{
			Level: check.LevelFail, Path: "/srv/demo", Message: "demo data, 12 bytes",
			Waiver: &check.Waiver{Check: "is-waived", Reason: "shipped on purpose", Expires: "2027-03-01"},
		}},
	})
	return sampleReport(t, false, results)
}

// written writes a finished report.
func written(t *testing.T, r *Report, format string, style Style) string {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(format, &out, style)
	require.NoError(t, err)
	require.NoError(t, r.Replay(w.Step, w.Result))
	require.NoError(t, w.Close(r))
	return out.String()
}

func TestFormatsGolden(t *testing.T) {
	r := loud(t)
	for _, format := range Formats()[2:] {
		t.Run(format, func(t *testing.T) {
			// What the page looks like is for the eye.
			out := strings.NewReplacer(pageStyle, "", pageScript, "", html.EscapeString(policy()), "").Replace(written(t, r, format, Style{}))
			golden := "testdata/report." + format
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(out), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), out)
		})
	}
}

func TestEveryFormatIsCleanAndWhole(t *testing.T) {
	r := loud(t)
	for _, format := range Formats() {
		t.Run(format, func(t *testing.T) {
			out := written(t, r, format, Style{Verbose: true})
			assert.True(t, utf8.ValidString(out))
			at := strings.IndexFunc(out, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) })
			assert.Less(t, at, 0, "an unprintable character")
			for _, said := range []string{"fails", "is-loud", "shipped on purpose", "2027-03-01", "live-only"} {
				assert.Contains(t, out, said)
			}
			if format != "json" { // which has the parts of the sentence
				assert.Regexp(t, "(?s)Not publishable.*2 checks fail.*Could not be determined.*breaks", out)
			}
		})
	}
}

// TestNoFormatPassesWhatNothingExplains: a consumer that looks at single results must
// not take a run for a pass that has failed as a whole.
func TestNoFormatPassesWhatNothingExplains(t *testing.T) {
	all := sample()
	mark := map[string]string{
		"junit": `(failures|errors)="1"`, "tap": `(?m)^not ok `, "sarif": `"level": "error"`, "markdown": `### imgcheck: Not`,
		"github": `(?m)^::error title=imgcheck::Not`, "html": `<h1>Not`,
	}
	for name, r := range map[string]*Report{
		"nothing was looked at": sampleReport(t, false, nil),
		"strict":                sampleReport(t, true, []check.Result{all[0], all[2]}),
		"a status that is none": sampleReport(t, false, []check.Result{{Check: all[0].Check}}),
	} {
		for format, want := range mark {
			assert.Regexp(t, want, written(t, r, format, Style{}), "%s: %s", name, format)
		}
	}
}

func TestJUnitNamesAreUnique(t *testing.T) {
	r := loud(t)
	r.Results = append(r.Results, r.Results[0])
	var suites junitSuites
	require.NoError(t, xml.Unmarshal([]byte(written(t, r, "junit", Style{})), &suites))
	var names []string
	for _, c := range suites.Suite.Cases {
		assert.NotContains(t, names, c.Name)
		names = append(names, c.Name)
	}
	assert.Len(t, names, len(r.Results))
	assert.Equal(t, [4]int{11, 2, 1, 3}, [4]int{suites.Tests, suites.Failures, suites.Errors, suites.Suite.Skipped})
	fails := suites.Suite.Cases[3]
	require.NotNil(t, fails.Failure)
	assert.Contains(t, fails.Failure.Text, "could not look: ", "an error beside a failure is kept")
	assert.Contains(t, suites.Suite.Cases[2].Out, "warning: 12 log files")
}

func TestTAPIsStreamedAndPlannedLast(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter("tap", &out, Style{})
	require.NoError(t, err)
	require.NoError(t, w.Result(Result{ID: "first", Status: "pass", Summary: `1 # SKIP not \ really`}))
	assert.Equal(t, "TAP version 14\nok 1 - first: 1 \\# SKIP not \\\\ really\n", out.String())
	lines := strings.Split(written(t, loud(t), "tap", Style{}), "\n")
	assert.Equal(t, "1..10", lines[len(lines)-3])
}

func TestGitHubShowsTheGravestTen(t *testing.T) {
	var results []check.Result
	for i := range 26 {
		c := &check.Check{ID: fmt.Sprintf("check-%d", i), Title: "Fine", Found: "a fault", Remedy: "50%:\nmend, it"}
		results = append(results, check.Result{Check: c, Status: []check.Status{check.Warn, check.Fail}[i%2]})
	}
	lines := strings.Split(strings.TrimSpace(written(t, sampleReport(t, false, results), "github", Style{})), "\n")
	require.Len(t, lines, 20)
	assert.Equal(t, "::error title=imgcheck::Not publishable: 13 checks fail.", lines[0])
	assert.Equal(t, "::error title=check-1::a fault%0Afix: 50%25:%0Amend, it", lines[1])
	assert.Equal(t, "::error title=imgcheck::and 5 more: check-17, check-19, check-21, check-23, check-25", lines[9])
	assert.Regexp(t, "^::warning title=check-0::", lines[10])
	assert.Regexp(t, "^::warning title=imgcheck::and 4 more: ", lines[19])
	assert.Equal(t, "a%3Ab%2Cc%25%0A", commandProperty("a:b,c%\n"))
}

// TestMarkdownStaysShortAndInert: GitHub refuses comments that are longer.
func TestMarkdownStaysShortAndInert(t *testing.T) {
	out := written(t, loud(t), "markdown", Style{})
	outside := regexp.MustCompile("(?ms)^````text$.*?^````$").ReplaceAllString(out, "")
	assert.NotRegexp(t, `[^>`+"`"+`]@team|[^\\]\*b\*|<script>|https://|www\.ex`, outside)
	c := &check.Check{ID: "many", Title: "Fine", Found: "a fault", Remedy: "Mend."}
	var results []check.Result
	for range 100 {
		f := check.Finding{Level: check.LevelFail, Path: "/" + strings.Repeat("\x00", 4000), Message: "long"}
		results = append(results, check.Result{Check: c, Status: check.Fail, Findings: []check.Finding{f, f, f}})
	}
	long := written(t, sampleReport(t, false, results), "markdown", Style{})
	assert.Less(t, len(long), 65_536)
	assert.Contains(t, long, "parts are left out")
	assert.Equal(t, strings.Count(long, "<details>"), strings.Count(long, "</details>"))
	for line := range strings.Lines(written(t, sampleReport(t, false, results), "github", Style{})) {
		assert.Less(t, len(line), 64<<10, "GitHub takes no longer annotation")
	}
}

func TestSARIF(t *testing.T) {
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(written(t, loud(t), "sarif", Style{})), &log))
	run := log.Runs[0]
	prints := map[string]bool{}
	var errors, suppressed int
	for _, result := range run.Results {
		assert.Equal(t, result.RuleID, run.Tool.Driver.Rules[result.RuleIndex].ID)
		uri := result.Locations[0].Physical.Artifact.URI
		assert.NotRegexp(t, `^/|^[a-z]+:|\.\.|[^!-~]`, uri)
		prints[result.Fingerprints["imgcheck/v1"]] = true
		suppressed += len(result.Suppressions)
		if strings.HasPrefix(result.Message.Text, "could not be determined: ") {
			errors++
		}
	}
	assert.Len(t, prints, len(run.Results), "every result has a fingerprint of its own")
	assert.Equal(t, 3, errors, "what could not be looked at is a result")
	assert.Equal(t, 1, suppressed)
	assert.False(t, run.Invocations[0].Successful)
	for _, rule := range run.Tool.Driver.Rules {
		assert.NotEmpty(t, rule.Help.Text, rule.ID)
	}
}

func TestSARIFLocations(t *testing.T) {
	for name, want := range map[string]string{
		"/etc/shadow": "etc/shadow", "/": "./", "/../../etc/x": "etc/x", "/a b%?#c": "a%20b%25%3F%23c",
		`/a\x0ab`: "a%5Cx0ab", "/file:x": "./file:x", "//host/x": "host/x",
	} {
		assert.Equal(t, want, relativeURI(name), name)
	}
	assert.Equal(t, "etc/os-release", locate(Finding{}).Physical.Artifact.URI)
}

func TestSARIFFingerprintsAreStable(t *testing.T) {
	at := func(message string, seen map[string]int) string {
		return fingerprint("log-files", Finding{Path: "/var/log/a", Message: message}, seen)
	}
	seen := map[string]int{}
	first := at("1.2 KiB", seen)
	assert.Equal(t, first, at("900 bytes", map[string]int{}), "a log grows")
	assert.NotEqual(t, first, at("1.2 KiB", seen), "two that are alike")
	assert.NotEqual(t, at("ssh-rsa SHA256:abc", map[string]int{}), at("ssh-rsa SHA256:abd", map[string]int{}))
}

func TestRulesHaveTheCatalogueText(t *testing.T) {
	c := check.Catalogue()[0]
	assert.Equal(t, c.Doc, documentation(Result{ID: c.ID}))
	assert.Equal(t, "Title", documentation(Result{ID: "no-such-check", Title: "Title"}))
}

// TestDocumentsAreBounded: nobody reads ten thousand lines, and some consumers refuse
// a document that has them. What decides is among those that are shown.
func TestDocumentsAreBounded(t *testing.T) {
	c := &check.Check{ID: "many", Title: "Fine", Found: "a fault", Remedy: "Mend."}
	found := make([]check.Finding, 10_000)
	for i := range found {
		found[i] = check.Finding{Level: check.LevelWarn, Path: fmt.Sprint("/a/", i), Message: "a warning"}
	}
	found[9_999] = check.Finding{Level: check.LevelFail, Path: "/the/last", Message: "decides"}
	r := sampleReport(t, false, []check.Result{{Check: c, Status: check.Fail, Findings: found}})
	for _, format := range Formats()[2:] {
		out := written(t, r, format, Style{})
		assert.Contains(t, out, "decides", format)
		assert.Regexp(t, `more|left out`, out, format)
		assert.Less(t, len(out), 500_000, format)
	}
}

func TestFormatsAreAllTold(t *testing.T) {
	assert.Equal(t, "text", Formats()[0])
	for _, f := range Formats() {
		_, err := NewWriter(f, &bytes.Buffer{}, Style{})
		assert.NoError(t, err)
	}
}
