// Package clean is the catalogue of cleaning steps: what is taken out of a machine
// before it becomes an image, one step a file.
//
// A step looks at a machine and returns a plan, a list of actions that are data. It
// changes nothing itself; one switch over the operations (apply.go) does, each
// change through the door of host.Root. So a dry run prints exactly what a real run
// does, and nothing can be deleted that was not planned. What a step takes out it
// looks for again afterwards.
//
// It promises three things. Nothing secret that a step removes is left on the disk:
// contents are overwritten and flushed before a file is cut or loses its name. What
// belongs to the vendor stays: what is in the way of a plan is never followed, and
// what is not of the kind that was planned is left and reported. And a run that
// fails or is interrupted puts back what it held up: units it stopped run again, and
// nothing of ours is left behind.
//
// To add a step: write its file, add its line to Catalogue, and its rows to its test.
package clean

import (
	"context"
	"fmt"

	"imgcheck/distro"
)

// Stage is a part of a run. Stages run in their order, the steps of one stage in the
// order of the catalogue; a step is planned when its stage begins, as an upgrade
// writes logs that an earlier plan would miss.
type Stage int

// The stages. The checks run between StageIdentity and StageSeal.
const (
	// StageWait waits for what is still at work on a young droplet.
	StageWait Stage = iota + 1
	// StageRoom frees space, so that the package manager has room to work in.
	StageRoom
	// StageUpdate brings the packages up to date.
	StageUpdate
	// StagePurge takes packages out.
	StagePurge
	// StageQuiet stops what would write behind us.
	StageQuiet
	// StageSecrets removes keys and what was typed.
	StageSecrets
	// StageLeftovers removes what the build left lying about.
	StageLeftovers
	// StageLogs empties the logs, which everything before it may write to.
	StageLogs
	// StageIdentity removes what makes this machine itself.
	StageIdentity
	// StageSeal is the point of no return: nobody can log in any more.
	StageSeal
)

// Scope is the machine that is cleaned and what the caller wants of it.
type Scope struct {
	*distro.Machine
	// Own are the paths inside the root that this run itself needs: its program and
	// the reports it writes.
	Own []string
	// Program is the path of the program inside the root, empty where it lies outside.
	Program string
	// Keep are globs of paths that stay whatever a step says; "**" crosses slashes.
	Keep []string
	// Refresh: the upgrade refreshes the package index first.
	Refresh bool
	// ZeroFill is what is done about free space.
	ZeroFill ZeroFill
	// Progress hears how far a long action is, in bytes; it may be nil.
	Progress func(what string, done, total int64)
}

func (s *Scope) report(what string, done, total int64) {
	if s.Progress != nil {
		s.Progress(what, done, total)
	}
}

// ZeroFill is what is done about free space at the end. The zero value is none of
// them.
type ZeroFill int

// The ways. Fill overwrites all free space and then discards it; Trim only discards.
const (
	FillSpace ZeroFill = iota + 1
	TrimSpace
	LeaveSpace
)

// Step is one kind of thing to take out, and its documentation.
type Step struct {
	// ID is the kebab-case name that users write; it never changes.
	ID string
	// Title says what is so when the step has run ("No key opens an account").
	Title string
	// Doc says what is removed, why, and what is not.
	Doc string
	// Script says what cleanup.sh does here and where we differ on purpose; empty
	// where it does nothing.
	Script string
	// Sources are the policy pages and threads behind the step.
	Sources []string
	// Stages are the stages it runs in; one, as a rule.
	Stages []Stage
	// Default: it runs unless it is left out; the others run where they are asked for.
	Default bool
	// NeedsLive: it works on the running machine only.
	NeedsLive bool
	// Plan looks at the machine and returns what is to be done, in order. What could
	// be planned is returned beside an error.
	Plan func(context.Context, *Scope) ([]*Action, error)
}

// In reports whether the step runs in that stage.
func (s *Step) In(stage Stage) bool {
	for _, in := range s.Stages {
		if in == stage {
			return true
		}
	}
	return false
}

// String names the stage for a reader.
func (s Stage) String() string {
	switch s {
	case StageWait:
		return "wait"
	case StageRoom:
		return "room"
	case StageUpdate:
		return "update"
	case StagePurge:
		return "purge"
	case StageQuiet:
		return "quiet"
	case StageSecrets:
		return "secrets"
	case StageLeftovers:
		return "leftovers"
	case StageLogs:
		return "logs"
	case StageIdentity:
		return "identity"
	case StageSeal:
		return "seal"
	}
	return fmt.Sprintf("Stage(%d)", int(s))
}
