package distro

import (
	"fmt"
	"regexp"
	"strings"
)

// obsoleting heads the second list of check-update: packages that would replace
// others. They are no newer version of anything.
const obsoleting = "Obsoleting Packages"

// updateRow is one line of "check-update".
type updateRow struct {
	name, arch, version, repo string
}

var (
	nameArch = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9._+-]*)\.(noarch|x86_64(?:_v[234])?|amd64|athlon|i[3-6]86|aarch64|armv7hl|ppc64(?:le)?|s390x?|riscv64)$`)
	// dnf writes the epoch behind the name, yum before it.
	nevra = regexp.MustCompile(`^(?:([0-9]+):)?(.+)-(?:([0-9]+):)?([^-]+-[^-]+)\.([a-z0-9_]+)$`)
)

// parseCheckUpdate reads the list of "check-update" of dnf 4 and yum 3: rows of
// name.arch, version and repository. A column too wide breaks its row, and what
// follows begins with a space. Everything else on standard output is chatter of
// plugins, or the notes about the running kernel.
func parseCheckUpdate(data []byte) ([]updateRow, error) {
	var rows []updateRow
	var row []string
	for i, line := range lines(data) {
		if strings.HasPrefix(line, obsoleting) {
			break
		}
		fields := strings.Fields(line)
		continued := len(row) > 0 && len(fields) > 0 && (line[0] == ' ' || line[0] == '\t')
		switch {
		case continued:
			row = append(row, fields...)
		case len(row) > 0:
			return nil, fmt.Errorf("line %d of the list of updates is cut off", i)
		case len(fields) > 0 && line[0] != ' ' && nameArch.MatchString(fields[0]):
			row = fields
		default:
			continue
		}
		if len(row) < 3 {
			continue
		}
		update, err := newRow(row)
		if err != nil {
			return nil, fmt.Errorf("line %d of the list of updates %w", i+1, err)
		}
		rows, row = append(rows, update), nil
	}
	if len(row) > 0 {
		return nil, fmt.Errorf("the list of updates is cut off")
	}
	return rows, nil
}

func newRow(f []string) (updateRow, error) {
	if len(f) != 3 || !strings.Contains(f[1], "-") {
		return updateRow{}, fmt.Errorf("is not a package, a version and a repository")
	}
	m := nameArch.FindStringSubmatch(f[0])
	return updateRow{m[1], m[2], strings.TrimPrefix(f[1], "0:"), f[2]}, nil
}

// advisory is one line of "updateinfo list": one package of one advisory.
type advisory struct {
	id, severity  string
	name, version string
	security      bool
	// installed: this version or a newer one is.
	installed bool
}

// parseUpdateinfo reads "updateinfo list --all" of dnf 4 and "updateinfo list all"
// of yum 3: a mark where installed, the advisory, its kind, the package. A line
// that speaks of security and cannot be read is an error; others are chatter.
func parseUpdateinfo(data []byte) ([]advisory, error) {
	var found []advisory
	for i, line := range lines(data) {
		fields := strings.Fields(line)
		installed := len(fields) > 0 && fields[0] == "i"
		if installed {
			fields = fields[1:]
		}
		a, ok := newAdvisory(fields)
		if !ok && strings.Contains(line, "/Sec.") {
			return nil, fmt.Errorf("line %d of the list of advisories cannot be read", i+1)
		}
		if ok {
			a.installed = installed
			found = append(found, a)
		}
	}
	return found, nil
}

func newAdvisory(f []string) (advisory, bool) {
	if len(f) != 3 {
		return advisory{}, false
	}
	severity, security := strings.CutSuffix(f[1], "/Sec.")
	if !security {
		severity = ""
		// yum's word where the advisory has no severity
		security = f[1] == "security"
		if !security && !isAdvisoryKind(f[1]) {
			return advisory{}, false
		}
	}
	m := nevra.FindStringSubmatch(f[2])
	if m == nil {
		return advisory{}, false
	}
	if severity == "Unknown" || severity == "None" {
		severity = ""
	}
	epoch := m[1] + m[3]
	if epoch == "0" {
		epoch = ""
	}
	if epoch != "" {
		epoch += ":"
	}
	return advisory{id: f[0], severity: severity, name: m[2], version: epoch + m[4], security: security}, true
}

func isAdvisoryKind(word string) bool {
	switch word {
	case "bugfix", "enhancement", "newpackage", "recommended", "optional", "feature", "unknown":
		return true
	}
	return false
}
