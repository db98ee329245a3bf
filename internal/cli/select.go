package cli

import (
	"fmt"
	"strings"

	"imgcheck/check"
)

// chosen are the checks that are asked for, by id or category/*: those that --only and
// --skip name, and those that the config file skips.
type chosen struct{ only, skip, fileSkip []string }

// selectChecks returns the whole catalogue and, by id, why some of it is left out:
// a check that was not asked for is reported as skipped, never forgotten. A flag wins
// over the file.
func selectChecks(all []*check.Check, c chosen) ([]*check.Check, map[string]error, error) {
	for _, patterns := range [][]string{c.only, c.skip} {
		for _, pattern := range patterns {
			if !anyMatches(all, pattern) {
				return nil, nil, hinted{
					fmt.Errorf("no check has the id %q", pattern),
					"Run 'imgcheck list' for the ids; a whole category is CATEGORY/*.",
				}
			}
		}
	}
	left := map[string]error{}
	for _, one := range all {
		if reason := c.against(one); reason != "" {
			left[one.ID] = check.NotApplicable("%s", reason)
		}
	}
	if len(left) == len(all) {
		file := ""
		if len(c.fileSkip) > 0 {
			file = ", and the config file,"
		}
		return nil, nil, fmt.Errorf("--only and --skip%s leave no check to run", file)
	}
	return all, left, nil
}

// against says why a check is left out, empty where it is not. mp-submit goes by these
// words.
func (c chosen) against(one *check.Check) string {
	switch {
	case len(c.only) > 0 && !matchesAny(one, c.only):
		return "not among --only"
	case matchesAny(one, c.skip):
		return "left out by --skip"
	case len(c.only) == 0 && matchesAny(one, c.fileSkip):
		return "left out by the config file"
	}
	return ""
}

func anyMatches(all []*check.Check, pattern string) bool {
	for _, c := range all {
		if matches(c, pattern) {
			return true
		}
	}
	return false
}

func matchesAny(c *check.Check, patterns []string) bool {
	for _, p := range patterns {
		if matches(c, p) {
			return true
		}
	}
	return false
}

func matches(c *check.Check, pattern string) bool {
	category, whole := strings.CutSuffix(pattern, "/*")
	return whole && c.Category == category || c.ID == pattern
}
