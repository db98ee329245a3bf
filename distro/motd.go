package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"imgcheck/internal/host"
)

// Places of the message of the day.
const (
	// MOTDScripts holds the programs that make it on Debian and Ubuntu.
	MOTDScripts = "/etc/update-motd.d"
	motdStatic  = "/etc/motd"
	motdParts   = "/etc/motd.d"
	motdLimit   = 1 << 20
	hushLogin   = "/root/.hushlogin"
)

// motdPartsSince is the first release of the Red Hat family whose pam_motd reads /etc/motd.d.
const motdPartsSince = 8

// motdOfOthers are files in /etc/motd.d of the distribution's own programs.
var motdOfOthers = [...]string{"cockpit", "insights-client"}

// MOTD is the message that a login shows.
type MOTD struct {
	// ByScripts: programs in MOTDScripts make it; else files hold it.
	ByScripts bool
	// Parts are what it is made of, in the order in which it is shown.
	Parts []MOTDPart
	// Hushed is the file that keeps root from seeing it, empty where there is none.
	Hushed string
}

// MOTDPart is one program or file of the message.
type MOTDPart struct {
	Path string
	// Last: its name begins with 99, so that it is shown at the end.
	Last bool
	// Skipped: run-parts passes over a program of that name.
	Skipped bool
	// CannotRun tells why a program could not be run, "" where it could.
	CannotRun string
	// Empty: a file that says nothing.
	Empty bool
	// Sample is the 1-Click of DigitalOcean's own whose text it is ("LAMP"), or empty.
	Sample string
}

// MOTD looks at what a login shows. Parts that could be judged are returned beside an
// error that names those that could not.
func (m *Machine) MOTD(context.Context) (MOTD, error) {
	d := MOTD{ByScripts: m.Family == FamilyDeb}
	var problems []error
	if d.ByScripts {
		names, err := m.motdNames(MOTDScripts)
		problems = append(problems, err)
		for _, name := range names {
			problems = append(problems, d.add(m.motdScript(name)))
		}
	}
	static := []string{motdStatic}
	if m.motdHasParts() {
		names, err := m.motdNames(motdParts)
		static, problems = append(static, names...), append(problems, err)
	}
	for _, name := range static {
		problems = append(problems, d.add(m.motdFile(name)))
	}
	hushed, err := m.exists(hushLogin)
	if hushed {
		d.Hushed = hushLogin
	}
	if err := errors.Join(append(problems, err)...); err != nil {
		return d, fmt.Errorf("looking at the message of the day: %w", err)
	}
	return d, nil
}

func (d *MOTD) add(part MOTDPart, err error) error {
	if err == nil && part.Path != "" {
		d.Parts = append(d.Parts, part)
	}
	return err
}

func (m *Machine) motdHasParts() bool {
	major, _, _ := strings.Cut(m.OS.Version, ".")
	return m.Family == FamilyRPM && atoi(major) >= motdPartsSince
}

func (m *Machine) motdNames(dir string) ([]string, error) {
	entries, err := m.Root.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, host.ErrNotFolder) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, path.Join(dir, e.Name()))
	}
	return names, err
}

func (m *Machine) motdScript(name string) (MOTDPart, error) {
	base := path.Base(name)
	p := MOTDPart{Path: name, Last: strings.HasPrefix(base, "99"), Skipped: !runPartsName(base)}
	why, err := m.CannotRun(name)
	if err != nil {
		return p, err
	}
	p.CannotRun = why
	text, err := m.motdText(name)
	p.Sample = motdSample(text)
	return p, err
}

// motdFile judges a file that is shown as it is; no part where there is none.
func (m *Machine) motdFile(name string) (MOTDPart, error) {
	if slices.Contains(motdOfOthers[:], path.Base(name)) {
		return MOTDPart{}, nil
	}
	_, err := m.Root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return MOTDPart{}, nil
	}
	if err != nil {
		return MOTDPart{}, err
	}
	text, err := m.motdText(name)
	return MOTDPart{Path: name, Empty: strings.TrimSpace(string(text)) == "", Sample: motdSample(text)}, err
}

// motdText reads a regular file; anything else says nothing.
func (m *Machine) motdText(name string) ([]byte, error) {
	text, _, err := m.Root.ReadHead(name, motdLimit)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, host.ErrNotRegular) {
		return nil, nil
	}
	return text, err
}

// sampleText is how DigitalOcean's own 1-Clicks greet, on which vendors build theirs.
var sampleText = regexp.MustCompile(`(?i)Welcome to DigitalOcean['’]s 1-Click (LAMP|LEMP)\b`)

func motdSample(text []byte) string {
	if found := sampleText.FindSubmatch(text); found != nil {
		return strings.ToUpper(string(found[1]))
	}
	return ""
}

// Names that "run-parts --lsbsysinit" runs: hierarchical ones but those of dpkg's
// backups, and plain ones (run-parts(8)).
var (
	hierarchicalName = regexp.MustCompile(`^_?([a-z0-9_.]+-)+[a-z0-9]+$`)
	backupName       = regexp.MustCompile(`^[a-z0-9-].*\.dpkg-(old|dist|new|tmp)$`)
	plainName        = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
)

// runPartsName reports whether a program of that name is run for the message.
func runPartsName(name string) bool {
	if hierarchicalName.MatchString(name) {
		return !backupName.MatchString(name)
	}
	return plainName.MatchString(name)
}
