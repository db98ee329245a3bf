package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Reasons for which a file is not read as a report.
var (
	// ErrNoReport says that it is something else.
	ErrNoReport = errors.New("this is no JSON report of imgcheck")
	// ErrCutOff says that its end is missing.
	ErrCutOff = errors.New("the report is cut off: its end is missing")
	// ErrNewer says that a later imgcheck wrote it, in a form that this one does not know.
	ErrNewer = errors.New("the report has a newer form")
	// ErrInconsistent says that it contradicts itself, so that no run has written it.
	ErrInconsistent = errors.New("the report contradicts itself")
)

// largestReport is how many bytes are read; that of the dirtiest machine has far less.
const largestReport = 64 << 20

// Read reads a report that was written as JSON. Fields that it does not know are left
// out, as later versions of the same form may add some. Its errors are the reasons
// above, or that of the reader.
func Read(from io.Reader) (*Report, error) {
	data, err := io.ReadAll(io.LimitReader(from, largestReport+1))
	if err != nil {
		return nil, err
	}
	if len(data) > largestReport {
		return nil, fmt.Errorf("%w: it is larger than 64 MiB", ErrNoReport)
	}
	if err := identify(data); err != nil {
		return nil, err
	}
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, mistyped(err)
	}
	makeShown(&r)
	if err := r.consistent(); err != nil {
		return nil, err
	}
	return &r, nil
}

// mistyped names the field that holds something else than it should.
func mistyped(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%w: the field %s is a %s", ErrInconsistent, Display(wrong.Field), wrong.Value)
	}
	return fmt.Errorf("%w: %s", ErrInconsistent, Display(err.Error()))
}

// identify makes sure that the data is one whole report of the form that is read here.
func identify(data []byte) error {
	var fields map[string]json.RawMessage
	d := json.NewDecoder(strings.NewReader(string(data)))
	switch err := d.Decode(&fields); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrCutOff
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%w: the file is empty", ErrNoReport)
	case err != nil:
		return ErrNoReport
	}
	if d.More() {
		return fmt.Errorf("%w: something follows the report", ErrNoReport)
	}
	var schema string
	if err := json.Unmarshal(fields["schema"], &schema); err != nil {
		return fmt.Errorf("%w: it names no schema", ErrNoReport)
	}
	family, _, _ := strings.Cut(Schema, "/")
	switch {
	case schema == Schema:
	case strings.HasPrefix(schema, family+"/"):
		return fmt.Errorf("%w: %s, and this imgcheck reads %s", ErrNewer, Display(schema), Schema)
	default:
		return fmt.Errorf("%w: its schema is %s", ErrNoReport, Display(schema))
	}
	for _, name := range []string{"tool", "machine", "started_at", "verdict", "exit_code", "counts", "results"} {
		if _, there := fields[name]; !there {
			return fmt.Errorf("%w: it has no %s", ErrInconsistent, name)
		}
	}
	return nil
}
