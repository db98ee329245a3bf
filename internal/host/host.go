// Package host is the edge of the machine under examination: everything that
// imgcheck learns from a machine, and everything it will ever change on one,
// passes through here.
//
// It promises four things. Root never leaves the tree it was opened on, whatever
// links the tree holds, and never opens anything but regular files and folders.
// Exec runs only programs of the live machine, by absolute path, with a deadline
// and a bound on their output, and refuses when a tree is examined. Units and
// Facts answer for the machine in the tree or say that they cannot; they never
// answer for the computer that happens to run imgcheck. And no other package
// touches files, processes, D-Bus or gopsutil.
package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// ErrOffline says that the answer needs the running machine, and that a tree is
// examined instead.
var ErrOffline = errors.New("needs the running machine")

// Host is one machine: the running one (Live), or the one whose root file system
// lies in a folder.
type Host struct {
	Root *Root
	// Exec runs the machine's own programs; with a tree it returns ErrOffline.
	Exec Runner
	// Local runs programs of the computer imgcheck runs on over copies of the
	// tree's data. It never runs a program of the tree.
	Local Runner
	Units Units
	// Facts is what only a running machine knows; with a tree it says ErrOffline.
	Facts Facts
	Live  bool
	Now   func() time.Time

	units  func() Units // looks at them anew; nil where Units was put together by hand
	kernel kernelFiles
}

// OpenLive opens the running machine.
func OpenLive() (*Host, error) {
	root, err := OpenRoot("/")
	if err != nil {
		return nil, err
	}
	programs := processes{}
	units := func() Units { return liveUnits(root) }
	return &Host{
		Root:  root,
		Exec:  programs,
		Local: programs,
		Units: units(),
		Facts: liveFacts(),
		Live:  true,
		Now:   time.Now,
		units: units,
	}, nil
}

// OpenTree opens the machine whose root file system lies in the folder dir.
func OpenTree(dir string) (*Host, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", dir, err)
	}
	root, err := OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	units := func() Units { return newDiskUnits(root) }
	return &Host{
		Root:  root,
		Exec:  offline{},
		Local: processes{},
		Units: units(),
		Facts: noFacts(),
		Now:   time.Now,
		units: units,
	}, nil
}

// Anew returns the same machine with nothing remembered of it. Packages that come and
// go change which units there are, and what starts them.
func (h *Host) Anew() *Host {
	next := *h
	if h.units != nil {
		next.Units = h.units()
	}
	return &next
}

// Close gives back the handle on the root folder.
func (h *Host) Close() error { return h.Root.close() }

// Privileged reports whether this process runs as root and may read every file.
func Privileged() bool { return os.Geteuid() == 0 }
