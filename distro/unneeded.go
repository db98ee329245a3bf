package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ErrKeepsKernel says that the running or the newest kernel would have been removed.
var ErrKeepsKernel = errors.New("refused: it would remove a kernel that is needed")

// Unneeded returns the removal of what nothing needs any more, nil where there is
// nothing of the kind. Neither the running kernel nor the newest of each flavour is
// ever part of it; ErrKeepsKernel where the package manager would not have it so.
//
// On Debian's systems that is what apt-get autoremove finds. On Red Hat's it is old
// kernels only: which packages came as a dependency is not known there of a machine
// that was installed from an image, or whose history was cleaned, so that dnf
// autoremove may take what a vendor needs.
func (m *Machine) Unneeded(ctx context.Context) (*Removal, error) {
	kept, err := m.keptKernels(ctx)
	if err != nil {
		return nil, err
	}
	switch m.Family {
	case FamilyDeb:
		return m.unneededDeb(ctx, kept)
	case FamilyRPM:
		return m.oldKernelsRPM(ctx, kept)
	}
	return nil, ErrNoManager
}

// keptKernels returns the releases of the running kernel and the newest of each flavour.
func (m *Machine) keptKernels(ctx context.Context) ([]string, error) {
	running, err := m.Facts.Kernel(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for the running kernel: %w", err)
	}
	kernels, err := m.Kernels(ctx)
	if err != nil {
		return nil, err
	}
	kept := []string{running}
	for i, k := range kernels { // of one flavour the newest is the last
		newest := i+1 == len(kernels) || kernels[i+1].Flavour != k.Flavour
		if newest && k.Release != running {
			kept = append(kept, k.Release)
		}
	}
	return kept, nil
}

// unneededDeb lets apt-get itself keep the kernels, by its own means: it knows what
// they depend on. What it would do is looked at all the same.
func (m *Machine) unneededDeb(ctx context.Context, kept []string) (*Removal, error) {
	d := &debPackages{Machine: m, settings: m.settings}
	var args []string
	for _, release := range kept {
		args = append(args, "-o", "APT::NeverAutoRemove::="+regexp.QuoteMeta(release))
	}
	args = append(args, "--purge", "autoremove")
	removed, err := d.simulateRemoval(ctx, args)
	if err != nil || len(removed) == 0 {
		return nil, err
	}
	for _, name := range removed {
		holds, err := d.holdsKernel(name, kept)
		if err != nil {
			return nil, err
		}
		if holds {
			return nil, fmt.Errorf("%w: package %s", ErrKeepsKernel, name)
		}
	}
	return &Removal{Call: aptCall("removes packages that nothing needs any more", args...), Packages: removed}, nil
}

// holdsKernel reports whether a package bears the release of one of the kernels in its
// name, or has its image or modules among its files.
func (d *debPackages) holdsKernel(name string, releases []string) (bool, error) {
	if slices.ContainsFunc(releases, func(release string) bool { return strings.Contains(name, release) }) {
		return true, nil
	}
	plain, arch, foreign := strings.Cut(name, ":")
	files := []string{plain + ".list", plain + ":" + arch + ".list"}
	if !foreign {
		found, err := d.Root.Glob(path.Join(dpkgInfo, plain+":*.list"))
		if err != nil {
			return false, err
		}
		files = []string{plain + ".list"}
		for _, file := range found {
			files = append(files, path.Base(file))
		}
	}
	for _, file := range files {
		data, err := d.Root.ReadFile(path.Join(dpkgInfo, file), dpkgStatusLimit)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(releases, func(release string) bool { return listsKernel(data, release) }) {
			return true, nil
		}
	}
	return false, nil
}

// listsKernel looks for a kernel's image or modules in a package's list of files.
func listsKernel(list []byte, release string) bool {
	for _, line := range lines(list) {
		line = strings.TrimPrefix(line, "/usr")
		if line == "/boot/vmlinuz-"+release || strings.HasPrefix(line, "/lib/modules/"+release+"/") {
			return true
		}
	}
	return false
}

// oldKernelsRPM removes the packages of all other kernels. Only what is installed in
// several versions side by side is one: kernel-headers belongs to no kernel.
func (m *Machine) oldKernelsRPM(ctx context.Context, kept []string) (*Removal, error) {
	kernels, err := m.Kernels(ctx)
	if err != nil {
		return nil, err
	}
	installed, err := m.Packages.Installed(ctx)
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, p := range installed {
		count[p.Name]++
	}
	var old []string
	for _, p := range installed {
		release := p.release()
		isRelease := func(name string) bool { return plainRelease(name) == release }
		known := slices.ContainsFunc(kernels, func(k Kernel) bool { return isRelease(k.Release) })
		if strings.HasPrefix(p.Name, "kernel") && count[p.Name] > 1 && known && !slices.ContainsFunc(kept, isRelease) {
			old = append(old, p.Name+"-"+release)
		}
	}
	return m.removeRPM(ctx, "removes old kernels, never the running or the newest one", old)
}

// release is the kernel's release, of the package of one ("5.14.0-611.5.1.el9_7.x86_64").
func (p Package) release() string {
	version := p.Version
	if _, rest, epoch := strings.Cut(version, ":"); epoch {
		version = rest
	}
	return version + "." + p.Arch
}

// plainRelease is a release without the mark of a variant ("+debug"): that stands in
// the package's name, not in its version.
func plainRelease(release string) string {
	plain, _, _ := strings.Cut(release, "+")
	return plain
}
