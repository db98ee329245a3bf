package distro

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// ErrTakesMore says that packages cannot be removed without others that are to stay.
var ErrTakesMore = errors.New("other packages would be removed too")

// Removal is a call that takes packages out, and which.
type Removal struct {
	Call *Call
	// Packages are the names of what will be gone, sorted.
	Packages []string
}

// Agents returns the removal of DigitalOcean's agents, configuration and all, nil where
// none is there. ErrTakesMore where something else needs one.
func (m *Machine) Agents(ctx context.Context) (*Removal, error) {
	names := slices.Sorted(slices.Values(append(AgentPackages(), agentCompanions()...)))
	switch m.Family {
	case FamilyDeb:
		return m.purgeDeb(ctx, "removes DigitalOcean's agents", names)
	case FamilyRPM:
		installed, err := m.Packages.Installed(ctx)
		if err != nil {
			return nil, err
		}
		var found []string
		for _, p := range installed {
			if slices.Contains(names, p.Name) {
				found = append(found, p.Name)
			}
		}
		return m.removeRPM(ctx, "removes DigitalOcean's agents", slices.Compact(found))
	}
	return nil, nil
}

// purgeDeb purges those of the packages that are there, or have left configuration.
func (m *Machine) purgeDeb(ctx context.Context, why string, names []string) (*Removal, error) {
	d := &debPackages{Machine: m, settings: m.settings}
	db, err := d.readDatabase(ctx)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range db.entries {
		if slices.Contains(names, e.name) && e.state != "not-installed" {
			found = append(found, db.fullName(e))
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	args := append([]string{"purge"}, found...)
	removed, err := d.simulateRemoval(ctx, args)
	if err != nil {
		return nil, err
	}
	if err := onlyThese(removed, found); err != nil {
		return nil, err
	}
	return &Removal{Call: aptCall(why, args...), Packages: found}, nil
}

func onlyThese(removed, wanted []string) error {
	more := slices.DeleteFunc(slices.Clone(removed), func(name string) bool { return slices.Contains(wanted, name) })
	if len(more) > 0 {
		return fmt.Errorf("%w: %s", ErrTakesMore, few(more))
	}
	return nil
}

// simulateRemoval asks apt-get what a call would remove, sorted. Nothing is changed,
// not even apt-get's own caches, and no lock taken.
func (d *debPackages) simulateRemoval(ctx context.Context, args []string) ([]string, error) {
	options := append(aptQuiet(), "-s", "-o", "Debug::NoLocking=true", "-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=")
	out, err := d.Exec.Run(ctx, host.Command{Name: "apt-get", Args: append(options, args...)})
	if err == nil {
		err = judgeApt(out)
	}
	if err != nil {
		return nil, fmt.Errorf("simulating a removal: %w", err)
	}
	removed, err := parseAptRemovals(out.Stdout)
	if err != nil {
		return nil, fmt.Errorf("simulating a removal: %w", err)
	}
	return removed, nil
}

// parseAptRemovals reads the "Remv NAME [VERSION]" and "Purg NAME [VERSION]" lines of a
// simulation. What has no summary is cut off, and no answer.
func parseAptRemovals(stdout []byte) ([]string, error) {
	if !aptSummary.Match(stdout) {
		return nil, errors.New("apt-get's simulation ended without a summary")
	}
	var names []string
	for _, line := range lines(stdout) {
		fields := strings.Fields(line)
		if len(fields) >= 2 && (fields[0] == "Remv" || fields[0] == "Purg") {
			names = append(names, fields[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// removeRPM removes packages by their names, where rpm itself would let them go. What
// else needs them is for a person to judge.
func (m *Machine) removeRPM(ctx context.Context, why string, names []string) (*Removal, error) {
	if len(names) == 0 {
		return nil, nil
	}
	manager, err := rpmPackages{m, m.settings}.manager()
	if err != nil {
		return nil, fmt.Errorf("looking for the package manager: %w", err)
	}
	out, err := m.Exec.Run(ctx, host.Command{Name: "rpm", Args: append([]string{"-e", "--test", "--"}, names...)})
	if err != nil {
		return nil, fmt.Errorf("testing a removal: %w", err)
	}
	if out.ExitCode != 0 {
		return nil, fmt.Errorf("%w: %s", ErrTakesMore, lastLine(out))
	}
	return &Removal{Call: manager.remove(why, names), Packages: names}, nil
}
