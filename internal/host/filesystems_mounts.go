package host

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// mount is one line of mountinfo.
type mount struct {
	// major and minor name the device; file systems without one of their own have
	// the major number 0.
	major, minor uint32
	// root is the folder of the file system that is mounted, "/" where it is all of it.
	root string
	// point is where it is mounted.
	point string
	// kind is the kernel's name of the file system's kind.
	kind string
	// source is what was mounted, a device's path as a rule.
	source string
	// options are those of the file system, readonly whether they or those of the
	// mount forbid writing.
	options  []string
	readonly bool
}

var errMountinfo = errors.New("not a line of mountinfo")

// parseMounts reads /proc/self/mountinfo, proc(5).
func parseMounts(data []byte) ([]mount, error) {
	var mounts []mount
	number := 0
	for line := range bytes.Lines(data) {
		number++
		m, err := parseMount(strings.TrimSuffix(string(line), "\n"))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		mounts = append(mounts, m)
	}
	return mounts, nil
}

// parseMount reads one line. Fields are parted by one space each: that of the source
// may be empty.
func parseMount(line string) (m mount, err error) {
	before, after, found := strings.Cut(line, " - ")
	fields, rest := strings.Split(before, " "), strings.Split(after, " ")
	if !found || len(fields) < 6 || len(rest) < 3 {
		return mount{}, errMountinfo
	}
	if m.major, m.minor, err = parseDevice(fields[2]); err != nil {
		return mount{}, err
	}
	m.root, m.point = unescapeMount(fields[3]), unescapeMount(fields[4])
	m.kind, m.source = unescapeMount(rest[0]), unescapeMount(rest[1])
	m.options = strings.Split(rest[2], ",")
	for _, option := range append(strings.Split(fields[5], ","), m.options...) {
		m.readonly = m.readonly || option == "ro"
	}
	if !strings.HasPrefix(m.point, "/") {
		return mount{}, errMountinfo
	}
	return m, nil
}

func parseDevice(text string) (major, minor uint32, err error) {
	first, second, _ := strings.Cut(text, ":")
	a, errA := strconv.ParseUint(first, 10, 32)
	b, errB := strconv.ParseUint(second, 10, 32)
	if errA != nil || errB != nil {
		return 0, 0, errMountinfo
	}
	return uint32(a), uint32(b), nil
}

// unescapeMount undoes the octal escapes that the kernel writes for blanks, "#" and
// the backslash.
func unescapeMount(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+3 < len(text) {
			if c, err := strconv.ParseUint(text[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(c))
				i += 3
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// visible leaves out what another mount at the same place hides: the later one is on
// top.
func visible(mounts []mount) []mount {
	top := map[string]int{}
	for i, m := range mounts {
		top[m.point] = i
	}
	var seen []mount
	for i, m := range mounts {
		if top[m.point] == i {
			seen = append(seen, m)
		}
	}
	return seen
}
