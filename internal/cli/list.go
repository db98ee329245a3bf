package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"imgcheck/distro"
	"imgcheck/report"
)

func newList(p *process) *cobra.Command {
	var format, plugins string
	c := &cobra.Command{
		Use:       "list [checks|steps|releases]",
		Short:     "List the checks, the cleaning steps, or the releases that the Marketplace takes",
		Example:   "  imgcheck list\n  imgcheck list steps\n  imgcheck list releases --format markdown",
		ValidArgs: []string{"checks", "steps", "releases"},
		Args:      cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			what := "checks"
			if len(args) == 1 {
				what = args[0]
			}
			switch what {
			case "checks":
				if err := p.addPlugins(plugins, ""); err != nil {
					return err
				}
				return listed(report.Checks(p.checks()).Write(p.stdout, format))
			case "steps":
				return listed(report.Steps(p.steps()).Write(p.stdout, format))
			case "releases":
				return listed(report.Releases(distro.Releases()).Write(p.stdout, format))
			}
			return hinted{fmt.Errorf("no list of %q", what), fmt.Sprintf("Run '%s --help' for the lists.", c.CommandPath())}
		},
	}
	c.Flags().StringVar(&format, "format", "table", "write it as table, json or markdown")
	addPluginsFlag(c.Flags(), &plugins)
	return c
}

func listed(err error) error {
	if err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	return nil
}
