package clean

import (
	"context"
	"errors"
	"io/fs"

	"imgcheck/internal/host"
)

func self() *Step {
	return &Step{
		ID:    "self",
		Title: "The program itself is gone",
		Doc: "Removes imgcheck as the last thing of all, for an image that is to hold nothing of how it was made. " +
			"It runs where --remove-self asks for it, and not beside --output, as a report would be left in its place.",
		Script:    "cleanup.sh removes itself where it lies in /tmp, and img_check.sh with it.",
		Sources:   []string{"https://github.com/digitalocean/marketplace-partners#readme"},
		Stages:    []Stage{StageSeal},
		NeedsLive: true,
		Plan: func(_ context.Context, s *Scope) ([]*Action, error) {
			if s.Program == "" {
				return nil, errors.New("where the program lies is not known")
			}
			if _, err := s.Root.Lstat(s.Program); errors.Is(err, fs.ErrNotExist) {
				return nil, nil
			}
			// It runs, and what runs cannot be overwritten. Nothing in it is secret.
			return []*Action{{Op: OpUnlink, At: host.At(s.Program), Note: "the program itself"}}, nil
		},
	}
}
