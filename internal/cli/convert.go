package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"imgcheck/internal/host"
	"imgcheck/report"
)

type convertFlags struct {
	format  string
	outputs []string
	verbose bool
	color   string
}

func newConvert(p *process) *cobra.Command {
	var f convertFlags
	c := &cobra.Command{
		Use:   "convert REPORT.json",
		Short: "Write a saved JSON report in another format, on any machine",
		Long: `Write a report that "imgcheck --format json" or "--output json=FILE" has saved
in another format. It needs neither root nor the machine that was examined;
- reads standard input.

Exit codes:
  0  written, whatever the verdict in it is
  2  not a whole report, or not written`,
		Example: `  imgcheck convert --format html report.json >report.html
  ssh root@DROPLET imgcheck --format json | imgcheck convert --format junit -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] != "" {
				return nil
			}
			return hinted{errors.New("convert takes one report"), "Name the file, or - for standard input."}
		},
		RunE: func(c *cobra.Command, args []string) error { return runConvert(c.Context(), p, f, args[0]) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.format, "format", "text", "write it in this `FORMAT`: "+formatNames())
	flags.StringArrayVar(&f.outputs, "output", nil, "also write it to a file, as `FORMAT=FILE` (repeatable)")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show every finding, notes and skipped checks")
	flags.StringVar(&f.color, "color", "auto", "colour the text, `WHEN`: auto, always or never")
	c.ValidArgsFunction = oneFile
	ofReports().on(c)
	return c
}

func runConvert(ctx context.Context, p *process, f convertFlags, name string) (err error) {
	style, err := p.style(f.color, f.verbose)
	if err != nil {
		return err
	}
	outs, err := p.openOutputs(commonFlags{format: f.format, outputs: f.outputs}, style)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, outs.discard()) }()
	r, err := p.readReport(ctx, name)
	if err != nil {
		return err
	}
	if err := outs.replay(r); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// readReport reads a saved report from a file or, as "-", from standard input.
func (p *process) readReport(ctx context.Context, name string) (*report.Report, error) {
	from, shown := io.NopCloser(p.stdin), "standard input"
	if name != "-" {
		file, err := host.OpenLocal(name)
		if err != nil {
			return nil, err
		}
		from, shown = file, report.Display(name)
	}
	r, err := readUntil(ctx, from)
	if errors.Is(err, report.ErrNewer) {
		err = hinted{err, "Convert it with the version of imgcheck that made it, or a later one."}
	}
	if err != nil {
		return nil, errors.Join(within(shown, err), from.Close())
	}
	return r, from.Close()
}

// within says which file an error is about, and keeps its hint.
func within(name string, err error) error {
	var hint hinted
	if errors.As(err, &hint) {
		return hinted{fmt.Errorf("%s: %w", name, hint.error), hint.hint}
	}
	return fmt.Errorf("%s: %w", name, err)
}

// readUntil reads until the context ends: a pipe may never say anything.
func readUntil(ctx context.Context, from io.Reader) (*report.Report, error) {
	type outcome struct {
		report *report.Report
		err    error
	}
	read := make(chan outcome, 1)
	go func() {
		r, err := report.Read(from)
		read <- outcome{r, err}
	}()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case o := <-read:
		return o.report, o.err
	}
}

// replay writes a finished report as its run has written it.
func (o *outputs) replay(r *report.Report) error {
	if err := r.Replay(o.step, o.result); err != nil {
		return err
	}
	return o.close(r)
}
