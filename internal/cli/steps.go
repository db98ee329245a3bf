package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"imgcheck/clean"
)

// The steps that have a flag, or a rule, of their own.
const (
	stepUpgrade       = "upgrade"
	stepSelf          = "self"
	stepUserPasswords = "user-passwords"
)

type stepFlags struct {
	only, skip, also []string
	// fileSkip and fileAlso are those of the config file, over which the flags win.
	fileSkip, fileAlso    []string
	noUpgrade, removeSelf bool
}

// leftOut is a step that does not run, and why.
type leftOut struct {
	step   *clean.Step
	reason string
}

// selectSteps returns the steps that run, in the order of the catalogue, and those that
// would have run but for a flag or for the kind of machine: they are reported, never
// forgotten. A step is left out where one flag asks for it and another against it.
func selectSteps(all []*clean.Step, f stepFlags, live bool) (run []*clean.Step, left []leftOut, err error) {
	for _, id := range slices.Concat(f.only, f.skip, f.also) {
		if !slices.ContainsFunc(all, func(s *clean.Step) bool { return s.ID == id }) {
			return nil, nil, hinted{fmt.Errorf("no cleaning step has the id %q", id), "Run 'imgcheck list steps' for the ids."}
		}
	}
	for _, s := range all {
		switch reason, asked := f.against(s, live), f.asks(s); {
		case asked && reason == "":
			run = append(run, s)
		case asked:
			left = append(left, leftOut{s, reason})
		case s.Default:
			left = append(left, leftOut{s, "not among --only"})
		}
	}
	if len(run) == 0 {
		return nil, nil, fmt.Errorf("--only, --skip, the config file and the kind of machine leave no step to run")
	}
	return run, left, nil
}

// asks reports whether the step runs unless something stands against it.
func (f stepFlags) asks(s *clean.Step) bool {
	switch {
	case slices.Contains(f.only, s.ID), slices.Contains(f.also, s.ID), s.ID == stepSelf && f.removeSelf:
		return true
	}
	return (s.Default || slices.Contains(f.fileAlso, s.ID)) && len(f.only) == 0
}

// against says why a step is left out, empty where nothing stands against it.
func (f stepFlags) against(s *clean.Step, live bool) string {
	switch {
	case slices.Contains(f.skip, s.ID):
		return "left out by --skip"
	case slices.Contains(f.fileSkip, s.ID) && !slices.Contains(f.only, s.ID) && !slices.Contains(f.also, s.ID):
		return "left out by the config file"
	case f.noUpgrade && s.ID == stepUpgrade:
		return "left out by --no-upgrade"
	case s.NeedsLive && !live:
		return "needs the running machine"
	}
	return ""
}

// choice is what the flags make of the catalogue.
type choice struct {
	steps []*clean.Step
	left  []leftOut
	fill  clean.ZeroFill
}

func (f cleanFlags) choose(all []*clean.Step) (c choice, err error) {
	live := f.root == ""
	if c.steps, c.left, err = selectSteps(all, f.stepFlags, live); err != nil {
		return c, err
	}
	if c.fill, err = parseZeroFill(cmp.Or(f.zeroFill, f.file.Clean.ZeroFill), live); err != nil {
		return c, err
	}
	return c, f.selfRefused(c.steps, live)
}

// selfRefused says why the program is not to be removed, nil where that is in order or
// not asked for.
func (f cleanFlags) selfRefused(steps []*clean.Step, live bool) error {
	switch {
	case f.removeSelf && !live:
		return errors.New("--remove-self is for the running machine: it does not go with --root")
	case len(f.outputs) > 0 && slices.ContainsFunc(steps, func(s *clean.Step) bool { return s.ID == stepSelf }):
		return hinted{
			errors.New("--remove-self does not go with --output: the report would be left in its place"),
			"Take the report from standard output: --format json.",
		}
	}
	return nil
}

// parseZeroFill returns what the flag asks for; a tree's free space is left unless it
// is asked for.
func parseZeroFill(flag string, live bool) (clean.ZeroFill, error) {
	switch flag {
	case "fill":
		return clean.FillSpace, nil
	case "trim":
		return clean.TrimSpace, nil
	case "off":
		return clean.LeaveSpace, nil
	case "":
		if live {
			return clean.FillSpace, nil
		}
		return clean.LeaveSpace, nil
	}
	return 0, fmt.Errorf("--zero-fill %q: use fill, trim or off", flag)
}
