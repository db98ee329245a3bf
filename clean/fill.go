package clean

import (
	"context"
	"strings"
)

// fill overwrites the free space of a file system, and says what it could not reach.
func (c *Cleaner) fill(ctx context.Context, s *Scope, o *Outcome) error {
	filled, err := s.Fill(ctx, *o.FileSystem, c.recovery, func(done, total int64) {
		s.report("overwriting the free space of "+o.FileSystem.Mount, done, total)
	})
	o.Bytes, o.Note = filled.Bytes, strings.Join(filled.Unreached, "; ")
	return err
}

// trim tells the device of a file system which blocks are free.
func (c *Cleaner) trim(ctx context.Context, s *Scope, o *Outcome) (err error) {
	o.Bytes, err = s.Trim(ctx, *o.FileSystem)
	return err
}
