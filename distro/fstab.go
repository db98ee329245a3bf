package distro

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// FstabFile lists what is mounted at boot.
const FstabFile = "/etc/fstab"

const fstabLimit = 1 << 20

// fstabEntry is one line of fstab(5).
type fstabEntry struct {
	source, kind string
	options      []string
	line         int // from 1
}

// fstab reads what is mounted at boot; nothing where the file is not there.
func (m *Machine) fstab() ([]fstabEntry, error) {
	data, err := m.Root.ReadFile(FstabFile, fstabLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading what is mounted at boot: %w", err)
	}
	return parseFstab(data), nil
}

// parseFstab reads the lines that mount(8) would take; it passes over others, too.
func parseFstab(data []byte) []fstabEntry {
	var entries []fstabEntry
	for i, line := range lines(data) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0][0] == '#' {
			continue
		}
		e := fstabEntry{source: unescaped(fields[0]), kind: fields[2], line: i + 1}
		if len(fields) > 3 {
			e.options = strings.Split(fields[3], ",")
		}
		entries = append(entries, e)
	}
	return entries
}

// unescaped undoes how blanks are written where blanks divide fields.
func unescaped(field string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(field)
}
