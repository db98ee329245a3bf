package distro

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// dotFiles searches the hidden files of a home that is not walked as a whole: a
// system account's.
func (s *secretSearch) dotFiles(ctx context.Context, h Home) {
	if s.walk.covers(h.Real) {
		return
	}
	for _, name := range h.Names {
		if !strings.HasPrefix(name, ".") {
			continue
		}
		file := path.Join(h.Real, name)
		info, err := s.m.Root.Lstat(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		s.problem(err)
		if err == nil {
			s.problem(s.file(ctx, file, info))
		}
	}
}

// file searches one file. Links are passed over: what they lead to is searched in its
// own place, or is not private.
func (s *secretSearch) file(ctx context.Context, name string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() || info.Size() < secretLeast || slices.Contains(s.known, name) || hostKeyFile(name) {
		return nil
	}
	if s.left.files <= 0 || s.left.bytes <= 0 {
		return fmt.Errorf("%w: it ended before %s", errSearchEnded, name)
	}
	hits, size, err := s.scanFile(ctx, name)
	s.left.files, s.left.bytes = s.left.files-1, s.left.bytes-size
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, host.ErrNotRegular) { // gone since it was listed
		s.problem(err)
	}
	for _, hit := range hits {
		s.found.Found = append(s.found.Found, Secret{Path: name, Kind: hit.Kind, Line: hit.Line, Places: hit.Places, Shared: hit.Key})
	}
	return nil
}

// scanFile searches the first MiB of a file, or none of it where it is no text.
func (s *secretSearch) scanFile(ctx context.Context, name string) (hits []secretHit, size int64, err error) {
	f, err := s.m.Root.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	n, err := io.ReadFull(f, s.head[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, 0, fmt.Errorf("reading %s: %w", name, err)
	}
	text := io.LimitReader(io.MultiReader(bytes.NewReader(s.head[:n]), contextReader{ctx, f}), secretFileBytes)
	switch {
	case wideText(s.head[:n]):
		text = withoutZeros{text}
	case bytes.IndexByte(s.head[:n], 0) >= 0:
		return nil, int64(n), nil
	}
	hits, size, err = s.scanner.scan(text)
	if err != nil {
		err = fmt.Errorf("reading %s: %w", name, err)
	}
	return hits, size, err
}

// wideText reports whether a text is UTF-16, as editors on Windows write it.
func wideText(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff})
}

// withoutZeros reads UTF-16 as what is ASCII in it.
type withoutZeros struct{ from io.Reader }

func (w withoutZeros) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	return copy(p, bytes.ReplaceAll(p[:n], []byte{0}, nil)), err
}
