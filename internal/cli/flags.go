package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"imgcheck/internal/config"
	"imgcheck/report"
)

// commonFlags are the flags of every command that looks at a machine.
type commonFlags struct {
	root      string
	config    string
	plugins   string
	format    string
	outputs   []string
	noRefresh bool
	timeout   time.Duration
	verbose   bool
	color     string
	// file is what the config file says; configure reads it.
	file *config.File
}

func (f *commonFlags) addFirst(flags *pflag.FlagSet, verb string) {
	flags.SortFlags = false
	flags.StringVar(&f.root, "root", "", verb+" the root file system in `DIR` instead of this machine")
	flags.StringVar(&f.format, "format", "text", "the `FORMAT` of the report: "+formatNames())
	flags.StringArrayVar(&f.outputs, "output", nil, "also write the report to a file, as `FORMAT=FILE` (repeatable)")
}

func (f *commonFlags) addLast(flags *pflag.FlagSet) {
	flags.StringVar(&f.config, "config", "", "take waivers, limits and choices from `FILE`; flags win over it (see docs/config.md)")
	addPluginsFlag(flags, &f.plugins)
	flags.BoolVar(&f.noRefresh, "no-refresh", false, "do not refresh the package index first")
	flags.DurationVar(&f.timeout, "timeout", 5*time.Minute, "longest `TIME` for one check")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show every finding, notes and what is skipped")
	flags.StringVar(&f.color, "color", "auto", "colour the text, `WHEN`: auto, always or never")
}

// style returns how a report for people looks, and refuses what no run can use.
func (f *commonFlags) style(c *cobra.Command, p *process) (report.Style, error) {
	if c.Flags().Changed("root") && f.root == "" {
		// An unset variable in a script must not name the wrong machine.
		return report.Style{}, errors.New("--root is empty: give it a folder, or leave it out to examine this machine")
	}
	if c.Flags().Changed("config") && f.config == "" {
		return report.Style{}, errors.New("--config is empty: give it a file, or leave it out")
	}
	if err := notEmptyPlugins(c, f.plugins); err != nil {
		return report.Style{}, err
	}
	if f.timeout <= 0 {
		return report.Style{}, fmt.Errorf("--timeout %s: must be more than 0", f.timeout)
	}
	return p.style(f.color, f.verbose)
}
