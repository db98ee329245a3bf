package distro

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"imgcheck/internal/host"
)

// text returns what a log holds, unpacked, and how much of it may be read. What it is
// packed with shows in its first bytes; its name may lie.
func (s *logSearch) text(packed io.Reader) (text io.Reader, bound int64, err error) {
	s.head.Reset(packed)
	start, err := s.head.Peek(magicLength)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	ending := packedAs(start)
	if ending == "" {
		return s.head, s.left.read, nil
	}
	if ending == ".xz" && xzDictionary(start) > xzMemory {
		return nil, 0, fmt.Errorf("%w: it needs %d MiB of memory", host.ErrTooLarge, xzDictionary(start)>>20)
	}
	text, err = unpacked(ending, s.head)
	if err != nil {
		return nil, 0, err
	}
	return &spendingReader{text, &s.left.unpacked}, min(s.left.unpacked, s.left.archive), nil
}

const (
	// magicLength holds what tells a compression, and the header of an xz block.
	magicLength = 32
	// xzMemory is what "xz -9" needs to unpack.
	xzMemory = 64 << 20
)

// packedAs returns the ending of the compression that a file begins as, or "".
func packedAs(start []byte) string {
	for magic, ending := range map[string]string{"\x1f\x8b": ".gz", "\xfd7zXZ\x00": ".xz", "\x28\xb5\x2f\xfd": ".zst", "BZh": ".bz2", "\x04\x22\x4d\x18": ".lz4"} {
		if bytes.HasPrefix(start, []byte(magic)) {
			return ending
		}
	}
	return ""
}

// xzDictionary returns how many bytes the first block of an xz file needs to be
// unpacked, 0 where its header does not tell. The library would allocate them at once.
func xzDictionary(start []byte) int64 {
	const streamHeader, dictionaryFilter = 12, 0x21
	block := start[min(len(start), streamHeader):]
	if len(block) < 6 {
		return 0
	}
	at := 2 // behind the size and the flags
	for flag := byte(0x40); flag != 0; flag <<= 1 {
		for present := block[1]&flag != 0; present && at < len(block); at++ {
			present = block[at]&0x80 != 0
		}
	}
	if at+3 > len(block) || block[at] != dictionaryFilter {
		return 0
	}
	size := block[at+2]
	if size >= 40 {
		return 4 << 30
	}
	return int64(2|size&1) << (size/2 + 11)
}

// countingReader counts what is read from a file.
type countingReader struct {
	from io.Reader
	size int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.size += int64(n)
	return n, err
}

// spendingReader takes what is read from what may be read.
type spendingReader struct {
	from io.Reader
	left *int64
}

func (r *spendingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	*r.left -= int64(n)
	return n, err
}
