package cli

import (
	"fmt"
	"io"

	"imgcheck/internal/host"
	"imgcheck/report"
)

// stepSummary is the variable by which a step of GitHub Actions is told the file whose
// Markdown is shown on the page of the run.
const stepSummary = "GITHUB_STEP_SUMMARY"

// addStepSummary adds the report as Markdown to the summary of the step, where the
// format is made for GitHub and the environment names its file. It is added to, not
// replaced: other commands of the step write there too.
func (o *outputs) addStepSummary(format string, env map[string]string) error {
	name := env[stepSummary]
	if format != "github" || name == "" {
		return nil
	}
	file, err := host.AppendLocal(name)
	if err != nil {
		return fmt.Errorf("%s: %w", stepSummary, err)
	}
	// A cleaning must not take the file away under the run.
	o.closers, o.targets = append(o.closers, file), append(o.targets, name)
	return o.add("markdown", file, report.Style{})
}

// closeAll closes what has no name to get, once.
func (o *outputs) closeAll() []error {
	var problems []error
	for _, c := range o.closers {
		problems = append(problems, c.Close())
	}
	o.closers = []io.Closer{}
	return problems
}
