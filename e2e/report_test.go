//go:build e2e

package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// result and reportFile are what a script reads of the JSON report; they are
// written from the contract, not taken from the program.
type result struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Summary  string `json:"summary"`
	Error    string `json:"error"`
	Remedy   string `json:"remedy"`
	Findings []struct {
		Level   string `json:"level"`
		Path    string `json:"path"`
		Message string `json:"message"`
	} `json:"findings"`
}

type reportFile struct {
	Schema  string `json:"schema"`
	Mode    string `json:"mode"`
	Machine struct {
		Kernel string `json:"kernel"`
		Vendor string `json:"vendor"`
	} `json:"machine"`
	Verdict  string         `json:"verdict"`
	ExitCode int            `json:"exit_code"`
	Counts   map[string]int `json:"counts"`
	Results  []result       `json:"results"`
}

// outcome is what one run gave.
type outcome struct {
	code           int
	stdout, stderr string
	report         reportFile
	usage          *os.ProcessState
}

// read takes the report apart and checks what holds for every report.
func (o *outcome) read(t testing.TB, keys string) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(o.stdout), &o.report), "exit %d, standard output: %s\nstandard error: %s",
		o.code, tail(o.stdout), tail(o.stderr))
	assert.Equal(t, "imgcheck.report/v1", o.report.Schema)
	assert.Equal(t, o.report.ExitCode, o.code, "the report and the process disagree on the exit code")
	assert.Equal(t, exitCode(o.statuses()), o.code, "the exit code does not follow from the statuses")
	assert.NotContains(t, o.stderr, "panic")
	secrets, err := secretsOf(keys)
	require.NoError(t, err)
	for name, text := range map[string]string{"stdout": o.stdout, "stderr": o.stderr} {
		assert.True(t, utf8.ValidString(text), "%s is not UTF-8", name)
		assert.NotContains(t, text, "\x1b", "%s holds an escape sequence", name)
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds a planted secret", name)
			}
		}
	}
	for _, r := range o.report.Results {
		assert.NotRegexp(t, "[\\x00-\\x09\\x0b-\\x1f\\x7f]", o.said(r.ID), "%s holds control characters", r.ID)
		if r.Status == "fail" {
			assert.NotEmpty(t, r.Remedy, "%s fails without a remedy", r.ID)
		}
	}
}

// statuses maps check ids to statuses.
func (o *outcome) statuses() map[string]string {
	all := map[string]string{}
	for _, r := range o.report.Results {
		all[r.ID] = r.Status
	}
	return all
}

// said returns all that the report says of a check, as one text.
func (o *outcome) said(id string) string {
	var text strings.Builder
	for _, r := range o.report.Results {
		if r.ID != id {
			continue
		}
		text.WriteString(strings.Join([]string{r.Summary, r.Error, r.Remedy}, "\n"))
		for _, f := range r.Findings {
			text.WriteString("\n" + f.Level + " " + f.Path + " " + f.Message)
		}
	}
	return text.String()
}

// exitCode is the contract's rule.
func exitCode(statuses map[string]string) int {
	code := 0
	for status := range maps.Values(statuses) {
		switch status {
		case "fail":
			return 1
		case "error":
			code = 3
		}
	}
	return code
}
