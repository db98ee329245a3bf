package distro

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Kernel is one kernel by its release ("6.8.0-51-generic").
type Kernel struct {
	Release string
	// Flavour tells apart kernels that do not replace each other ("generic",
	// "cloud-amd64", "debug"); empty for Red Hat's usual one.
	Flavour string
}

// Places of kernels and of the mark that a reboot is due.
const (
	kernelImages   = "/boot/vmlinuz-*"
	rescueKernel   = "0-rescue"
	rebootRequired = "/run/reboot-required"
	rebootPackages = "/run/reboot-required.pkgs"
	rebootLimit    = 1 << 20
)

// moduleDirs hold one folder a kernel; Red Hat's have the image there too.
var moduleDirs = [...]string{"/usr/lib/modules/*/vmlinuz", "/lib/modules/*/vmlinuz"}

// Kernels returns the installed kernels that can be booted, oldest first, each
// once. Modules without an image are what a removed kernel leaves behind; rescue
// images are no kernel of their own.
func (m *Machine) Kernels(context.Context) ([]Kernel, error) {
	var found []Kernel
	add := func(release string) {
		k := ParseKernel(release)
		if !strings.HasPrefix(release, rescueKernel) && !slices.Contains(found, k) {
			found = append(found, k)
		}
	}
	images, err := m.Root.Glob(kernelImages)
	problems := []error{err}
	for _, image := range images {
		add(strings.TrimPrefix(path.Base(image), "vmlinuz-"))
	}
	for _, pattern := range moduleDirs {
		images, err := m.Root.Glob(pattern)
		problems = append(problems, err)
		for _, image := range images {
			add(path.Base(path.Dir(image)))
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Compare(found[j]) < 0 })
	if err := errors.Join(problems...); err != nil {
		return found, fmt.Errorf("looking for kernels: %w", err)
	}
	return found, nil
}

// elKernel is "5.14.0-611.5.1.el9_7.x86_64", with what makes it another flavour:
// ".lve" of CloudLinux before it, ".elrepo" or "uek" inside, "+debug" behind.
var elKernel = regexp.MustCompile(`\.el[0-9]+(?:_[0-9]+)?(.*?)\.(?:x86_64|aarch64)(.*)$`)

// ParseKernel tells a kernel's flavour from its release.
func ParseKernel(release string) Kernel {
	k := Kernel{Release: release}
	if el := elKernel.FindStringSubmatch(release); el != nil {
		k.Flavour = strings.Trim(el[1]+el[2], ".+")
		if strings.Contains(release, ".lve.") {
			k.Flavour += "lve"
		}
		return k
	}
	fields := strings.Split(release, "-")
	i := slices.IndexFunc(fields, func(f string) bool { return f == "" || f[0] < '0' || f[0] > '9' })
	if i > 0 {
		k.Flavour = strings.Join(fields[i:], "-")
	}
	return k
}

// Compare orders kernels by flavour, then by release, the older first.
func (k Kernel) Compare(other Kernel) int {
	return cmp.Or(
		cmp.Compare(k.Flavour, other.Flavour),
		compareReleases(k.Release, other.Release),
		cmp.Compare(k.Release, other.Release),
	)
}

var releasePart = regexp.MustCompile(`[0-9]+|[A-Za-z]+|~`)

// compareReleases orders as rpm orders versions, which for kernels of one flavour is
// Debian's order too: runs of digits as numbers, a number above a word, "~" below
// the end.
func compareReleases(a, b string) int {
	left, right := releasePart.FindAllString(a, -1), releasePart.FindAllString(b, -1)
	for i := range min(len(left), len(right)) {
		if order := compareParts(left[i], right[i]); order != 0 {
			return order
		}
	}
	switch {
	case len(left) > len(right) && left[len(right)] == "~":
		return -1
	case len(right) > len(left) && right[len(left)] == "~":
		return 1
	}
	return cmp.Compare(len(left), len(right))
}

func compareParts(a, b string) int {
	class := func(s string) int {
		switch {
		case s == "~":
			return 0
		case s[0] > '9':
			return 1
		}
		return 2
	}
	if class(a) != 2 || class(b) != 2 {
		return cmp.Or(cmp.Compare(class(a), class(b)), cmp.Compare(a, b))
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// RebootMark is the mark by which packages ask for a reboot.
type RebootMark struct {
	// Path is the mark, empty where there is none.
	Path string
	// Packages are the names of the packages that asked, sorted.
	Packages []string
}

var packageName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.+_-]{0,127}$`)

// RebootMark looks for the mark that Debian's packages leave in /run.
func (m *Machine) RebootMark(context.Context) (RebootMark, error) {
	marked, err := m.exists(rebootRequired)
	if err != nil || !marked {
		return RebootMark{}, err
	}
	mark := RebootMark{Path: rebootRequired}
	data, err := m.Root.ReadFile(rebootPackages, rebootLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return mark, nil
	}
	for _, line := range lines(data) {
		if name := strings.TrimSpace(line); packageName.MatchString(name) {
			mark.Packages = append(mark.Packages, name)
		}
	}
	slices.Sort(mark.Packages)
	mark.Packages = slices.Compact(mark.Packages)
	return mark, err
}
