package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"imgcheck/check"
	"imgcheck/report"
)

func newExplain(p *process) *cobra.Command {
	return &cobra.Command{
		Use:     "explain ID",
		Short:   "Say what a check looks at, why, and how to mend what it finds",
		Example: "  imgcheck explain authorized-keys",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return hinted{fmt.Errorf("explain takes the id of one check"), "Run 'imgcheck list' for the ids."}
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, c := range check.Catalogue() {
				ids = append(ids, c.ID+"\t"+c.Title)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			all := check.Catalogue()
			i := slices.IndexFunc(all, func(c *check.Check) bool { return c.ID == args[0] })
			if i < 0 {
				return hinted{fmt.Errorf("no check has the id %q", args[0]), "Run 'imgcheck list' for the ids."}
			}
			return report.Explain(p.stdout, all[i])
		},
	}
}
