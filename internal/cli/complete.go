package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"imgcheck/internal/host"
	"imgcheck/report"
)

// completions are the flags whose values a shell can complete, by their names.
type completions map[string]cobra.CompletionFunc

// on registers them with a command. Its arguments are no files.
func (all completions) on(c *cobra.Command) {
	for flag, complete := range all {
		// The one error there is says that a flag is none, or has a completion already.
		_ = c.RegisterFlagCompletionFunc(flag, complete)
	}
	if c.ValidArgsFunction == nil {
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
}

// ofReports completes the flags of every command that writes a report.
func ofReports() completions {
	return completions{
		"format": oneOf(report.Formats()...),
		"output": completeOutput,
		"color":  oneOf("auto", "always", "never"),
	}
}

// ofMachines completes the flags of every command that looks at a machine.
func (p *process) ofMachines(ids cobra.CompletionFunc) completions {
	all := ofReports()
	all["root"], all["plugins"], all["timeout"] = folders, folders, cobra.NoFileCompletions
	all["only"], all["skip"] = ids, ids
	return all
}

func oneOf(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

func folders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// oneFile completes the first argument of a command by files; it takes no other.
func oneFile(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// first completes the first argument of a command; it takes no other.
func first(words func(*cobra.Command) []string) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return words(c), cobra.ShellCompDirectiveNoFileComp
	}
}

// list completes the last part of a list by words that are not in it yet.
func list(words func(*cobra.Command) []string) cobra.CompletionFunc {
	return func(c *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, ",")+1]
		var left []string
		for _, word := range words(c) {
			id, _, _ := strings.Cut(word, "\t")
			if !slices.Contains(strings.Split(before, ","), id) {
				left = append(left, before+word)
			}
		}
		return left, cobra.ShellCompDirectiveNoFileComp
	}
}

// checkWords returns the ids of checks with their titles, those of the plugins that the
// command line names among them.
func (p *process) checkWords(c *cobra.Command) []string {
	if dir, err := c.Flags().GetString("plugins"); err == nil {
		if p.addPlugins(dir, "") != nil {
			return nil // the run will say why
		}
	}
	var ids []string
	for _, one := range p.checks() {
		ids = append(ids, one.ID+"\t"+one.Title)
	}
	return ids
}

// checkPatterns returns the ids of checks, and each category.
func (p *process) checkPatterns(c *cobra.Command) []string {
	words := p.checkWords(c)
	for _, one := range p.checks() {
		if whole := one.Category + "/*\tAll checks of " + one.Category; !slices.Contains(words, whole) {
			words = append(words, whole)
		}
	}
	return words
}

// sameID compares words by what they stand for, without descriptions.
func sameID(a, b string) bool {
	a, _, _ = strings.Cut(a, "\t")
	b, _, _ = strings.Cut(b, "\t")
	return a == b
}

func (p *process) stepWords(*cobra.Command) []string {
	var ids []string
	for _, s := range p.steps() {
		ids = append(ids, s.ID+"\t"+s.Title)
	}
	return ids
}

// completeOutput completes FORMAT=FILE, one after the other.
func completeOutput(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	format, name, found := strings.Cut(typed, "=")
	var words []string
	directive := cobra.ShellCompDirectiveNoFileComp
	if !found {
		for _, format := range report.Formats() {
			words = append(words, format+"=")
		}
		return words, directive | cobra.ShellCompDirectiveNoSpace
	}
	for _, name := range host.LocalNames(name) {
		words = append(words, format+"="+name)
		if strings.HasSuffix(name, "/") {
			directive |= cobra.ShellCompDirectiveNoSpace // more is to follow
		}
	}
	return words, directive
}
