package clean

import (
	"context"

	"imgcheck/distro"
)

func fileIndex() *Step {
	return &Step{
		ID:    "file-index",
		Title: "No index remembers the names of files",
		Doc: "Removes the databases of plocate, mlocate and locate. They list every name that was on the build droplet, of what this program has removed too; " +
			"a daily job makes them anew.",
		Script:  "cleanup.sh does nothing here.",
		Sources: []string{"https://github.com/vultr/vultr-marketplace"},
		Stages:  []Stage{StageLeftovers},
		Default: true,
		Plan: func(_ context.Context, s *Scope) ([]*Action, error) {
			p := newPlan(s)
			p.each(OpRemove, distro.FileIndexes()...)
			return p.end()
		},
	}
}
