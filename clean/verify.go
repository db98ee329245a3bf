package clean

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"imgcheck/internal/host"
)

// verify looks whether what was removed is gone, what was emptied is empty, and what
// was written stands there. On a running machine others may have written again
// since: that is said, and judged by the checks; in a tree nobody else writes.
func verify(s *Scope, outcomes []Outcome) error {
	var problems []error
	for rest := outcomes; len(rest) > 0; {
		some := rest[:min(batch, len(rest))]
		rest = rest[len(some):]
		problems = append(problems, verifySome(s, some)...)
	}
	return errors.Join(problems...)
}

func verifySome(s *Scope, outcomes []Outcome) (problems []error) {
	var due []*Outcome
	var places []host.Place
	for i := range outcomes {
		if o := &outcomes[i]; o.Status == Done && ofFile(o.Op) {
			due, places = append(due, o), append(places, o.At)
		}
	}
	seen, errs := s.Root.Look(places)
	for i, o := range due {
		again, err := there(s, o, seen[i], errs[i])
		switch {
		case err != nil:
			problems = append(problems, err)
		case again == "":
		case s.Live && o.Note == "":
			o.Note = again
		case s.Live:
			o.Note += "; " + again
		default:
			problems = append(problems, fmt.Errorf("%s: %s", o.At.Path, again))
		}
	}
	return problems
}

// there says what is still or again at the place of a change, nothing where it is as
// it should be.
func there(s *Scope, o *Outcome, seen host.Entry, err error) (string, error) {
	switch {
	case o.Op == OpWrite:
		return otherwise(s, o)
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("looking whether it is gone: %w", err)
	case o.Op != OpTruncate:
		return "there again", nil
	case seen.Info.Size() > 0:
		return fmt.Sprintf("%d bytes were written again", seen.Info.Size()), nil
	}
	return "", nil
}

// otherwise says whether a file holds something else than what was written.
func otherwise(s *Scope, o *Outcome) (string, error) {
	data, whole, err := s.Root.ReadHead(o.At.Path, int64(len(o.Data))+1)
	if err != nil {
		return "", fmt.Errorf("looking whether it was written: %w", err)
	}
	if !whole || !bytes.Equal(data, o.Data) {
		return "holds something else again", nil
	}
	return "", nil
}
