package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"imgcheck/check"
	"imgcheck/clean"
	"imgcheck/report"
)

func newExplain(p *process) *cobra.Command {
	var plugins string
	c := &cobra.Command{
		Use:   "explain ID",
		Short: "Say what a check or a step does, why, and how to mend by hand",
		Long: `Say what a check looks at or a cleaning step does, why, what img_check.sh and
cleanup.sh do there, and how to mend it by hand.`,
		Example: "  imgcheck explain authorized-keys\n  imgcheck explain ssh-keys",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return hinted{fmt.Errorf("explain takes the id of one check or step"), seeLists}
		},
		ValidArgsFunction: first(func(c *cobra.Command) []string {
			words := append(p.checkWords(c), p.stepWords(c)...)
			slices.Sort(words) // a step that mends a check may have its name
			return slices.CompactFunc(words, sameID)
		}),
		RunE: func(c *cobra.Command, args []string) error {
			if err := errors.Join(notEmptyPlugins(c, plugins), p.addPlugins(plugins, "")); err != nil {
				return err
			}
			return p.explain(args[0])
		},
	}
	addPluginsFlag(c.Flags(), &plugins)
	completions{"plugins": folders}.on(c)
	return c
}

const seeLists = "Run 'imgcheck list' and 'imgcheck list steps' for the ids."

// explain explains the check of that id, the step, or both: what a check finds is
// often mended by a step of the same name.
func (p *process) explain(id string) error {
	checks, steps := p.checks(), p.steps()
	c := slices.IndexFunc(checks, func(c *check.Check) bool { return c.ID == id })
	s := slices.IndexFunc(steps, func(s *clean.Step) bool { return s.ID == id })
	if c < 0 && s < 0 {
		return hinted{fmt.Errorf("no check and no cleaning step has the id %q", id), seeLists}
	}
	if c >= 0 {
		if err := report.Explain(p.stdout, checks[c], terminalWidth(p.stdout)); err != nil {
			return err
		}
	}
	if c >= 0 && s >= 0 {
		fmt.Fprintln(p.stdout)
	}
	if s >= 0 {
		return report.ExplainStep(p.stdout, steps[s], checks, terminalWidth(p.stdout))
	}
	return nil
}
