package distro

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"imgcheck/internal/host"
)

// leftovers are what an interrupted transaction leaves behind.
var leftovers = [...]struct{ pattern, state string }{
	{"/var/lib/yum/transaction-all.*", "a yum transaction did not finish"},
	{"/var/lib/yum/transaction-done.*", "a yum transaction did not finish"},
	{"/var/lib/rpmrebuilddb.*", "a rebuild of the rpm database did not finish"},
}

// Problems lists what rpm has in the place of half-installed packages: packages
// installed twice, requirements that nothing meets, unfinished transactions.
//
// The requirements come from "rpm -Va" without files and scripts, a tenth of what
// "dnf check" takes; that reports the same, and obsoleted packages besides.
func (r rpmPackages) Problems(ctx context.Context) ([]Problem, error) {
	list, err := r.m.Packages.Installed(ctx)
	if err != nil {
		return nil, err
	}
	problems := duplicates(list)
	left, err := r.unfinished()
	if err != nil {
		return nil, fmt.Errorf("looking for unfinished transactions: %w", err)
	}
	problems = append(problems, left...)
	if r.m.Live {
		unmet, err := r.unmet(ctx)
		if err != nil {
			return nil, fmt.Errorf("looking for unmet requirements: %w", err)
		}
		problems = append(problems, unmet...)
	}
	sort.Slice(problems, func(i, j int) bool {
		a, b := problems[i], problems[j]
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.State, b.State)) < 0
	})
	return problems, nil
}

// duplicates finds what an update that was cut off leaves: the old version beside
// the new one. Kernels are installed side by side on purpose.
func duplicates(list []Package) []Problem {
	versions := map[string][]string{}
	for _, p := range list {
		if p.Name != "kernel" && !strings.HasPrefix(p.Name, "kernel-") {
			name := p.Name + "." + p.Arch
			versions[name] = append(versions[name], p.Version)
		}
	}
	var found []Problem
	for name, v := range versions {
		if len(v) > 1 {
			found = append(found, Problem{name, "installed more than once: " + strings.Join(v, ", ")})
		}
	}
	return found
}

func (r rpmPackages) unfinished() ([]Problem, error) {
	var found []Problem
	for _, l := range leftovers {
		names, err := r.m.Root.Glob(l.pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			found = append(found, Problem{name, l.state})
		}
	}
	return found, nil
}

func (r rpmPackages) unmet(ctx context.Context) ([]Problem, error) {
	out, err := r.m.Exec.Run(ctx, host.Command{
		Name: "rpm", Args: []string{"-Va", "--nofiles", "--noscripts", "--nodigest", "--nosignature"},
	})
	if err != nil {
		return nil, err
	}
	if line := rpmError(out.Stderr); line != "" {
		return nil, fmt.Errorf("rpm: %s", line)
	}
	found := parseUnmet(out.Stdout)
	if out.ExitCode != 0 && len(found) == 0 {
		return nil, errors.New("rpm finds fault and does not say with what")
	}
	return found, nil
}

// parseUnmet reads what "rpm -Va" says of dependencies: a head line a package, and
// an indented line for each requirement that nothing meets.
func parseUnmet(data []byte) []Problem {
	var found []Problem
	name := ""
	for _, line := range lines(data) {
		if rest, head := strings.CutPrefix(line, "Unsatisfied dependencies for "); head {
			name = strings.TrimSuffix(rest, ":")
			continue
		}
		what, _, needed := strings.Cut(strings.TrimSpace(line), " is needed by ")
		if needed && name != "" {
			found = append(found, Problem{name, "requires " + what + ", which is not installed"})
		}
	}
	return found
}
