package clean

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
)

// verify looks whether what was removed is gone, what was emptied is empty, and what
// was written stands there. On a running machine others may have written again
// since: that is said, and judged by the checks; in a tree nobody else writes.
func verify(s *Scope, outcomes []Outcome) error {
	var problems []error
	for i := range outcomes {
		o := &outcomes[i]
		if o.Status != Done {
			continue
		}
		again, err := there(s, o)
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
	return errors.Join(problems...)
}

// there says what is still or again at the place of a change, nothing where it is as
// it should be.
func there(s *Scope, o *Outcome) (string, error) {
	switch o.Op {
	case OpTruncate, OpRemove, OpUnlink, OpRemoveFolder:
	case OpWrite:
		return otherwise(s, o)
	default:
		return "", nil
	}
	e, err := s.Root.Look(o.At)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("looking whether it is gone: %w", err)
	case o.Op != OpTruncate:
		return "there again", nil
	case e.Info.Size() > 0:
		return fmt.Sprintf("%d bytes were written again", e.Info.Size()), nil
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
