package distro

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// fstabSwap returns what a line of fstab swaps to, nothing where it does not.
func fstabSwap(line string) string {
	f := strings.Fields(line)
	if len(f) < 3 || strings.HasPrefix(f[0], "#") || f[2] != "swap" {
		return ""
	}
	return unescaped(f[0])
}

// FstabWithout returns the contents of fstab without the lines that swap to one of
// the paths, and whether there were any.
func (m *Machine) FstabWithout(paths []string) ([]byte, bool, error) {
	data, err := m.Root.ReadFile(FstabFile, fstabLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("reading what is mounted at boot: %w", err)
	}
	kept := fstabWithout(string(data), paths)
	return []byte(kept), kept != string(data), nil
}

func fstabWithout(data string, paths []string) string {
	var kept strings.Builder
	for line := range strings.SplitAfterSeq(data, "\n") {
		if name := fstabSwap(line); name == "" || !slices.Contains(paths, name) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
