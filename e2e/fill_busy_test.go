//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"imgcheck/internal/host"
)

// writer is another process of the machine, as far as the file system is concerned. It
// may see a full disk for a moment; what it was told is written has to be there.
type writer struct {
	dir    string
	err    error
	full   time.Duration // the longest time for which the disk was full
	writes int
}

// retry does something until there is room for it.
func (w *writer) retry(ctx context.Context, do func() error) error {
	start := time.Now()
	for {
		err := do()
		if err == nil || !errors.Is(err, syscall.ENOSPC) {
			w.writes++
			return err
		}
		w.full = max(w.full, time.Since(start))
		if ctx.Err() != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

func record(i int) []byte { return bytes.Repeat([]byte(fmt.Sprintf("record %08d;", i)), 100) }

// log appends records to a file as a careful daemon does.
func (w *writer) log(ctx context.Context) (records int, err error) {
	f, err := os.Create(filepath.Join(w.dir, "log"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	at := int64(0)
	for ; ctx.Err() == nil; records++ {
		data := record(records)
		err := w.retry(ctx, func() error {
			_, err := f.WriteAt(data, at)
			return errors.Join(err, f.Sync())
		})
		if ctx.Err() != nil {
			return records, nil
		}
		if err != nil {
			return records, err
		}
		at += int64(len(data))
	}
	return records, nil
}

func (w *writer) checkLog(records int) error {
	data, err := os.ReadFile(filepath.Join(w.dir, "log"))
	if err != nil {
		return err
	}
	for i := range records {
		want := record(i)
		if !bytes.HasPrefix(data, want) {
			return fmt.Errorf("record %d of %d is not what was written", i, records)
		}
		data = data[len(want):]
	}
	return nil
}

// churn makes small files and removes them, without a flush.
func (w *writer) churn(ctx context.Context) (files int, err error) {
	const alive = 200
	for ; ctx.Err() == nil; files++ {
		name := w.small(files)
		err := w.retry(ctx, func() error {
			err := os.WriteFile(name, record(files), 0o600)
			if err != nil {
				_ = os.Remove(name)
			}
			return err
		})
		if ctx.Err() != nil {
			return files, nil
		}
		if err != nil {
			return files, err
		}
		if files >= alive {
			if err := os.Remove(w.small(files - alive)); err != nil {
				return files, err
			}
		}
	}
	return files, nil
}

func (w *writer) small(i int) string { return filepath.Join(w.dir, fmt.Sprintf("small%d", i)) }

func (w *writer) checkSmall(files int) error {
	for i := max(0, files-150); i < files; i++ {
		data, err := os.ReadFile(w.small(i))
		if err != nil || !bytes.Equal(data, record(i)) {
			return fmt.Errorf("file %d of %d is not what was written: %w", i, files, err)
		}
	}
	return nil
}

// TestFillBesideWriters fills a disk under those who write to it.
func TestFillBesideWriters(t *testing.T) {
	for _, kind := range []string{"ext4", "xfs"} {
		t.Run(kind, func(t *testing.T) {
			d := diskOf(t, kind, 400, false).mount("")
			d.plant(200, 0)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			log, churn := &writer{dir: d.dir}, &writer{dir: d.dir}
			var records, files int
			var both sync.WaitGroup
			both.Go(func() { records, log.err = log.log(ctx) })
			both.Go(func() { files, churn.err = churn.churn(ctx) })
			time.Sleep(300 * time.Millisecond)

			var filled host.Filled
			for range 3 {
				start := time.Now()
				c, stdout, stderr := d.fillProcess()
				require.NoError(t, c.Wait(), "a hang, or: %s", stderr.String())
				require.NoError(t, json.Unmarshal([]byte(stdout.String()), &filled))
				t.Logf("%s; %d bytes; unreached: %q", time.Since(start).Round(time.Millisecond), filled.Bytes, filled.Unreached)
			}
			stop()
			both.Wait()
			t.Logf("%d records, full for %s; %d files, full for %s", records, log.full, files, churn.full)
			require.NoError(t, errors.Join(log.err, churn.err))
			assert.NotZero(t, records*files)
			syscall.Sync()
			d.unmount()
			d.sound()
			t.Logf("%d of %d marks left", d.left(), len(d.marks))
			log.dir = d.mount("").dir
			churn.dir = d.dir
			assert.NoError(t, log.checkLog(records))
			assert.NoError(t, churn.checkSmall(files))
		})
	}
}
