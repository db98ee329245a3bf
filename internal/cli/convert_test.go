package cli

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestReadingEndsWithItsContext: a pipe that says nothing must not hold up Ctrl-C.
func TestReadingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("interrupted")
	from, to := io.Pipe()
	defer func() { assert.NoError(t, to.Close()) }()
	cancel(reason)
	_, err := readUntil(ctx, from)
	assert.ErrorIs(t, err, reason)
}
