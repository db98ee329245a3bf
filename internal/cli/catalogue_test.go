package cli

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"imgcheck/check"
	"imgcheck/clean"
)

// TestCuresExist: what a check names as its cure can be run.
func TestCuresExist(t *testing.T) {
	for _, c := range check.Catalogue() {
		for _, id := range c.FixedBy {
			assert.True(t, slices.ContainsFunc(clean.Catalogue(), func(s *clean.Step) bool { return s.ID == id }),
				"check %s is mended by %q, which is no step", c.ID, id)
		}
	}
}
