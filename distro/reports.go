package distro

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"

	"imgcheck/internal/host"
)

// reportHead is how a JSON report of this program begins.
var reportHead = regexp.MustCompile(`^\s*\{\s*"schema":\s*"imgcheck\.report/v[0-9]`)

const (
	reportHeadSize = 256
	// reportLeast is less than the smallest report has, in bytes.
	reportLeast = 200
)

// Reports returns the JSON reports of this program that lie right in /root or in a
// folder of /home, sorted.
func (m *Machine) Reports() ([]string, error) {
	var found []string
	var problems []error
	for _, pattern := range [...]string{"/home/*/*", "/root/*"} {
		names, err := m.Root.Glob(pattern)
		problems = append(problems, err)
		for _, name := range names {
			info, err := m.Root.Lstat(name)
			if err == nil && info.Mode().IsRegular() && info.Size() >= reportLeast {
				var head []byte
				head, _, err = m.Root.ReadHead(name, reportHeadSize)
				if reportHead.Match(head) {
					found = append(found, name)
				}
			}
			if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, host.ErrNotRegular) {
				problems = append(problems, err)
			}
		}
	}
	if err := errors.Join(problems...); err != nil {
		return found, fmt.Errorf("looking for reports: %w", err)
	}
	return found, nil
}
