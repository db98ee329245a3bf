package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"imgcheck/check"
	"imgcheck/internal/config"
	"imgcheck/internal/host"
	"imgcheck/report"
)

func newConfig(p *process) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Begin or validate the file that --config takes",
		Example: `  imgcheck config init imgcheck.yaml
  imgcheck config check imgcheck.yaml`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return hinted{errors.New("config takes a command: init or check"), fmt.Sprintf("Run '%s --help' for them.", c.CommandPath())}
		},
	}
	c.AddCommand(newConfigInit(p), newConfigCheck(p))
	completions{}.on(c)
	return c
}

func newConfigInit(p *process) *cobra.Command {
	return &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a config file to begin with, all of it commented out",
		Long: `Write a config file to begin with, all of it commented out: to FILE, which must
not be there yet, or to standard output.`,
		Example: "  imgcheck config init imgcheck.yaml",
		Args:    atMostOneFile, ValidArgsFunction: oneFile,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || args[0] == "-" {
				_, err := io.WriteString(p.stdout, config.Template)
				return err
			}
			err := host.WriteNew(args[0], []byte(config.Template))
			if errors.Is(err, fs.ErrExist) {
				return hinted{err, "It is left as it is. Give another name, or none to see what would be written."}
			}
			return err
		},
	}
}

func newConfigCheck(p *process) *cobra.Command {
	var plugins string
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Say whether a config file is valid, and what is in it",
		Long: `Say whether a config file is valid, and what is in it. Nothing else is looked
at.

Exit codes:
  0  valid
  2  not valid: every mistake and its line are on standard error`,
		Example: "  imgcheck config check imgcheck.yaml",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] != "" {
				return nil
			}
			return hinted{errors.New("config check takes one file"), "'imgcheck config init FILE' writes one to begin with."}
		},
		RunE: func(_ *cobra.Command, args []string) error {
			f := commonFlags{config: args[0], plugins: plugins}
			if err := p.configure(&f); err != nil {
				return err
			}
			_, err := io.WriteString(p.stdout, p.told(f.file))
			return err
		},
	}
	addPluginsFlag(c.Flags(), &plugins)
	c.ValidArgsFunction = oneFile
	completions{"plugins": folders}.on(c)
	return c
}

func atMostOneFile(_ *cobra.Command, args []string) error {
	if len(args) > 1 || len(args) == 1 && args[0] == "" {
		return hinted{errors.New("config init takes one file at most"), "Leave it out, or give -, to see what would be written."}
	}
	return nil
}

// told says what is in a config file, a line each.
func (p *process) told(file *config.File) string {
	var b strings.Builder
	say := func(what string, about []string) {
		if strings.Join(about, "") != "" {
			fmt.Fprintf(&b, "  %s: %s\n", what, report.Display(strings.Join(about, ", ")))
		}
	}
	say("checks left out", config.Texts(file.Skip))
	for _, c := range p.checks() {
		if c.Changed != "" {
			say(c.ID, []string{c.Changed})
		}
	}
	ended := 0
	for _, w := range file.Waivers {
		state := "waived until " + w.Expires
		if (&check.Waiver{Expires: w.Expires}).Lapsed(p.now()) {
			ended++
			state = "waiver ended on " + w.Expires + ", counts again"
		}
		say(state, []string{strings.TrimSpace(w.Check.Text + " " + w.Path), w.Reason})
	}
	say("steps left out", config.Texts(file.Clean.Skip))
	say("steps that run too", config.Texts(file.Clean.Also))
	say("kept by clean", config.Texts(file.Clean.Keep))
	say("zero-fill", []string{file.Clean.ZeroFill})
	say("plugins", []string{file.Plugins.Text})
	return fmt.Sprintf("%s is valid. Waivers: %d, ended: %d.\n%s", file.Name, len(file.Waivers), ended, b.String())
}
