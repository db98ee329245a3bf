package report

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"

	"imgcheck/check"
)

// TestFormatsTellWhatDidNotWork: a consumer that knows results only must see a step
// that failed, and what is still held up, beside checks that all pass.
func TestFormatsTellWhatDidNotWork(t *testing.T) {
	pass := sample()[:1]
	failed := sampleCleaning(t, func(c *Cleaning) { c.Validated = true }, sampleSteps(false), pass)
	held := sampleCleaning(t, func(c *Cleaning) { c.Validated, c.Owed = true, []string{"unit x: no answer"} }, sampleSteps(false)[:3], pass)
	for format, want := range map[string][2]string{
		"junit":    {`(?s)errors="1".*name="step-logs".*<error type="error" message="[^"]*1 failed`, `name="put-back"[^>]*>\s*<error`},
		"tap":      {`(?m)^not ok [0-9]+ - step-logs: `, `(?m)^not ok [0-9]+ - put-back: `},
		"sarif":    {`(?s)"executionSuccessful": false.*"ruleId": "step-logs"`, `"ruleId": "put-back"`},
		"markdown": {`<b>ERROR</b> <code>step-logs</code>`, `<b>ERROR</b> <code>put-back</code>`},
		"github":   {`(?m)^::error title=step-logs::`, `(?m)^::error title=put-back::`},
		"html":     {`(?s)<article class="error">\n<h3>[^\n]*<code>step-logs</code>`, `<code>put-back</code>`},
	} {
		out := written(t, failed, format, Style{})
		assert.Regexp(t, want[0], out, format)
		assert.Contains(t, out, "permission denied", format)
		assert.NotContains(t, out, ">verdict<", format)
		at := strings.IndexFunc(out, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) })
		assert.Negative(t, at, format)
		assert.Regexp(t, want[1], written(t, held, format, Style{}), format)
	}
}

// TestNoFormatPassesWhatNothingLookedAt: a dry run, and one without checks, has no
// result that fails, and is no pass.
func TestNoFormatPassesWhatNothingLookedAt(t *testing.T) {
	for name, change := range map[string]func(*Cleaning){
		"dry run": func(c *Cleaning) { c.DryRun = true }, "no check": func(*Cleaning) {},
	} {
		r := sampleCleaning(t, change, sampleSteps(true)[:3], nil)
		for format, want := range map[string]string{
			"junit": `(?s)name="verdict"[^>]*>\s*<skipped message="Not validated`, "tap": `(?m)^ok 1 - verdict # SKIP Not validated`,
			"sarif": `"text": "skipped: Not validated`, "markdown": `^### imgcheck: Not validated`,
			"github": `^::warning title=imgcheck::Not validated`, "html": `<h1>Not validated</h1>`,
		} {
			assert.Regexp(t, want, written(t, r, format, Style{}), "%s: %s", name, format)
		}
	}
}

// TestPagesShowTheSteps: what was done, and what is to be done next.
func TestPagesShowTheSteps(t *testing.T) {
	r := sampleCleaning(t, func(c *Cleaning) { c.Validated, c.Sealed = true, true }, sampleSteps(false)[:4], sample()[:2])
	page := written(t, r, "html", Style{})
	assert.Contains(t, page, "<h2>What was done</h2>\n<pre>[DONE] wait: ")
	assert.Contains(t, page, `href="#steps">steps <b>5</b>`)
	assert.Contains(t, page, "Power off now and take the snapshot")
	elements(t, strings.NewReplacer(pageStyle, "", pageScript, "").Replace(page))
	comment := written(t, r, "markdown", Style{})
	assert.Contains(t, comment, "<details><summary>5 steps</summary>")
	assert.Contains(t, comment, "Power off now and take the snapshot")
	assert.NotContains(t, written(t, loud(t), "html", Style{}), "steps <b>")
}

// TestStepsStandWhereTheyStood: the checks run before the last stage, and a converted
// report tells it so.
func TestStepsStandWhereTheyStood(t *testing.T) {
	r := sampleReport(t, false, nil)
	c := r.Changes("clean")
	steps := sampleSteps(false)
	c.AddStep(steps[3])
	r.Add(sample()[0])
	c.AddStep(steps[8])
	r.Add(check.Result{Check: &check.Check{ID: "late"}, Status: check.Pass})
	var order []string
	assert.NoError(t, r.Replay(func(s StepResult) error {
		order = append(order, s.ID)
		assert.NotEmpty(t, s.Actions)
		return nil
	}, func(one Result) error {
		order = append(order, one.ID)
		return nil
	}))
	assert.Equal(t, []string{"keys", "passes", "zero-fill", "late"}, order)
}
