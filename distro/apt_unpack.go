package distro

import (
	"compress/bzip2"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// indexEndings are the compressions in which apt may keep an index, "" for none.
func indexEndings() []string { return []string{"", ".lz4", ".gz", ".xz", ".zst", ".bz2", ".lzma"} }

// unpacked reads what a file of that name holds. Whoever gets the reader reads it
// to its end or not at all.
func unpacked(name string, packed io.Reader) (io.Reader, error) {
	switch path.Ext(name) {
	case ".gz":
		return gzip.NewReader(packed)
	case ".xz":
		return xz.NewReader(packed)
	case ".lz4":
		return lz4.NewReader(packed), nil
	case ".zst":
		// without goroutines there is nothing to close
		return zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(zstdMemory))
	case ".bz2":
		return bzip2.NewReader(packed), nil
	case ".lzma":
		return nil, fmt.Errorf("%s: compressed with lzma, which is not read here", name)
	}
	return packed, nil
}

// zstdMemory is what "zstd --long" may ask for.
const zstdMemory = 128 << 20

// scan reads an index to its end and makes sure that it is the one its release
// names.
func (d *debPackages) scan(ctx context.Context, i *aptIndex, wanted func([]byte) bool, visit func(indexEntry)) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("reading package index %s: %w", i.file, err)
		}
	}()
	f, err := d.Root.Open(i.file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	text, err := unpacked(i.file, f)
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	size, err := scanIndex(contextReader{ctx, text}, wanted, visit)
	if err == nil && i.size >= 0 && size != i.size {
		err = fmt.Errorf("has %d bytes where its release names %d", size, i.size)
	}
	return err
}

// contextReader ends a long reading when ctx does.
type contextReader struct {
	ctx  context.Context
	from io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}
