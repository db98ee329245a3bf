package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// KernelArg is one word that the kernel is started with.
type KernelArg struct {
	Arg  string
	File string
	Line int // from 1
	// Later: the file is what a boot loader's configuration is made from, so that the
	// word holds once that is made again, by the next kernel for one.
	Later bool
}

const (
	runningArgs     = "/proc/cmdline"
	grubDefaults    = "/etc/default/grub"
	grubParts       = "/etc/default/grub.d"
	kernelArgsLimit = 4 << 20
	// grubExpansion bounds what a variable that doubles itself on every line can cost.
	grubExpansion = 10_000
)

// bootLoaderFiles tell boot loaders what to start a kernel with: GRUB 2's own and its
// environment, the entries of the Boot Loader Specification, GRUB 1, extlinux.
var bootLoaderFiles = [...]string{
	"/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/boot/efi/EFI/*/grub.cfg",
	"/boot/grub/custom.cfg", "/boot/grub2/custom.cfg",
	"/boot/grub/grubenv", "/boot/grub2/grubenv", "/boot/efi/EFI/*/grubenv",
	"/boot/loader/entries/*.conf", "/boot/efi/loader/entries/*.conf",
	"/boot/grub/menu.lst", "/boot/grub/grub.conf", "/boot/extlinux/extlinux.conf",
}

// kernelInstallFile is what kernel-install makes the entries of new kernels from.
const kernelInstallFile = "/etc/kernel/cmdline"

// KernelArgs returns every word that some kernel of the machine is or would be started
// with, of the running one too where the machine runs. Words that could be read are
// returned beside an error that names the files that could not.
func (m *Machine) KernelArgs(context.Context) ([]KernelArg, error) {
	var args []KernelArg
	var problems []error
	read := func(name string, parse func(string, []byte) []KernelArg) {
		data, err := m.Root.ReadFile(name, kernelArgsLimit)
		if err == nil {
			args = append(args, parse(name, data)...)
		} else if !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, err)
		}
	}
	if m.Live {
		read(runningArgs, plainKernelArgs)
	}
	for _, pattern := range bootLoaderFiles {
		names, err := m.Root.Glob(pattern)
		problems = append(problems, err)
		for _, name := range names {
			read(name, loaderKernelArgs)
		}
	}
	read(kernelInstallFile, laterKernelArgs)
	later, err := m.grubKernelArgs()
	args, problems = append(args, later...), append(problems, err)
	if err := errors.Join(problems...); err != nil {
		return args, fmt.Errorf("reading the kernel's arguments: %w", err)
	}
	return args, nil
}

// plainKernelArgs reads a file that is nothing but arguments.
func plainKernelArgs(file string, data []byte) []KernelArg {
	var args []KernelArg
	for i, line := range lines(data) {
		for _, word := range strings.Fields(line) {
			args = append(args, KernelArg{Arg: word, File: file, Line: i + 1})
		}
	}
	return args
}

func laterKernelArgs(file string, data []byte) []KernelArg {
	args := plainKernelArgs(file, data)
	for i := range args {
		args[i].Later = true
	}
	return args
}

// loaderKernelArgs reads a boot loader's configuration: the lines that name a kernel,
// options or one of GRUB's variables that hold them.
func loaderKernelArgs(file string, data []byte) []KernelArg {
	var args []KernelArg
	for i, line := range lines(data) {
		words := strings.Fields(strings.ReplaceAll(line, "\x00", ""))
		if len(words) > 1 && words[0] == "set" {
			words = words[1:]
		}
		if len(words) == 0 {
			continue
		}
		name, first, isVariable := strings.Cut(words[0], "=")
		switch {
		case isVariable && knownWord(name, "kernelopts default_kernelopts"):
			words[0] = first
		case knownWord(words[0], "linux linux16 linuxefi kernel options append APPEND"):
			words = words[1:]
		default:
			continue
		}
		for _, word := range words {
			args = append(args, KernelArg{Arg: strings.Trim(word, `"'`), File: file, Line: i + 1})
		}
	}
	return args
}

// grubVariables hold the arguments of the usual entries of GRUB's menu.
var grubVariables = [...]string{"GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"}

// grubKernelArgs reads the shell text that GRUB's menu is made from. It is never run.
func (m *Machine) grubKernelArgs() ([]KernelArg, error) {
	parts, err := m.Root.Glob(grubParts + "/*.cfg")
	problems := []error{err}
	values := map[string][]KernelArg{}
	for _, name := range append([]string{grubDefaults}, parts...) {
		data, err := m.Root.ReadFile(name, kernelArgsLimit)
		if err == nil {
			err = assignGrub(values, name, data)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, err)
		}
	}
	var args []KernelArg
	for _, variable := range grubVariables {
		args = append(args, values[variable]...)
	}
	return args, errors.Join(problems...)
}

// assignGrub takes in the assignments of one file. A value may take up an older one
// ("$GRUB_CMDLINE_LINUX quiet"); words keep the place where they were written.
func assignGrub(values map[string][]KernelArg, file string, data []byte) error {
	for i, line := range lines(data) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
		variable, text, found := strings.Cut(line, "=")
		variable, adds := strings.CutSuffix(variable, "+")
		if !found || !slices.Contains(grubVariables[:], variable) {
			continue
		}
		var value []KernelArg
		if adds {
			value = slices.Clone(values[variable])
		}
		for _, word := range strings.Fields(strings.Join(quotedFields(text), " ")) {
			word = strings.Trim(word, `"'`)
			if older, refers := values[strings.Trim(word, "${}")]; refers && strings.HasPrefix(word, "$") {
				value = append(value, older...)
			} else if word != "" {
				value = append(value, KernelArg{Arg: word, File: file, Line: i + 1, Later: true})
			}
		}
		if len(value) > grubExpansion {
			return LineError{file, i + 1, "gives the kernel more arguments than are read"}
		}
		values[variable] = value
	}
	return nil
}
