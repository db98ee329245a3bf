package host

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFacts holds the live answers against what the kernel shows of itself.
func TestFacts(t *testing.T) {
	ctx, f := context.Background(), liveFacts()
	kernel, err := f.Kernel(ctx)
	require.NoError(t, err)
	assert.Equal(t, strings.TrimSpace(contents(t, "/proc/sys/kernel/osrelease")), kernel)

	vendor, err := f.Vendor(ctx)
	require.NoError(t, err)
	if shown, err := os.ReadFile(dmiVendor); err == nil {
		assert.Equal(t, strings.TrimSpace(string(shown)), vendor)
	} else {
		assert.Empty(t, vendor)
	}

	uptime, err := f.Uptime(ctx)
	require.NoError(t, err)
	assert.Positive(t, uptime)
	interfaces, err := f.Interfaces(ctx)
	require.NoError(t, err)
	assert.Contains(t, interfaces, "lo")
	if _, err = f.Disks(ctx); Privileged() { // others may not look into every mount
		require.NoError(t, err)
	}

	name, err := f.ProcessName(ctx, os.Getpid())
	require.NoError(t, err)
	assert.Contains(t, name, "host")
	_, err = f.ProcessName(ctx, 1<<30)
	assert.Error(t, err)
}

func TestATreeHasNoFacts(t *testing.T) {
	h, err := OpenTree(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, h.Close()) }()
	ctx := context.Background()
	_, err = h.Facts.Kernel(ctx)
	assert.ErrorIs(t, err, ErrOffline)
	_, err = h.Facts.ProcessName(ctx, 1)
	assert.ErrorIs(t, err, ErrOffline)
	_, err = h.Facts.Disks(ctx)
	assert.ErrorIs(t, err, ErrOffline)
	_, err = h.Exec.Run(ctx, Command{Name: "true"})
	assert.ErrorIs(t, err, ErrOffline)
}
