package report

import (
	"errors"
	"io"
)

// ErrFormat says that there is no such format.
var ErrFormat = errors.New("no such format")

// Writer writes a report in one format.
type Writer interface {
	// Result is called for each result as it becomes known.
	Result(Result) error
	// Step is called for each step of a cleaning as it becomes known.
	Step(StepResult) error
	// Close is called once with the finished report.
	Close(*Report) error
}

// Style is how a format for people looks.
type Style struct {
	Color bool
	// Verbose shows notes, skipped checks one by one, and every finding.
	Verbose bool
}

// Formats returns the names of the formats, the default first.
func Formats() []string { return []string{"text", "json"} }

// NewWriter returns a writer of the named format, or ErrFormat.
func NewWriter(format string, w io.Writer, style Style) (Writer, error) {
	switch format {
	case "text":
		return newText(w, style), nil
	case "json":
		return jsonWriter{w}, nil
	}
	return nil, ErrFormat
}
