package distro

import (
	"context"
	"sync"
)

// memo asks once and remembers the answer, an error too: all who ask in one run
// shall hear the same.
type memo[T any] struct {
	ask  func(context.Context) (T, error)
	once sync.Once
	got  T
	err  error
}

func (m *memo[T]) get(ctx context.Context) (T, error) {
	m.once.Do(func() { m.got, m.err = m.ask(ctx) })
	return m.got, m.err
}
