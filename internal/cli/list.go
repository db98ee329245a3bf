package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"imgcheck/distro"
	"imgcheck/report"
)

func newList(p *process) *cobra.Command {
	var format, plugins string
	c := &cobra.Command{
		Use:   "list [checks|steps|releases]",
		Short: "List the checks, the cleaning steps or the releases",
		Long: `List the checks, the cleaning steps, or the releases that the Marketplace takes.

The table fits its terminal, and 80 columns where there is none. JSON and
Markdown also say of a release where the end of its support is published.`,
		Example: `  imgcheck list
  imgcheck list steps
  imgcheck list releases --format markdown
  imgcheck list checks --format json | jq -r '.[].id'`,
		ValidArgsFunction: first(func(*cobra.Command) []string {
			return []string{"checks\tWhat is looked at", "steps\tWhat is cleaned", "releases\tWhat the Marketplace takes"}
		}),
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			what := "checks"
			if len(args) == 1 {
				what = args[0]
			}
			if what != "checks" && c.Flags().Changed("plugins") {
				return errors.New("--plugins goes with the list of checks: plugins are nothing else")
			}
			if err := errors.Join(notEmptyPlugins(c, plugins), p.addPlugins(plugins, "")); err != nil {
				return err
			}
			list, err := p.list(what)
			if err != nil {
				return hinted{err, fmt.Sprintf("Run '%s --help' for the lists.", c.CommandPath())}
			}
			err = list.Write(p.stdout, format, terminalWidth(p.stdout))
			switch {
			case errors.Is(err, report.ErrFormat):
				return fmt.Errorf("--format: %w", err)
			case err != nil:
				return fmt.Errorf("writing the list: %w", err)
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "table", "write it in this `FORMAT`: table, json or markdown")
	addPluginsFlag(c.Flags(), &plugins)
	completions{"format": oneOf("table", "json", "markdown"), "plugins": folders}.on(c)
	return c
}

func (p *process) list(what string) (report.List, error) {
	switch what {
	case "checks":
		return report.Checks(p.checks()), nil
	case "steps":
		return report.Steps(p.steps()), nil
	case "releases":
		return report.Releases(distro.Releases()), nil
	}
	return report.List{}, fmt.Errorf("no list of %q", what)
}
