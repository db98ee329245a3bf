// Package manual is how a program explains itself: its help, and its manual pages. Both
// are made of the tree of its commands, so that neither knows what the other does not.
package manual

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// width is that of help in columns, on every terminal and where there is none.
const width = 80

// usage writes the usage of a command. It is what cobra writes, in lines that fit.
func usage(c *cobra.Command) error {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if c.Runnable() {
		b.WriteString("  " + c.UseLine() + "\n")
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("  " + c.CommandPath() + " [command]\n")
	}
	if c.HasExample() {
		b.WriteString("\nExamples:\n" + c.Example + "\n")
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	if c.HasAvailableLocalFlags() {
		b.WriteString("\nFlags:\n" + c.LocalFlags().FlagUsagesWrapped(width))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nRun '%s [command] --help' for more about a command.\n", c.CommandPath())
	}
	_, err := fmt.Fprint(c.OutOrStderr(), b.String())
	return err
}

// Commands returns the command and all that are below it, help among them.
func Commands(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			all = append(all, Commands(sub)...)
		}
	}
	return all
}

// Help makes the help of a program fit 80 columns, and gives the commands that cobra
// makes of itself the help that the others have. All others must have been added, and
// the outputs been set.
func Help(root *cobra.Command) {
	root.SetUsageFunc(usage)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	name := root.Name()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Long, c.Example = "Show the help of a command.", "  "+name+" help "+root.Commands()[0].Name()
		case "completion":
			c.Short = "Write what a shell completes the command line with"
			c.Long = c.Short + "."
			c.Example = "  " + name + " completion bash"
			for _, shell := range c.Commands() {
				describeShell(shell, name)
			}
		}
	}
}

// describeShell says how the completion of one shell is put into use.
func describeShell(c *cobra.Command, program string) {
	to := map[string]string{
		"bash":       ">/etc/bash_completion.d/PROGRAM",
		"zsh":        ">/usr/local/share/zsh/site-functions/_PROGRAM",
		"fish":       ">~/.config/fish/completions/PROGRAM.fish",
		"powershell": "| Out-String | Invoke-Expression",
	}[c.Name()]
	c.Short = "Write the completion of " + c.Name()
	c.Long = c.Short + ".\n\nWhere it is put as below, every new shell has it."
	switch c.Name() {
	case "powershell":
		c.Long = c.Short + ".\n\nPut the line below into your profile."
	case "bash":
		c.RunE = func(c *cobra.Command, _ []string) error {
			none, err := c.Flags().GetBool("no-descriptions")
			if err != nil {
				return err
			}
			return writeBash(c.Root(), c.OutOrStdout(), !none)
		}
		c.Long += " Bash\nneeds the package bash-completion."
	case "zsh":
		c.Long += " Zsh\nneeds \"autoload -U compinit; compinit\" in ~/.zshrc."
	}
	c.Example = "  " + program + " completion " + c.Name() + " " + strings.ReplaceAll(to, "PROGRAM", program)
}
