package report

import (
	"fmt"
	"strings"

	"imgcheck/check"
	"imgcheck/clean"
)

// closing returns what is said after the verdict of a run that changes a machine, or
// would: what it came to, and what is to be done now, in lines of so many columns.
func closing(r *Report, width int) []string {
	c := r.Cleaning
	if c.DryRun {
		return refusals(c, width)
	}
	var lines []string
	say := func(format string, args ...any) {
		lines = append(lines, layout(fmt.Sprintf(format, args...), width, 0, 0))
	}
	if sum := strings.Join(told(c.counts(), false), ", "); sum != "" {
		say("In all: %s; %s freed.", sum, check.BinarySize(c.FreedBytes))
	}
	if free := c.FreeBytes; free.Before != nil && free.After != nil {
		say("Free on the root file system: %s before, %s now.", check.BinarySize(*free.Before), check.BinarySize(*free.After))
	}
	for _, a := range c.Actions {
		if a.Op == clean.OpFill.String() && a.Status == clean.Done.String() {
			say("Overwritten on %s: %s of free space.%s", a.Path, check.BinarySize(a.Bytes), unreached(a))
		}
	}
	if len(c.PutBack) > 0 {
		say("Put back: %s.", strings.Join(c.PutBack, ", "))
	}
	if len(c.Owed) > 0 {
		say("Not put back: %s. The next run tries again.", strings.Join(c.Owed, "; "))
	}
	if len(c.Offered) > 0 {
		say("More can be mended by steps that run only where they are asked for:")
		lines = append(lines, "  imgcheck clean --only "+strings.Join(c.Offered, ","))
	}
	if next := r.next(); next != "" {
		say("%s", next)
	}
	return lines
}

func unreached(fill Action) string {
	if fill.Note == "" {
		return ""
	}
	return " Not reached: " + strings.TrimSuffix(fill.Note, ".") + "."
}

// next is what is to be done now, empty where nothing is.
func (r *Report) next() string {
	switch {
	case r.Command != "clean":
		return ""
	case r.ExitCode != ExitPublishable && r.seals():
		return "Sealing has begun: a new login may not be possible. Stay logged in, mend what is named above, and run it again."
	case r.ExitCode != ExitPublishable:
		return "Not sealed. Mend what is named above and run it again, which is safe."
	case r.Mode == "live":
		return "Power off now and take the snapshot (shutdown -h now, or DigitalOcean's power off); do not reboot, do not log in again."
	}
	return "Unmount the tree and take the image; do not boot it before."
}

func refusals(c *Cleaning, width int) []string {
	var lines []string
	for _, reason := range c.Refusals {
		lines = append(lines, layout("A real run would be refused: "+reason, width, 0, 0))
	}
	return lines
}

// seals reports whether the last stage has changed anything.
func (c *Cleaning) seals() bool {
	for _, a := range c.Actions {
		if a.Stage == clean.StageSeal.String() && a.Status == clean.Done.String() {
			return true
		}
	}
	return false
}

// counts counts the changes that were made.
func (c *Cleaning) counts() map[clean.Op]int {
	counts := map[clean.Op]int{}
	for _, a := range c.Actions {
		if a.Status != clean.Done.String() {
			continue
		}
		for _, w := range words() {
			if w.op.String() == a.Op {
				counts[w.op]++
			}
		}
	}
	return counts
}
