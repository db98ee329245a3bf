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
	// File is where it stands, empty where the tree holds no such file that can be read.
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
		found.File = f.path
		if err != nil {
			err = fmt.Errorf("reading the distribution: %s: %w", f.path, err)
		}
		return found, err
	}
	return OS{}, nil
}

// ParseOSRelease reads an os-release file. The file is shell text by its
// specification, and root must never run it: only plain assignments are read, and
// returned beside an error where there is anything else.
func ParseOSRelease(data []byte) (OS, error) {
	values, err := assignments(data)
	return OS{
		ID: values["ID"], Name: values["NAME"], Version: values["VERSION_ID"],
		Codename: values["VERSION_CODENAME"], Pretty: values["PRETTY_NAME"],
		Like: strings.Fields(values["ID_LIKE"]),
	}, err
}

func parseLSBRelease(data []byte) (OS, error) {
	values, err := assignments(data)
	return OS{
		ID: strings.ToLower(values["DISTRIB_ID"]), Name: values["DISTRIB_ID"],
		Version: values["DISTRIB_RELEASE"], Codename: values["DISTRIB_CODENAME"],
		Pretty: values["DISTRIB_DESCRIPTION"],
	}, err
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

// assignments reads lines of NAME=value as a shell would, to which img_check.sh gives
// them: "NAME=Rocky Linux" names nothing, and a carriage return belongs to the value.
// What could be read is returned beside an error that names the first other line.
func assignments(data []byte) (map[string]string, error) {
	values := map[string]string{}
	var problem error
	if !utf8.Valid(data) || bytes.ContainsRune(data, 0) {
		problem = errors.New("not text")
	}
	for i, line := range strings.Split(strings.ReplaceAll(string(data), "\x00", ""), "\n") {
		line = strings.TrimLeft(line, " \t")
		if line == "" || line[0] == '#' {
			continue
		}
		name, text, found := strings.Cut(line, "=")
		value, err := shellWord(text)
		if !found || strings.Trim(name, nameLetters) != "" {
			err = errNoAssignment
		}
		if err == nil {
			values[name] = value
			continue
		}
		if problem == nil {
			problem = fmt.Errorf("line %d %w", i+1, err)
		}
		if errors.Is(err, errOpenQuote) {
			break // whatever follows is part of it
		}
	}
	return values, problem
}

const nameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

var (
	errNoAssignment = errors.New("is not an assignment")
	errOpenQuote    = errors.New("has a quote that is not closed")
)

// shellWord takes the quotes off text that is one word, with or without a comment
// behind it. Nothing is expanded.
func shellWord(text string) (string, error) {
	var out strings.Builder
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quote != '\'' && i+1 < len(text):
			i++
			if quote != 0 && strings.IndexByte("$`\"\\", text[i]) < 0 {
				out.WriteByte(c)
			}
			out.WriteByte(text[i])
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			out.WriteByte(c)
		case c == '"' || c == '\'':
			quote = c
		case strings.IndexByte(" \t;&|<>", c) >= 0:
			return out.String(), wordEnd(text[i:])
		default:
			out.WriteByte(c)
		}
	}
	if quote != 0 {
		return "", errOpenQuote
	}
	return out.String(), nil
}

// wordEnd accepts blanks and a comment behind a word; anything else makes the
// assignment a command's.
func wordEnd(text string) error {
	if text = strings.TrimLeft(text, " \t"); text != "" && text[0] != '#' {
		return errNoAssignment
	}
	return nil
}
