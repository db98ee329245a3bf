package distro

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMemoOfACrash: whoever asks after a crash must not take it for an empty answer.
func TestMemoOfACrash(t *testing.T) {
	t.Parallel()
	var none []int
	m := memo[[]int]{ask: func(context.Context) ([]int, error) { return []int{none[len(none)]}, nil }}
	assert.Panics(t, func() { _, _ = m.get(t.Context()) })
	got, err := m.get(t.Context())
	require.ErrorIs(t, err, errCrashed)
	assert.Empty(t, got)
}
