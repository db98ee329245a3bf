package report

import (
	"encoding/json"
	"io"
)

// jsonWriter writes the report as one indented document at the end.
type jsonWriter struct{ w io.Writer }

func (jsonWriter) Result(Result) error { return nil }

func (jsonWriter) Step(StepResult) error { return nil }

func (j jsonWriter) Close(r *Report) error {
	e := json.NewEncoder(j.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
