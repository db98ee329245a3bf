package manual

import (
	"strings"

	"github.com/spf13/cobra"
)

// date is what the pages bear: that of the build would make every build another one.
const date = "2026-12-01"

// Entry is one of a list: a file, a variable or an exit code, and what is to be said of it.
type Entry struct{ Name, Text string }

// Extras are what the pages of a program say beside its help.
type Extras struct {
	// Exits are for commands whose help names no exit codes.
	Exits              []Entry
	Environment, Files []Entry
	// OnePage: the commands of the program have no pages of their own.
	OnePage bool
	// SeeAlso are pages of others and addresses.
	SeeAlso []string
}

// Pages returns the manual pages of a program by their file names: one for the program
// and one for each of its commands, with the commands of that one in it.
func Pages(root *cobra.Command, extras Extras) map[string]string {
	pages := map[string]string{}
	for _, c := range append([]*cobra.Command{root}, withPages(root, extras)...) {
		p := page{command: c, extras: extras}
		p.write()
		pages[pageName(c)+".1"] = p.String()
	}
	return pages
}

// withPages returns the commands that have pages of their own.
func withPages(root *cobra.Command, extras Extras) []*cobra.Command {
	if extras.OnePage {
		return nil
	}
	return shown(root)
}

// inPage returns the commands that are described in the page of another.
func inPage(c *cobra.Command, extras Extras) []*cobra.Command {
	if !c.HasParent() && !extras.OnePage {
		return nil
	}
	var all []*cobra.Command
	for _, sub := range shown(c) {
		all = append(append(all, sub), inPage(sub, extras)...)
	}
	return all
}

// shown returns the commands of c that have something to say.
func shown(c *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			all = append(all, sub)
		}
	}
	return all
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// page is a manual page that is being written.
type page struct {
	roff
	command *cobra.Command
	extras  Extras
}

func (p *page) write() {
	c, root := p.command, p.command.Root()
	text := parse(c)
	p.macro("TH", strings.ToUpper(pageName(c)), "1", date, root.Name(), "User Commands")
	p.line(".nh\n.ad l") // what is to be copied is not hyphenated
	p.macro("SH", "NAME")
	p.line(escaped(pageName(c)) + ` \- ` + escaped(strings.ToLower(c.Short[:1])+c.Short[1:]))
	p.macro("SH", "SYNOPSIS")
	p.synopsis(c)
	p.macro("SH", "DESCRIPTION")
	p.paragraphs(text.paragraphs)
	p.commands()
	p.options("OPTIONS", c)
	exits := text.lists["Exit codes:"]
	if len(exits) == 0 {
		exits = p.extras.Exits
	}
	p.list("EXIT STATUS", exits)
	p.list("ENVIRONMENT", append(text.lists["Environment:"], p.extras.Environment...))
	p.list("FILES", append(text.lists["Files:"], p.extras.Files...))
	p.examples(c)
	p.seeAlso()
}
