package distro

import (
	"context"
	"time"
)

// Await is something that a machine has to be waited for.
type Await struct {
	// What names it for a reader ("cloud-init").
	What string
	// Limit is how long it is waited for at most.
	Limit time.Duration
	wait  func(context.Context) (note string, err error)
}

// For waits until it is so, or says why it is not. The note says what is worth
// knowing of it, if anything.
func (a *Await) For(ctx context.Context) (note string, err error) {
	bounded, done := context.WithTimeout(ctx, a.Limit)
	defer done()
	return a.wait(bounded)
}

// AwaitLocks is the wait until no other process holds a package lock; nil where the
// machine has no package manager that is known here. ErrLocked names who holds one.
func (m *Machine) AwaitLocks() *Await {
	if m.Family == FamilyUnknown {
		return nil
	}
	return &Await{
		What:  "the package locks",
		Limit: m.settings.longestLockWait(),
		wait: func(ctx context.Context) (string, error) {
			return "", m.lockRemedy(m.settings.awaitUnlocked(ctx, m.heldLock))
		},
	}
}
