//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// fillEnv makes the test binary fill the file system that is mounted there, so that it
// can be killed at it.
const fillEnv = "IMGCHECK_E2E_FILL"

func fillHere(dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT)
	defer stop()
	filled, err := func() (host.Filled, error) {
		h, err := host.OpenTree(dir)
		if err != nil {
			return host.Filled{}, err
		}
		found, err := h.FileSystems(ctx)
		if err != nil || len(found) != 1 {
			return host.Filled{}, errors.Join(fmt.Errorf("%d file systems", len(found)), err)
		}
		return h.Fill(ctx, found[0], nil)
	}()
	switch {
	case errors.Is(err, context.Canceled):
		return 130
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if json.NewEncoder(os.Stdout).Encode(filled) != nil {
		return 1
	}
	return 0
}

// fillProcess starts a process that fills the disk; it is killed when its time is over.
func (d *disk) fillProcess() (c *exec.Cmd, stdout, stderr *strings.Builder) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), fillTime)
	d.t.Cleanup(cancel)
	c = exec.CommandContext(ctx, os.Args[0])
	c.Env = append(os.Environ(), fillEnv+"="+d.dir)
	stdout, stderr = &strings.Builder{}, &strings.Builder{}
	c.Stdout, c.Stderr = stdout, stderr
	require.NoError(d.t, c.Start())
	return c, stdout, stderr
}

// state is what a fill must leave as it was.
type state struct {
	free    int64
	reserve string
	names   []string
}

func (d *disk) state() (s state) {
	d.t.Helper()
	entries, err := os.ReadDir(d.dir)
	require.NoError(d.t, err)
	for _, e := range entries {
		s.names = append(s.names, e.Name())
	}
	if reserve, err := os.ReadFile(filepath.Join("/sys/fs/ext4", d.device, "reserved_clusters")); err == nil {
		s.reserve = string(reserve)
	}
	s.free = d.free()
	return s
}

// asBefore waits until the state is as it was: xfs frees in the background.
func (d *disk) asBefore(before state) {
	d.t.Helper()
	const spare = 1 << 20 // for inodes that stay
	assert.Eventually(d.t, func() bool { return d.free() >= before.free-spare }, 20*time.Second, 50*time.Millisecond,
		"%d bytes were free, %d are", before.free, d.free())
	after := d.state()
	after.free = before.free
	assert.Equal(d.t, before, after)
}

// TestFillInterrupted ends a fill at many moments, gently and not.
func TestFillInterrupted(t *testing.T) {
	for _, kind := range []string{"ext4", "xfs"} {
		for _, sign := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} {
			t.Run(kind+" "+sign.String(), func(t *testing.T) {
				d := diskOf(t, kind, 300, true).mount("")
				d.plant(100, 0)
				before := d.state()
				start := time.Now()
				d.fill()
				whole := time.Since(start)
				const times = 12
				for i := range times {
					c, _, stderr := d.fillProcess()
					time.Sleep(whole * time.Duration(i) / (times - 2))
					require.NoError(t, c.Process.Signal(sign))
					_ = c.Wait()
					code := c.ProcessState.ExitCode()
					assert.Contains(t, []int{-1, 0, 130}, code, stderr.String())
					d.asBefore(before)
				}
				d.unmount()
				d.sound()
			})
		}
	}
}

// TestFillOnFullDisk: there is nothing to fill, and that is no failure.
func TestFillOnFullDisk(t *testing.T) {
	for _, kind := range []string{"ext4", "xfs"} {
		t.Run(kind, func(t *testing.T) {
			d := diskOf(t, kind, 300, false).mount("")
			d.plant(100, 0)
			d.ballast(1)
			f, err := os.Create(filepath.Join(d.dir, "rest"))
			require.NoError(t, err)
			for size := 1 << 20; size > 0; size /= 2 {
				for err = nil; err == nil; {
					_, err = f.Write(make([]byte, size))
				}
				require.ErrorIs(t, err, syscall.ENOSPC)
			}
			require.NoError(t, f.Close())
			before := d.state()
			filled := d.fill()
			t.Logf("%d bytes; unreached: %q", filled.Bytes, filled.Unreached)
			d.asBefore(before)
			d.unmount()
			d.sound()
			left := d.left()
			t.Logf("%d marks left", left)
			if left > 0 {
				assert.NotEmpty(t, filled.Unreached)
			}
		})
	}
}

// TestFillReadOnly: what cannot be written is said to be left alone.
func TestFillReadOnly(t *testing.T) {
	d := diskOf(t, "ext4", 64, false).mount("ro")
	h, fs := d.fileSystem()
	defer func() { require.NoError(t, h.Close()) }()
	assert.Contains(t, fs.Barred, "read-only")
	_, err := h.Fill(t.Context(), fs, nil)
	require.ErrorContains(t, err, "read-only")
	_, err = h.Trim(t.Context(), fs)
	require.ErrorContains(t, err, "read-only")
}
