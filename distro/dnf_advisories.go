package distro

import (
	"bytes"
	"fmt"
)

// repositoryIndexes are where dnf and yum keep what repositories publish of themselves.
var repositoryIndexes = [...]string{"/var/cache/dnf/*/repodata/repomd.xml", "/var/cache/yum/*/*/*/repomd.xml"}

const repositoryIndexLimit = 1 << 20

// publishesAdvisories reports whether the distribution says which updates concern
// security. The package manager lists advisories of installed packages only; where
// it lists none, the repositories' own indexes tell whether they publish any.
//
// CentOS publishes none, neither Linux nor Stream: what a CentOS machine has of them
// comes from other repositories and says nothing of the distribution's own packages.
func (m *Machine) publishesAdvisories(listed []advisory) (bool, error) {
	if m.OS.ID == "centos" {
		return false, nil
	}
	if len(listed) > 0 {
		return true, nil
	}
	for _, pattern := range repositoryIndexes {
		names, err := m.Root.Glob(pattern)
		if err != nil {
			return false, fmt.Errorf("looking for advisories: %w", err)
		}
		for _, name := range names {
			index, err := m.Root.ReadFile(name, repositoryIndexLimit)
			if err != nil {
				return false, fmt.Errorf("looking for advisories: %w", err)
			}
			if bytes.Contains(index, []byte(`type="updateinfo"`)) {
				return true, nil
			}
		}
	}
	return false, nil
}
