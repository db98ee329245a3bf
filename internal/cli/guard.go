package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"imgcheck/clean"
	"imgcheck/distro"
	"imgcheck/report"
)

// maker is what the DMI table of a droplet says.
const maker = "DigitalOcean"

// guard keeps a run from changing a machine that nobody meant to change.
type guard struct {
	p *process
	// force: the machine need not be a droplet. consent: nobody is asked.
	force, consent bool
	// verb is what is asked for.
	verb string
}

// refusals returns the reasons for which nothing may be changed, each with its remedy.
func (g guard) refusals(ctx context.Context, m *distro.Machine) []hinted {
	var reasons []hinted
	if m.Live && !g.force {
		if reason := foreign(ctx, m); reason != "" {
			reasons = append(reasons, hinted{
				errors.New(reason),
				"It would lose its keys, logs and identity: an end user once ran the script that this replaces\n" +
					"on a live server. Give --force if this is a build machine all the same.",
			})
		}
	}
	if readOnly, err := m.Root.ReadOnly(); err != nil || readOnly {
		if err == nil {
			err = errors.New("the root file system is read-only")
		}
		reasons = append(reasons, hinted{err, "Make it writable first: mount -o remount,rw " + m.Root.Dir()})
	}
	if m.Live && !g.consent && !g.p.asksOnTerminal() {
		reasons = append(reasons, hinted{
			errors.New("there is no terminal to confirm on"),
			"Give --yes to " + g.verb + " without a question. 'imgcheck clean --dry-run' shows what would be done.",
		})
	}
	return reasons
}

// foreign says why the machine is not known to be a droplet, empty where it is one.
func foreign(ctx context.Context, m *distro.Machine) string {
	vendor, err := m.Facts.Vendor(ctx)
	switch {
	case err != nil:
		return fmt.Sprintf("whether this is a DigitalOcean droplet is not known: %v", err)
	case vendor == maker:
		return ""
	case vendor == "":
		return "this is no DigitalOcean droplet: its firmware names no maker"
	}
	return fmt.Sprintf("this is no DigitalOcean droplet: its maker is %q", report.Display(vendor))
}

// refuse returns the first reason, or nil.
func (g guard) refuse(ctx context.Context, m *distro.Machine) error {
	for _, reason := range g.refusals(ctx, m) {
		return hinted{fmt.Errorf("refused: %w", reason.error), reason.hint}
	}
	return nil
}

// asksOnTerminal reports whether somebody sits before this run who can be asked.
func (p *process) asksOnTerminal() bool {
	file, ok := p.stdin.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// confirm shows what will be done and takes "yes" for an answer, and nothing else.
func (c *cleaning) confirm(ctx context.Context, m *distro.Machine, g guard) error {
	if !m.Live || g.consent {
		return nil
	}
	ask := c.question(ctx, m)
	c.wait.clear()
	fmt.Fprint(c.p.stderr, ask)
	answer := make(chan string, 1)
	go func() { // cannot be called off: whoever waits for it may leave
		line, _ := bufio.NewReader(io.LimitReader(c.p.stdin, 100)).ReadString('\n') // no answer is no "yes"
		answer <- strings.TrimRight(line, "\r\n")
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(c.p.stderr)
		return context.Cause(ctx)
	case said := <-answer:
		if said != "yes" {
			return errors.New("not confirmed: nothing was changed")
		}
	}
	return nil
}

// question is what is asked before a running machine is changed.
func (c *cleaning) question(ctx context.Context, m *distro.Machine) string {
	var b strings.Builder
	fmt.Fprintf(&b, "This takes out of %s (%s) what must not be in an image.\n", report.Display(m.Hostname()), systemName(m))
	homes, err := m.Homes(ctx)
	keys, keysErr := m.AuthorizedKeyCount(ctx)
	if err = errors.Join(err, keysErr); err != nil {
		fmt.Fprintf(&b, "Not everything could be counted: %s\n", report.Display(err.Error()))
	}
	fmt.Fprintf(&b, "Homes of accounts: %d. SSH keys that open them now: %d.\n\n", len(homes), keys)
	b.WriteString(c.inShort(ctx))
	b.WriteString("\nYou will not be able to log in again: stay in this session until it is done, then\n" +
		"power off and take the snapshot.\n\nType yes to go on: ")
	return b.String()
}

func systemName(m *distro.Machine) string {
	name := strings.TrimSpace(m.OS.Name + " " + m.OS.Version)
	if name == "" {
		name = "of an unknown distribution"
	}
	return report.Display(name)
}

// inShort is a line for each step that finds something to do now.
func (c *cleaning) inShort(ctx context.Context) string {
	var b strings.Builder
	plan := report.Cleaning{DryRun: true}
	for result := range clean.New(c.look, c.steps, c.recovery).Plan(ctx) {
		s := plan.AddStep(result)
		switch {
		case s.Error != "":
			fmt.Fprintf(&b, "  %-15s %s\n", s.ID, "could not be planned: "+strings.ReplaceAll(s.Error, "\n", "; "))
		case len(s.Actions) > 0:
			fmt.Fprintf(&b, "  %-15s %s\n", s.ID, s.Summary)
		}
	}
	if b.Len() == 0 {
		return "  Nothing to clean is found now.\n"
	}
	return b.String()
}
