package host

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	manyFiles = 10_000
	perFolder = 300
)

// many lays many small files into folders of some hundred.
func many(tb testing.TB, dir string, count int) []Place {
	tb.Helper()
	places := make([]Place, 0, count)
	data := make([]byte, 300)
	for i := range count {
		name := fmt.Sprintf("/tmp/%03d/%05d", i/perFolder, i)
		if i%perFolder == 0 {
			require.NoError(tb, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		}
		require.NoError(tb, os.WriteFile(filepath.Join(dir, name), data, 0o600))
		places = append(places, Place{Top: "/tmp", Path: name})
	}
	return places
}

func benchmarkMany(b *testing.B, change func(*Root, []Place) []error) {
	r, dir := tree(b)
	for b.Loop() {
		b.StopTimer()
		places := many(b, dir, manyFiles)
		require.NoError(b, r.Flush(places))
		b.StartTimer()
		for _, err := range change(r, places) {
			require.NoError(b, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*manyFiles), "ns/file")
}

func BenchmarkOverwriteMany(b *testing.B) {
	benchmarkMany(b, func(r *Root, places []Place) []error { return r.OverwriteAll(context.Background(), places) })
}

func BenchmarkOverwriteOneByOne(b *testing.B) {
	benchmarkMany(b, func(r *Root, places []Place) (errs []error) {
		for _, at := range places {
			errs = append(errs, r.Overwrite(context.Background(), at))
		}
		return errs
	})
}

func BenchmarkTruncateMany(b *testing.B) {
	benchmarkMany(b, func(r *Root, places []Place) (errs []error) {
		for _, at := range places {
			errs = append(errs, r.Truncate(at))
		}
		return errs
	})
}

func BenchmarkRemoveMany(b *testing.B) {
	benchmarkMany(b, func(r *Root, places []Place) (errs []error) {
		for _, at := range places {
			errs = append(errs, r.Remove(at))
		}
		return errs
	})
}

func BenchmarkLookMany(b *testing.B) {
	benchmarkMany(b, func(r *Root, places []Place) (errs []error) {
		for _, at := range places {
			_, err := lookAt(r, at)
			errs = append(errs, err)
		}
		return errs
	})
}

// BenchmarkFlushMany flushes what was overwritten, which is the disk's time.
func BenchmarkFlushMany(b *testing.B) {
	r, dir := tree(b)
	places := many(b, dir, manyFiles)
	for b.Loop() {
		b.StopTimer()
		for _, err := range r.OverwriteAll(context.Background(), places) {
			require.NoError(b, err)
		}
		b.StartTimer()
		require.NoError(b, r.Flush(places))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*manyFiles), "ns/file")
}

func BenchmarkWalkMount(b *testing.B) {
	r, dir := tree(b)
	for i := range 10_000 {
		require.NoError(b, os.MkdirAll(filepath.Join(dir, fmt.Sprintf("tmp/%02d/%02d/%02d", i%7, i%100, i/100)), 0o755))
	}
	for b.Loop() {
		count := 0
		require.NoError(b, r.WalkMount(context.Background(), "/tmp", func(Entry) error { count++; return nil }))
		require.Greater(b, count, 10_000)
	}
}
