package distro

import (
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"imgcheck/internal/host"
)

// AMD64 is the architecture that droplets have, by Debian's name.
const AMD64 = "amd64"

// everywhere are programs that every supported distribution has.
var everywhere = [...]string{"/usr/bin/env", "/bin/sh", "/usr/lib/systemd/systemd", "/sbin/init", "/bin/busybox"}

// errNoArchitecture says that nothing tells for which processor a tree is made.
var errNoArchitecture = errors.New("no program, package or kernel here tells for which processor the system is made")

// Architecture returns for which processor the system is made, by Debian's name where
// it has one ("amd64"), and what says so: a program, else the package database, else
// the name of a kernel.
func (m *Machine) Architecture(ctx context.Context) (name, source string, err error) {
	var problems []error
	for _, ask := range []func(context.Context) (string, string, error){m.programArch, m.packageArch, m.kernelArch} {
		name, source, err := ask(ctx)
		if name != "" {
			return name, source, nil
		}
		problems = append(problems, err)
	}
	return "", "", fmt.Errorf("looking for the architecture: %w", errors.Join(append(problems, errNoArchitecture)...))
}

func (m *Machine) programArch(context.Context) (name, source string, err error) {
	var problems []error
	for _, program := range everywhere {
		e, err := m.elf(program)
		if err == nil {
			return processor(e), program, nil
		}
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errNotELF) && !errors.Is(err, host.ErrNotRegular) {
			problems = append(problems, err)
		}
	}
	return "", "", errors.Join(problems...)
}

func (m *Machine) packageArch(ctx context.Context) (name, source string, err error) {
	packages, err := m.Packages.Installed(ctx)
	if errors.Is(err, ErrNoReader) || errors.Is(err, ErrNoManager) {
		err = nil
	}
	for _, p := range packages {
		if p.Name == "dpkg" || p.Name == "rpm" || p.Name == "glibc" {
			return debianName(p.Arch), "package " + p.Name, nil
		}
	}
	return "", "", err
}

func (m *Machine) kernelArch(ctx context.Context) (name, source string, err error) {
	kernels, err := m.Kernels(ctx)
	for _, k := range kernels {
		for _, arch := range []string{"x86_64", AMD64, "aarch64", "arm64"} {
			if strings.HasSuffix(k.Release, arch) {
				return debianName(arch), "kernel " + k.Release, nil
			}
		}
	}
	return "", "", err
}

func processor(e ELF) string {
	switch {
	case e.Machine == elf.EM_X86_64 && e.Bits == 64:
		return AMD64
	case e.Machine == elf.EM_X86_64:
		return "x32"
	case e.Machine == elf.EM_386:
		return "i386"
	case e.Machine == elf.EM_AARCH64:
		return "arm64"
	}
	return strings.ToLower(strings.TrimPrefix(e.Machine.String(), "EM_"))
}

// debianName turns Red Hat's name of an architecture into Debian's.
func debianName(arch string) string {
	switch arch {
	case "x86_64":
		return AMD64
	case "i686":
		return "i386"
	case "aarch64":
		return "arm64"
	}
	return arch
}
