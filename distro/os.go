package distro

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"

	"imgcheck/internal/host"
)

// OS is what a machine says of its distribution.
type OS struct {
	// ID, Name, Version and Codename are os-release's ID, NAME, VERSION_ID and
	// VERSION_CODENAME; Pretty is its PRETTY_NAME.
	ID, Name, Version, Codename, Pretty string
	// Like is ID_LIKE: the distributions this one descends from.
	Like []string
	// File is where it stands, empty where the tree holds no such file.
	File string
}

const osFileLimit = 64 << 10

// osFiles are the places of the answer, the best first, as os-release(5) orders
// its own two and as img_check.sh looked further.
var osFiles = [...]struct {
	path  string
	parse func([]byte) (OS, error)
}{
	{"/etc/os-release", ParseOSRelease},
	{"/usr/lib/os-release", ParseOSRelease},
	{"/etc/lsb-release", parseLSBRelease},
	{"/etc/centos-release", parseRedHatRelease},
	{"/etc/redhat-release", parseRedHatRelease},
	{"/etc/debian_version", parseDebianVersion},
}

func readOS(root *host.Root) (OS, error) {
	for _, f := range osFiles {
		data, err := root.ReadFile(f.path, osFileLimit)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return OS{}, fmt.Errorf("reading the distribution: %w", err)
		}
		found, err := f.parse(data)
		if err != nil {
			return OS{}, fmt.Errorf("reading the distribution: %s: %w", f.path, err)
		}
		found.File = f.path
		return found, nil
	}
	return OS{}, nil
}

// ParseOSRelease reads an os-release file. The file is shell text by its
// specification, and root must never run it: only plain assignments are read.
func ParseOSRelease(data []byte) (OS, error) {
	values, err := assignments(data)
	if err != nil {
		return OS{}, err
	}
	return OS{
		ID: values["ID"], Name: values["NAME"], Version: values["VERSION_ID"],
		Codename: values["VERSION_CODENAME"], Pretty: values["PRETTY_NAME"],
		Like: strings.Fields(values["ID_LIKE"]),
	}, nil
}

func parseLSBRelease(data []byte) (OS, error) {
	values, err := assignments(data)
	if err != nil {
		return OS{}, err
	}
	return OS{
		ID: strings.ToLower(values["DISTRIB_ID"]), Name: values["DISTRIB_ID"],
		Version: values["DISTRIB_RELEASE"], Codename: values["DISTRIB_CODENAME"],
		Pretty: values["DISTRIB_DESCRIPTION"],
	}, nil
}

// parseDebianVersion reads "12.5" or "bookworm/sid".
func parseDebianVersion(data []byte) (OS, error) {
	if !utf8.Valid(data) || bytes.ContainsRune(data, 0) {
		return OS{}, errors.New("not text")
	}
	version, _, _ := strings.Cut(strings.TrimSpace(string(data)), ".")
	return OS{ID: "debian", Name: "Debian GNU/Linux", Version: version}, nil
}

// parseRedHatRelease reads "CentOS Linux release 7.9.2009 (Core)".
func parseRedHatRelease(data []byte) (OS, error) {
	if !utf8.Valid(data) || bytes.ContainsRune(data, 0) {
		return OS{}, errors.New("not text")
	}
	line, _, _ := strings.Cut(string(data), "\n")
	name, rest, found := strings.Cut(line, " release ")
	version := strings.Fields(rest)
	if !found || len(version) == 0 {
		return OS{}, errors.New("line 1 names no release")
	}
	first, _, _ := strings.Cut(strings.ToLower(name), " ")
	if name == "CentOS" { // as release 6 calls itself
		name = "CentOS Linux"
	}
	major, _, _ := strings.Cut(version[0], ".")
	return OS{ID: first, Name: name, Version: major, Pretty: line}, nil
}

// assignments reads lines of NAME=value, where the value may stand in quotes.
func assignments(data []byte) (map[string]string, error) {
	if !utf8.Valid(data) || bytes.ContainsRune(data, 0) {
		return nil, errors.New("not text")
	}
	values := map[string]string{}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, found := strings.Cut(line, "=")
		if !found {
			return nil, fmt.Errorf("line %d is not an assignment", i+1)
		}
		value, err := unquote(value)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		values[name] = value
	}
	return values, nil
}

// unquote takes the shell quotes off a value as os-release(5) allows them.
func unquote(value string) (string, error) {
	if value == "" || value[0] != '"' && value[0] != '\'' {
		return value, nil
	}
	quote := value[0]
	var out strings.Builder
	for i := 1; i < len(value); i++ {
		switch c := value[i]; {
		case c == quote:
			return out.String(), nil
		case c == '\\' && quote == '"' && i+1 < len(value):
			i++
			out.WriteByte(value[i])
		default:
			out.WriteByte(c)
		}
	}
	return "", errors.New("a quote is not closed")
}
