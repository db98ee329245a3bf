package distro

import (
	"context"
	"errors"
	"sync"
)

// errCrashed says that the answer was never finished. It quotes nothing.
var errCrashed = errors.New("crashed on the way to the answer, please report this")

// memo asks once and remembers the answer, an error too: all who ask in one run
// shall hear the same.
type memo[T any] struct {
	ask  func(context.Context) (T, error)
	once sync.Once
	got  T
	err  error
}

func (m *memo[T]) get(ctx context.Context) (T, error) {
	m.once.Do(func() {
		m.err = errCrashed // stays where ask panics: nobody may take that for an empty answer
		m.got, m.err = m.ask(ctx)
	})
	return m.got, m.err
}
