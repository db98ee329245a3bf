package cli

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"imgcheck/report"
)

// style returns how text for people looks on standard output.
func (p *process) style(color string, verbose bool) (report.Style, error) {
	width := terminalWidth(p.stdout)
	paint, err := colored(color, p.env, width > 0)
	return report.Style{Color: paint, Verbose: verbose, Width: width}, err
}

// colored decides about colour: the flag first, then NO_COLOR (https://no-color.org),
// CLICOLOR_FORCE, and whether the output is a terminal that can.
func colored(flag string, env map[string]string, terminal bool) (bool, error) {
	switch flag {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
	default:
		return false, fmt.Errorf("--color %q: use auto, always or never", flag)
	}
	if env["NO_COLOR"] != "" {
		return false, nil
	}
	if force := env["CLICOLOR_FORCE"]; force != "" && force != "0" {
		return true, nil
	}
	return terminal && env["TERM"] != "dumb" && env["TERM"] != "", nil
}

// terminalWidth returns the width in columns of the terminal w is, 0 where it is none.
func terminalWidth(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}
