package distro

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"imgcheck/internal/host"
)

// ErrNoVersion says that nothing tells the version of a program that is there.
var ErrNoVersion = errors.New("its version cannot be determined")

// CloudInit is what a machine has of cloud-init.
type CloudInit struct {
	// Program is the path of the program, empty where there is none.
	Program string
	// Version is its version; Source is what says so: a package, a file or the program.
	Version, Source string
}

const (
	cloudInitProgram = "cloud-init"
	metadataLimit    = 1 << 20
)

// cloudInitPackages are the packages that hold the program; Ubuntu has split it.
var cloudInitPackages = [...]string{"cloud-init", "cloud-init-base"}

// pythonDirs are where Python looks for modules, in its own order.
var pythonDirs = [...]string{
	"/usr/local/lib/python*/dist-packages", "/usr/local/lib/python*/site-packages",
	"/usr/lib/python*/dist-packages", "/usr/lib/python*/site-packages",
}

// pythonMetadata are the files in such a folder that tell cloud-init's version.
var pythonMetadata = [...]struct {
	pattern string
	version *regexp.Regexp
}{
	{"cloud_init-*.egg-info/PKG-INFO", headerVersion},
	{"cloud_init-*.dist-info/METADATA", headerVersion},
	{"cloud_init-*.egg-info", headerVersion}, // a file, by older distutils
	{"cloudinit/version.py", moduleVersion},
}

var (
	headerVersion = regexp.MustCompile(`(?m)^Version:[ \t]*([0-9]\S{0,100})[ \t\r]*$`)
	moduleVersion = regexp.MustCompile(`(?m)^__VERSION__[ \t]*=[ \t]*["']([0-9][^"'\s]{0,100})["']`)
	toldVersion   = regexp.MustCompile(`(?m)^(?:\S*/)?cloud-init[ \t]+([0-9]\S{0,100})`)
)

// CloudInit looks for cloud-init and its version: in the package database, else in
// the metadata of its Python module, else by asking the program. Where the program
// is there and nothing tells, the error is ErrNoVersion and why.
func (m *Machine) CloudInit(ctx context.Context) (CloudInit, error) {
	program, err := m.Program(cloudInitProgram)
	if err != nil {
		return CloudInit{}, fmt.Errorf("looking for cloud-init: %w", err)
	}
	if program == "" {
		return CloudInit{}, nil
	}
	var problems []error
	for _, look := range []func(context.Context) (string, string, error){
		m.packagedCloudInit, m.cloudInitMetadata, m.askCloudInit,
	} {
		version, source, err := look(ctx)
		if version != "" {
			return CloudInit{program, version, source}, nil
		}
		if !errors.Is(err, host.ErrOffline) {
			problems = append(problems, err)
		}
	}
	return CloudInit{Program: program}, errors.Join(append([]error{fmt.Errorf("%s: %w", program, ErrNoVersion)}, problems...)...)
}

func (m *Machine) packagedCloudInit(ctx context.Context) (version, source string, err error) {
	for _, name := range cloudInitPackages {
		p, found, err := m.Package(ctx, name)
		if err != nil {
			return "", "", err
		}
		if found {
			return p.Version, "package " + name, nil
		}
	}
	return "", "", nil
}

func (m *Machine) cloudInitMetadata(context.Context) (version, source string, err error) {
	var problems []error
	for _, dir := range pythonDirs {
		for _, metadata := range pythonMetadata {
			files, err := m.Root.Glob(path.Join(dir, metadata.pattern))
			problems = append(problems, err)
			for _, file := range files {
				data, _, err := m.Root.ReadHead(file, metadataLimit)
				if found := metadata.version.FindSubmatch(data); found != nil {
					return string(found[1]), file, nil
				}
				if !errors.Is(err, host.ErrNotRegular) { // an egg-info is a folder as a rule
					problems = append(problems, err)
				}
			}
		}
	}
	return "", "", errors.Join(problems...)
}

func (m *Machine) askCloudInit(ctx context.Context) (version, source string, err error) {
	out, err := m.Exec.Run(ctx, host.Command{Name: cloudInitProgram, Args: []string{"--version"}})
	if err != nil {
		return "", "", fmt.Errorf("asking cloud-init: %w", err)
	}
	// Python 2's argparse prints the version to standard error.
	for _, stream := range [][]byte{out.Stdout, out.Stderr} {
		if found := toldVersion.FindSubmatch(stream); found != nil {
			return string(found[1]), "the program", nil
		}
	}
	return "", "", fmt.Errorf("cloud-init --version: exit code %d and no version", out.ExitCode)
}

var (
	numbersOfVersion = regexp.MustCompile(`^(?:[0-9]{1,9}:)?([0-9]{1,9}(?:\.[0-9]{1,9})*)([^0-9].*)?$`)
	previewMark      = regexp.MustCompile(`^(~|\.?(rc|a|b|dev)[0-9])`)
)

// VersionBefore reports whether a version ("0.7.9-233-ge586fe35", "1:24.1.3~rc1")
// comes before a plain one ("0.7.9"), and whether it could be read at all. Only its
// leading numbers count; "~rc1" or "rc1" right behind them is before the release.
func VersionBefore(version, plain string) (before, ok bool) {
	parts := numbersOfVersion.FindStringSubmatch(strings.TrimSpace(version))
	if parts == nil {
		return false, false
	}
	order := slices.Compare(numbers(parts[1]), numbers(plain))
	return order < 0 || order == 0 && previewMark.MatchString(parts[2]), true
}

// numbers reads "0.7.9"; trailing zeros do not count.
func numbers(dotted string) []int {
	var found []int
	for _, field := range strings.Split(dotted, ".") {
		n, err := strconv.Atoi(field)
		if err != nil {
			return found
		}
		found = append(found, n)
	}
	for len(found) > 0 && found[len(found)-1] == 0 {
		found = found[:len(found)-1]
	}
	return found
}
