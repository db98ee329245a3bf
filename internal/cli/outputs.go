package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"imgcheck/internal/host"
	"imgcheck/report"
)

// outputs are all the places one report goes to.
type outputs struct {
	writers []report.Writer
	files   []*host.NewFile
	targets []string
	closers []io.Closer
}

// openOutputs makes sure before the run that each report can be written.
func (p *process) openOutputs(f commonFlags, style report.Style) (*outputs, error) {
	o := &outputs{}
	if err := o.add(f.format, p.stdout, style); err != nil {
		return nil, fmt.Errorf("--format: %w", err)
	}
	if err := o.addStepSummary(f.format, p.env); err != nil {
		return nil, err
	}
	for _, output := range f.outputs {
		if err := o.addFile(output, report.Style{Verbose: true}); err != nil {
			return nil, errors.Join(fmt.Errorf("--output %s: %w", output, err), o.discard())
		}
	}
	return o, nil
}

func (o *outputs) add(format string, w io.Writer, style report.Style) error {
	writer, err := report.NewWriter(format, w, style)
	if err != nil {
		return fmt.Errorf("%w as %q: use %s", err, format, formatNames())
	}
	o.writers = append(o.writers, writer)
	return nil
}

func (o *outputs) addFile(output string, style report.Style) error {
	format, name, found := strings.Cut(output, "=")
	if !found || name == "" {
		return errors.New("must be FORMAT=FILE")
	}
	if !slices.Contains(report.Formats(), format) {
		return fmt.Errorf("%w as %q: use %s", report.ErrFormat, format, formatNames())
	}
	file, err := host.CreateFile(name)
	if err != nil {
		return err
	}
	o.files, o.targets = append(o.files, file), append(o.targets, name)
	return o.add(format, file, style)
}

func (o *outputs) result(r report.Result) error {
	for _, w := range o.writers {
		if err := w.Result(r); err != nil {
			return err
		}
	}
	return nil
}

func (o *outputs) step(s report.StepResult) error {
	for _, w := range o.writers {
		if err := w.Step(s); err != nil {
			return err
		}
	}
	return nil
}

// names returns the files that reports are written to, under the names they have until
// they are whole as well.
func (o *outputs) names() []string {
	names := slices.Clone(o.targets)
	for _, f := range o.files {
		names = append(names, f.Name())
	}
	return names
}

// close writes the reports out; each file appears whole or not at all.
func (o *outputs) close(r *report.Report) error {
	var problems []error
	for _, w := range o.writers {
		problems = append(problems, w.Close(r))
	}
	for _, f := range o.files {
		problems = append(problems, f.Commit())
	}
	return errors.Join(append(problems, o.closeAll()...)...)
}

// discard removes what was not committed.
func (o *outputs) discard() error {
	var problems []error
	for _, f := range o.files {
		problems = append(problems, f.Discard())
	}
	return errors.Join(append(problems, o.closeAll()...)...)
}

// formatNames lists the formats in a sentence.
func formatNames() string {
	all := report.Formats()
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}
