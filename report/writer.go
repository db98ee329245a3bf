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
	// Width is that of the terminal in columns. Where it is 0 there is none, and no line
	// is broken.
	Width int
}

// Formats returns the names of the formats, the default first.
func Formats() []string {
	return []string{"text", "json", "junit", "tap", "sarif", "markdown", "github", "html"}
}

// NewWriter returns a writer of the named format, or ErrFormat. Style is for text.
func NewWriter(format string, w io.Writer, style Style) (Writer, error) {
	switch format {
	case "text":
		return newText(w, style), nil
	case "json":
		return jsonWriter{w}, nil
	case "junit":
		return junit{w: w}, nil
	case "tap":
		return &tap{w: w}, nil
	case "sarif":
		return sarif{w: w}, nil
	case "markdown":
		return markdown{w: w}, nil
	case "github":
		return github{w: w}, nil
	case "html":
		return page{w: w}, nil
	}
	return nil, ErrFormat
}
