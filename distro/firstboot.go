package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"imgcheck/internal/host"
)

// FirstBootFolder is one of the folders whose programs cloud-init runs.
type FirstBootFolder struct {
	Path string
	// Module is the module of cloud-init that runs them.
	Module string
	// Once: they run once in the life of the disk, the build droplet's first boot
	// included, and so not again on a droplet that is made of it.
	Once bool
}

// FirstBootFolders are cloud-init's, in the order in which it gets to them.
func FirstBootFolders() []FirstBootFolder {
	const scripts = "/var/lib/cloud/scripts/"
	return []FirstBootFolder{
		{scripts + "per-once", "scripts-per-once", true},
		{scripts + "per-boot", "scripts-per-boot", false},
		{scripts + "per-instance", "scripts-per-instance", false},
	}
}

// FirstBootScript is one thing in such a folder.
type FirstBootScript struct {
	Path   string
	Folder FirstBootFolder
	// CannotRun tells why cloud-init would not run it, "" where it would.
	CannotRun string
	// Writable: every account may change it, and root runs it.
	Writable bool
}

// FirstBootScripts lists what is in the folders, sorted within each. Scripts that could
// be judged are returned beside an error that names those that could not.
func (m *Machine) FirstBootScripts(ctx context.Context) ([]FirstBootScript, error) {
	var scripts []FirstBootScript
	var problems []error
	for _, folder := range FirstBootFolders() {
		entries, err := m.Root.ReadDir(folder.Path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, host.ErrNotFolder) {
			problems = append(problems, err)
		}
		for _, e := range entries {
			if ctx.Err() != nil {
				return scripts, context.Cause(ctx)
			}
			script, err := m.firstBootScript(path.Join(folder.Path, e.Name()), folder)
			if err != nil {
				problems = append(problems, err)
				continue
			}
			scripts = append(scripts, script)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return scripts, fmt.Errorf("looking at the first-boot scripts: %w", err)
	}
	return scripts, nil
}

const writableByAll = 0o002

func (m *Machine) firstBootScript(name string, folder FirstBootFolder) (FirstBootScript, error) {
	s := FirstBootScript{Path: name, Folder: folder}
	why, err := m.CannotRun(name)
	if err != nil {
		return s, err
	}
	s.CannotRun = why
	info, err := m.Root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	s.Writable = info.Mode().Perm()&writableByAll != 0
	return s, nil
}
