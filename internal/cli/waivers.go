package cli

import (
	"fmt"
	"slices"
	"strings"

	"imgcheck/check"
	"imgcheck/clean"
)

// sayIdle says which waivers of a check match nothing that it found, where it could look.
func (p *process) sayIdle(todo validation, r check.Result) {
	if r.Err != nil || todo.file == nil {
		return
	}
	for _, w := range todo.file.Waivers {
		used := false
		for i := range r.Findings {
			by := r.Findings[i].Waiver
			used = used || by != nil && by.Path == w.Path
		}
		if w.Check.Text == r.Check.ID && !used {
			p.say(fmt.Sprintf("%s:%d: the waiver of %s accepts nothing: take it out, or look at its path", todo.file.Name, w.Line, w.Check.Text))
		}
	}
}

// accepted are the places that a step leaves, as a waiver accepts what is there, even one
// whose last day is over: what ships on purpose is not destroyed by the calendar.
func (c *cleaning) accepted(s *clean.Step) []string {
	var globs []string
	for _, w := range c.file.Waivers {
		if w.Path != "" && c.mends(s, w.Check.Text) {
			globs = append(globs, w.Path)
		}
	}
	return globs
}

func (c *cleaning) mends(s *clean.Step, id string) bool {
	return slices.ContainsFunc(c.checks, func(one *check.Check) bool { return one.ID == id && slices.Contains(one.FixedBy, s.ID) })
}

// sayUnkept says where a cleaning takes out what a waiver accepts: without a path it names
// no place to leave.
func (c *cleaning) sayUnkept() {
	for _, w := range c.file.Waivers {
		var by []string
		for _, s := range c.steps {
			if w.Path == "" && c.mends(s, w.Check.Text) {
				by = append(by, s.ID)
			}
		}
		if len(by) > 0 {
			c.p.say(fmt.Sprintf("%s:%d: the waiver of %s has no path, so that its finds are cleaned all the same, by %s",
				c.file.Name, w.Line, w.Check.Text, strings.Join(by, ", ")))
		}
	}
}
