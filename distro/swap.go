package distro

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const (
	swapsFile  = "/proc/swaps"
	fstabLimit = 1 << 20
	// swapMarkAt is where mkswap puts its mark on machines with pages of 4096 bytes.
	swapMarkAt = 4086
)

// Fstab is the file of what is mounted, and swapped to, at boot.
const Fstab = "/etc/fstab"

// Swap is one place that the machine swaps to.
type Swap struct {
	// Path is the file or device; "UUID=…" and its like stay as they are written.
	Path string
	// Active: the running machine swaps to it now. Listed: fstab names it.
	Active, Listed bool
	// File: it is a regular file that mkswap has marked, or the kernel swaps to.
	File bool
}

// Swaps returns what fstab and, on the running machine, the kernel swap to, sorted by
// path.
func (m *Machine) Swaps() ([]Swap, error) {
	found := map[string]Swap{}
	data, err := m.Root.ReadFile(Fstab, fstabLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking for swap: %w", err)
	}
	for _, name := range fstabSwaps(data) {
		found[name] = Swap{Path: name, Listed: true}
	}
	if m.Live {
		data, err := m.Root.ReadFile(swapsFile, fstabLimit)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // a kernel without swap has no such file
			return nil, fmt.Errorf("looking for swap: %w", err)
		}
		for _, name := range activeSwaps(data) {
			s := found[name]
			s.Path, s.Active = name, true
			found[name] = s
		}
	}
	var swaps []Swap
	for _, s := range found {
		if s.File, err = m.swapFile(s); err != nil {
			return nil, fmt.Errorf("looking at swap: %w", err)
		}
		swaps = append(swaps, s)
	}
	slices.SortFunc(swaps, func(a, b Swap) int { return strings.Compare(a.Path, b.Path) })
	return swaps, nil
}

// swapFile reports whether a swap is a regular file. A file that fstab alone takes
// for swap may hold anything.
func (m *Machine) swapFile(s Swap) (is bool, err error) {
	if !path.IsAbs(s.Path) {
		return false, nil
	}
	info, err := m.Root.Lstat(s.Path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return false, nil
	}
	if err != nil || s.Active {
		return err == nil, err
	}
	f, err := m.Root.Open(s.Path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	mark := make([]byte, 10)
	if _, err := f.ReadAt(mark, swapMarkAt); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	return slices.Contains([]string{"SWAPSPACE2", "SWAP-SPACE"}, string(mark)), nil
}

// fstabSwaps returns what the lines of an fstab swap to.
func fstabSwaps(data []byte) []string {
	var names []string
	for _, line := range lines(data) {
		if name := fstabSwap(line); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// fstabSwap returns what a line of fstab swaps to, nothing where it does not.
func fstabSwap(line string) string {
	f := strings.Fields(line)
	if len(f) < 3 || strings.HasPrefix(f[0], "#") || f[2] != "swap" {
		return ""
	}
	return unescapeMount(f[0])
}

// FstabWithout returns the contents of fstab without the lines that swap to one of
// the paths, and whether there were any.
func (m *Machine) FstabWithout(paths []string) ([]byte, bool, error) {
	data, err := m.Root.ReadFile(Fstab, fstabLimit)
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

// activeSwaps returns the paths in /proc/swaps, whose first line is a heading.
func activeSwaps(data []byte) []string {
	var names []string
	for i, line := range lines(data) {
		if f := strings.Fields(line); i > 0 && len(f) > 1 {
			names = append(names, unescapeMount(f[0]))
		}
	}
	return names
}

// unescapeMount reads the octal escapes by which the kernel and fstab keep blanks in
// names.
func unescapeMount(field string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(field)
}

// SwapOff is the call by which the kernel gives up a swap, and takes back what is in
// it.
func (m *Machine) SwapOff(name string) *Call {
	return &Call{Argv: []string{"swapoff", name}, Vital: true}
}
