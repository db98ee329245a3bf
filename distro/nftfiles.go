package distro

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

const (
	nftIncludeDir = "/etc"
	// nftFilesLimit bounds what a few files that include one another can cost.
	nftFilesLimit = 256
)

// nftFiles reads the files that rules include.
type nftFiles struct {
	m        *Machine
	left     int
	problems []error
}

func (m *Machine) nftablesIdle(ruleFiles []string) (config, why string, err error) {
	main, data, err := m.firstFile(ruleFiles)
	if err != nil || main == "" {
		return main, "no rules are saved", err
	}
	rules := ruleset{}
	files := nftFiles{m: m, left: nftFilesLimit}
	parseNftables(data, rules, files.read)
	switch err := errors.Join(files.problems...); {
	case err != nil: // what was not read may take back what the rest refuses
		return main, "", fmt.Errorf("%s: %w", main, err)
	case !rules.refuses():
		return main, nothingRefused, nil
	}
	return main, "", nil
}

// read returns what an include names: a file, the matches of a pattern, or what is
// in a folder.
func (f *nftFiles) read(pattern string) [][]byte {
	if strings.HasSuffix(pattern, "/") {
		pattern += "*"
	}
	if !path.IsAbs(pattern) {
		pattern = path.Join(nftIncludeDir, pattern)
	}
	names, err := f.m.Root.Glob(pattern)
	if err != nil {
		f.problems = append(f.problems, err)
	}
	var contents [][]byte
	for _, name := range names {
		if f.left == 0 {
			f.problems = []error{fmt.Errorf("more than %d files are included", nftFilesLimit)}
			return nil
		}
		f.left--
		data, _, err := f.m.firewallFile(name)
		if err != nil {
			f.problems = append(f.problems, err)
			continue
		}
		contents = append(contents, data)
	}
	return contents
}
