package cli

import (
	"fmt"
	"strings"

	"imgcheck/check"
)

// selectChecks returns the whole catalogue and, by id, why some of it is left out:
// a check that was not asked for is reported as skipped, never forgotten.
func selectChecks(all []*check.Check, only, skip []string) ([]*check.Check, map[string]error, error) {
	for _, patterns := range [][]string{only, skip} {
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
	for _, c := range all {
		switch {
		case len(only) > 0 && !matchesAny(c, only):
			left[c.ID] = check.NotApplicable("not among --only")
		case matchesAny(c, skip):
			left[c.ID] = check.NotApplicable("left out by --skip")
		}
	}
	if len(left) == len(all) {
		return nil, nil, fmt.Errorf("--only and --skip leave no check to run")
	}
	return all, left, nil
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
