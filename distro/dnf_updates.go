package distro

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// severities, the gravest first; an advisory need not have one.
var severities = [...]string{"Critical", "Important", "Moderate", "Low"}

// listUpdates puts together what was asked: rows is every newer version there is,
// offered what the package manager would install by itself.
func listUpdates(rows, offered []updateRow, advisories []advisory, installed []Package) []Update {
	gravest := gravestAdvisories(advisories)
	var list []Update
	for _, row := range newestRows(rows) {
		u := Update{Name: row.name, Arch: row.arch, Candidate: row.version, Source: row.repo}
		now := newestInstalled(installed, row)
		u.Installed = now.Version
		if !slices.ContainsFunc(offered, row.same) {
			u.Held, u.Pinned = now.Held, !now.Held
		}
		if a, found := gravest[row.name]; found {
			u.Security, u.Advisory, u.Severity = a.security, a.id, a.severity
		}
		list = append(list, u)
	}
	return list
}

// same reports whether two rows offer the same version of a package. Which of two
// repositories it comes from does not matter.
func (u updateRow) same(other updateRow) bool {
	return u.name == other.name && u.arch == other.arch && u.version == other.version
}

// newestRows sorts the rows and leaves one for each package: dnf lists a version
// once for every repository that has it.
func newestRows(rows []updateRow) []updateRow {
	rows = slices.Clone(rows)
	sort.Slice(rows, func(i, j int) bool {
		a, b := rows[i], rows[j]
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.arch, b.arch),
			compareRPM(b.version, a.version), cmp.Compare(a.repo, b.repo)) < 0
	})
	return slices.CompactFunc(rows, func(a, b updateRow) bool { return a.name == b.name && a.arch == b.arch })
}

// newestInstalled returns the installed package that a row updates: the newest, of
// that architecture where there is one.
func newestInstalled(installed []Package, row updateRow) Package {
	var best Package
	for _, p := range installed {
		if p.Name != row.name || best.Name != "" && best.Arch == row.arch && p.Arch != row.arch {
			continue
		}
		if best.Name == "" || best.Arch != row.arch && p.Arch == row.arch || compareRPM(p.Version, best.Version) > 0 {
			best = p
		}
	}
	return best
}

// gravestAdvisories returns for each package the gravest advisory that no installed
// version meets, the latest of equals. A security advisory counts also where the
// newest version has a bugfix one: it lies between that and the installed version.
func gravestAdvisories(advisories []advisory) map[string]advisory {
	gravest := map[string]advisory{}
	for _, a := range advisories {
		if a.installed {
			continue
		}
		if best, found := gravest[a.name]; !found || a.graver(best) {
			gravest[a.name] = a
		}
	}
	return gravest
}

func (a advisory) graver(b advisory) bool {
	if a.rank() != b.rank() {
		return a.rank() < b.rank()
	}
	return strings.Compare(a.id, b.id) > 0
}

// rank counts from 0, the gravest.
func (a advisory) rank() int {
	if !a.security {
		return len(severities) + 1
	}
	if i := slices.Index(severities[:], a.severity); i >= 0 {
		return i
	}
	return len(severities)
}
