package clean

import (
	"context"
	"errors"
	"strings"

	"imgcheck/internal/host"
)

func zeroFill() *Step {
	return &Step{
		ID:    "zero-fill",
		Title: "Free space holds nothing of what was removed",
		Doc: "Overwrites the free space of every local, writable file system of the image with zeros, then tells the device which blocks are free. " +
			"What was removed before this run, by anybody, is in that space. The zeros are written by files without a name, which vanish however the run ends; " +
			"other programs find the disk full only for as long as the last of them take. What cannot be reached is said: a kind of file system that is not " +
			"known here, a device that takes no discards. Attached volumes and network shares are no part of the image and are left alone; " +
			"what a live file has reserved and never written is no free space. " +
			"--zero-fill trim only discards, --zero-fill off leaves free space as it is, which is the default with --root.",
		Script: "cleanup.sh writes /zerofile by dd until the disk is full and removes it unflushed: much of it never gets to the disk, " +
			"and of the secrets in free space nearly all can still be read. A run that is ended leaves the file, and a full disk.",
		Sources: []string{
			"https://github.com/digitalocean/marketplace-partners/issues/73",
			"https://github.com/activepieces/activepieces/issues/4215",
		},
		Stages:  []Stage{StageSeal},
		Default: true,
		Plan:    planZeroFill,
	}
}

func planZeroFill(ctx context.Context, s *Scope) ([]*Action, error) {
	p := newPlan(s)
	var op Op
	switch s.ZeroFill {
	case FillSpace:
		op = OpFill
	case TrimSpace:
		op = OpTrim
	case LeaveSpace:
		return p.end()
	default: // a disk is not to be filled because nobody said a word about it
		p.problem(errors.New("it was not said what to do about free space"))
		return p.end()
	}
	found, err := s.FileSystems(ctx)
	p.problem(err)
	for i, fs := range found {
		at := host.Place{Path: fs.Mount}
		if fs.Barred != "" {
			p.leave(at, "its free space is left as it is: %s", fs.Barred)
			continue
		}
		p.add(Action{Op: op, At: at, FileSystem: &found[i], Size: fs.Free})
	}
	return p.end()
}

// trim tells the device of a file system which blocks are free, and says what that
// does not reach.
func (c *Cleaner) trim(ctx context.Context, s *Scope, o *Outcome) (err error) {
	o.Bytes, err = s.Trim(ctx, *o.FileSystem)
	if err == nil {
		o.Note = "free pieces smaller than what the device discards at once stay as they are"
	}
	return err
}

// fill overwrites the free space of a file system, and says what it could not reach.
func (c *Cleaner) fill(ctx context.Context, s *Scope, o *Outcome) error {
	filled, err := s.Fill(ctx, *o.FileSystem, func(done, total int64) {
		s.report("overwriting the free space of "+o.FileSystem.Mount, done, total)
	})
	o.Bytes, o.Note = filled.Bytes, strings.Join(filled.Unreached, "; ")
	return err
}
