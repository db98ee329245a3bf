package distro

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
)

// Swap is one swap space of the machine.
type Swap struct {
	// Path is the file or device.
	Path string
	// Size is a file's size in bytes; a device has 0 here.
	Size int64
	// Active: it is in use now. Only a running machine tells.
	Active bool
	// Line is the line of FstabFile, from 1, by which it is used after a boot, or 0.
	Line int
	// Missing: FstabFile names it, and it is not there.
	Missing bool
	// File: it is a regular file that mkswap has marked, or the kernel swaps to. What
	// fstab or its name alone takes for swap may hold anything.
	File bool
}

// swapFiles are the names that swap files usually have.
var swapFiles = [...]string{"/swapfile", "/swap.img", "/swap", "/var/swap", "/swapfile[0-9]", "/swap/swapfile", "/var/cache/swap/*", "/var/lib/swap"}

const (
	activeSwaps = "/proc/swaps"
	swapsLimit  = 1 << 20
	// swapMarkAt is where mkswap puts its mark on machines with pages of 4096 bytes.
	swapMarkAt = 4086
	swapKind   = "swap"
	// inMemory is how compressed memory that serves as swap is called; it is on no disk.
	inMemory = "/dev/zram"
)

// Swaps lists the swap spaces, sorted by path: files by their usual names, what is used
// after a boot, and what is in use now.
func (m *Machine) Swaps(context.Context) ([]Swap, error) {
	found := map[string]*Swap{}
	at := func(name string) *Swap {
		if found[name] == nil {
			found[name] = &Swap{Path: name}
		}
		return found[name]
	}
	problems := []error{m.swapsByName(at), m.swapsAtBoot(at), m.swapsNow(at)}
	var list []Swap
	for _, s := range found {
		problems = append(problems, m.measure(s))
		if s.Active || s.Line > 0 || s.Size > 0 {
			list = append(list, *s)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Path < list[j].Path })
	if err := errors.Join(problems...); err != nil {
		return list, fmt.Errorf("looking for swap: %w", err)
	}
	return list, nil
}

func (m *Machine) swapsByName(at func(string) *Swap) error {
	var problems []error
	for _, pattern := range swapFiles {
		names, err := m.Root.Glob(pattern)
		problems = append(problems, err)
		for _, name := range names {
			at(name)
		}
	}
	return errors.Join(problems...)
}

func (m *Machine) swapsAtBoot(at func(string) *Swap) error {
	entries, err := m.fstab()
	for _, e := range entries {
		if e.kind == swapKind && !strings.HasPrefix(e.source, inMemory) {
			at(e.source).Line = e.line
		}
	}
	return err
}

// swapsNow reads what the kernel swaps to.
func (m *Machine) swapsNow(at func(string) *Swap) error {
	if !m.Live {
		return nil
	}
	data, err := m.Root.ReadFile(activeSwaps, swapsLimit)
	if errors.Is(err, fs.ErrNotExist) { // a kernel that cannot swap
		return nil
	}
	for i, line := range lines(data) {
		fields := strings.Fields(line)
		if i > 0 && len(fields) > 1 && !strings.HasPrefix(fields[0], inMemory) {
			at(strings.TrimSuffix(unescaped(fields[0]), " (deleted)")).Active = true
		}
	}
	return err
}

// measure takes the size of a file, and whether what FstabFile names is there. Devices
// of a tree are nowhere to be looked at.
func (m *Machine) measure(s *Swap) error {
	if !path.IsAbs(s.Path) || strings.HasPrefix(s.Path, "/dev/") {
		return nil
	}
	info, err := m.Root.Stat(s.Path)
	if errors.Is(err, fs.ErrNotExist) {
		s.Missing = s.Line > 0
		return nil
	}
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	s.Size = info.Size()
	s.File, err = m.swapFile(*s)
	return err
}

// swapFile reports whether what stands at the path itself is a swap file.
func (m *Machine) swapFile(s Swap) (is bool, err error) {
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

// SwapOff is the call by which the kernel gives up a swap, and takes back what is in
// it.
func (m *Machine) SwapOff(name string) *Call {
	return &Call{Argv: []string{"swapoff", name}, Vital: true}
}
