package host

import (
	"bytes"
	"sync"
)

// boundedBuffer keeps what fits and reports that more came. The buffer has a name,
// as io.Copy would use an embedded one's ReadFrom, which knows no bound.
type boundedBuffer struct {
	mu   sync.Mutex // a pipe held by others is given up while it is read
	kept bytes.Buffer
	left int64
	full func()
}

func (b *boundedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	keep := p[:min(int64(len(p)), b.left)]
	b.left -= int64(len(keep))
	b.kept.Write(keep)
	if len(keep) < len(p) {
		b.full()
	}
	return len(p), nil // the program is ended by its context, not by a broken pipe
}

func (b *boundedBuffer) bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Clone(b.kept.Bytes())
}
