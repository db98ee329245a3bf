package clean

import (
	"context"
	"errors"
	"fmt"

	"imgcheck/internal/host"
)

// stop stops a unit, and notes that first: a run that ends early owes the machine
// its start. A unit that another process has taken away meanwhile needs nothing.
func (c *Cleaner) stop(ctx context.Context, s *Scope, unit string) error {
	if err := c.recovery.Owe(host.Debt{Kind: host.DebtUnit, What: unit}); err != nil {
		return err
	}
	if err := s.Units.Stop(ctx, unit); !errors.Is(err, host.ErrNoUnit) {
		return err
	}
	return nil
}

// wait waits for something, and keeps what is worth knowing of it.
func (c *Cleaner) wait(ctx context.Context, o *Outcome) error {
	note, err := o.Await.For(ctx)
	if note != "" {
		o.Note = note
	}
	return err
}

// run makes a call, and notes first what has to be undone if the run ends early.
func (c *Cleaner) run(ctx context.Context, s *Scope, o *Outcome) error {
	if o.Call.Owes != "" {
		if err := c.recovery.Owe(host.Debt{Kind: o.Call.Owes}); err != nil {
			return err
		}
	}
	said, err := s.Make(ctx, o.Call)
	if said != "" {
		o.Note = said
	}
	return err
}

// PutBack undoes what the run, or one before it that was killed, has held up: units
// run again, journald writes to the disk again.
// It goes on where one of them does not work.
func PutBack(ctx context.Context, s *Scope, recovery *host.Recovery) error {
	var problems []error
	for _, debt := range recovery.Debts() {
		if err := putBack(ctx, s, debt); err != nil {
			problems = append(problems, fmt.Errorf("putting back %s: %w", debt, err))
			continue
		}
		problems = append(problems, recovery.Settle(debt))
	}
	return errors.Join(problems...)
}

func putBack(ctx context.Context, s *Scope, debt host.Debt) error {
	switch debt.Kind {
	case host.DebtUnit:
		if err := s.Units.Start(ctx, debt.What); !errors.Is(err, host.ErrNoUnit) {
			return err
		}
		return nil // its package was removed since
	case host.DebtJournal:
		return s.Do(ctx, s.JournalToDisk())
	}
	return fmt.Errorf("there is no such debt")
}
