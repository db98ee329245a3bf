package manual

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (p *page) synopsis(c *cobra.Command) {
	for i, form := range forms(c) {
		if i > 0 {
			p.macro("br")
		}
		p.line(form)
	}
}

// forms returns the ways in which a command is called.
func forms(c *cobra.Command) []string {
	var all []string
	c.InitDefaultHelpFlag()
	if c.Runnable() {
		rest := strings.TrimPrefix(c.UseLine(), c.CommandPath())
		all = append(all, bold(c.CommandPath())+escaped(rest))
	}
	if c.HasAvailableSubCommands() {
		all = append(all, bold(c.CommandPath())+` \fICOMMAND\fR [flags]`)
	}
	return all
}

// commands names those that have pages of their own, and describes the others.
func (p *page) commands() {
	if !p.command.HasAvailableSubCommands() {
		return
	}
	p.macro("SH", "COMMANDS")
	for _, c := range p.others() {
		p.entry(bold(pageName(c))+"(1)", c.Short+".")
	}
	for _, c := range inPage(p.command, p.extras) {
		p.macro("SS", escaped(strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")))
		p.synopsis(c)
		p.macro("PP")
		text := parse(c)
		p.paragraphs(text.paragraphs)
		p.options("", c)
		if exits := text.lists["Exit codes:"]; len(exits) > 0 {
			p.macro("PP")
			p.line("Exit codes:")
			p.list("", exits)
		}
	}
}

// options lists the flags of a command, under a heading where there is one to be.
func (p *page) options(heading string, c *cobra.Command) {
	if heading != "" {
		p.macro("SH", heading)
	}
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" && heading == "" {
			return
		}
		value, about := pflag.UnquoteUsage(f)
		name := bold("--" + f.Name)
		if f.Shorthand != "" {
			name = bold("-"+f.Shorthand) + ", " + name
		}
		if value != "" {
			name += ` \fI` + escaped(value) + `\fR`
		}
		switch f.DefValue {
		case "", "false", "[]", "0", "0s":
		default:
			about += " (default " + f.DefValue + ")"
		}
		p.entry(name, about)
	})
}

// list writes entries, under a heading where there is one to be.
func (p *page) list(heading string, entries []Entry) {
	if len(entries) > 0 && heading != "" {
		p.macro("SH", heading)
	}
	for _, e := range entries {
		p.entry(bold(e.Name), e.Text)
	}
}

func (p *page) examples(c *cobra.Command) {
	var all []string
	for _, one := range append([]*cobra.Command{c}, inPage(c, p.extras)...) {
		all = append(all, strings.Split(one.Example, "\n")...)
	}
	p.macro("SH", "EXAMPLES")
	p.verbatim(all)
}

func (p *page) seeAlso() {
	var pages []string
	root := p.command.Root()
	for _, c := range append([]*cobra.Command{root}, withPages(root, p.extras)...) {
		if c != p.command {
			pages = append(pages, bold(pageName(c))+"(1)")
		}
	}
	for _, other := range p.extras.SeeAlso {
		pages = append(pages, escaped(other))
	}
	p.macro("SH", "SEE ALSO")
	p.line(strings.Join(pages, ",\n"))
}

// others are the commands of a program that have pages of their own.
func (p *page) others() []*cobra.Command {
	if p.command.HasParent() {
		return nil
	}
	return withPages(p.command, p.extras)
}

func (p *page) paragraphs(all []string) {
	for i, text := range all {
		if i > 0 {
			p.macro("PP")
		}
		p.line(escaped(text))
	}
}

// entry is a term and what is said of it.
func (p *page) entry(term, text string) {
	p.macro("TP")
	p.line(term)
	p.line(escaped(text))
}
