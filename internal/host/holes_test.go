package host

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDataReader(t *testing.T) {
	const block, far = 64 << 10, 1 << 40
	data := bytes.Repeat([]byte("data"), block/4)
	for name, places := range map[string][]int64{
		"empty": nil, "no hole": {0}, "a hole before": {far}, "holes between": {0, 10 * block, far},
	} {
		file, err := os.Create(filepath.Join(t.TempDir(), "file"))
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, file.Close()) })
		var want []byte
		for i, at := range places {
			_, err := file.WriteAt(data, at)
			require.NoError(t, err)
			if i > 0 || at > 0 {
				want = append(want, 0)
			}
			want = append(want, data...)
		}
		require.NoError(t, file.Truncate(2*far))
		for _, read := range []io.Reader{DataReader(file), iotest.OneByteReader(DataReader(file))} {
			got, err := io.ReadAll(read)
			assert.NoError(t, err, name)
			assert.True(t, bytes.Equal(want, got), "%s: %d bytes, want %d", name, len(got), len(want))
		}
	}
	plain, err := os.Open("/proc/self/status") // which knows no size and no holes
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, plain.Close()) })
	got, err := io.ReadAll(DataReader(plain))
	assert.NoError(t, err)
	assert.Contains(t, string(got), "Name:")
}
