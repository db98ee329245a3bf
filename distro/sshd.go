package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// SSHDConfigFile is where sshd's configuration begins.
const SSHDConfigFile = "/etc/ssh/sshd_config"

const (
	sshdFileLimit = 1 << 20
	// sshdDepth is how deep sshd lets files include files.
	sshdDepth = 16
	// sshdFiles bounds what a few files that include one another can cost.
	sshdFiles = 1000
)

// SSHDSetting is one line of sshd's configuration.
type SSHDSetting struct {
	// Keyword is in lower case.
	Keyword string
	Args    []string
	File    string
	Line    int // from 1
	// Match holds the criteria of the Match block it stands in, as they are written,
	// after those of a block in which its file is included; empty where it holds for
	// every connection.
	Match string
}

// SSHDConfig is the configuration of sshd, Include files in their places.
type SSHDConfig struct {
	// Files are the files that were read, in order; none where there is no sshd_config.
	Files []string
	// Settings are in the order in which sshd reads them.
	Settings []SSHDSetting
}

// First returns the setting of that keyword (in lower case) which holds where no
// Match block says otherwise: as in sshd, the first one counts.
func (c SSHDConfig) First(keyword string) (SSHDSetting, bool) {
	for _, s := range c.Settings {
		if s.Keyword == keyword && s.Match == "" {
			return s, true
		}
	}
	return SSHDSetting{}, false
}

// All returns every setting of that keyword (in lower case), in Match blocks too.
func (c SSHDConfig) All(keyword string) []SSHDSetting {
	var all []SSHDSetting
	for _, s := range c.Settings {
		if s.Keyword == keyword {
			all = append(all, s)
		}
	}
	return all
}

// SSHD returns the configuration of sshd, an empty one where the machine has none.
// What could be read is returned beside an error that names what could not.
func (m *Machine) SSHD(ctx context.Context) (SSHDConfig, error) { return m.sshd.get(ctx) }

func (m *Machine) readSSHD(context.Context) (SSHDConfig, error) {
	r := sshdReader{m: m}
	for _, f := range sshdOptionFiles {
		r.options(f.path, f.variable)
	}
	r.file(SSHDConfigFile, "", 0)
	return r.config, errors.Join(r.problems...)
}

// sshdReader reads a file and what it includes.
type sshdReader struct {
	m        *Machine
	config   SSHDConfig
	problems []error
	// full: files include one another without end, as far as we can see.
	full bool
}

func (r *sshdReader) problem(err error) {
	r.problems = append(r.problems, fmt.Errorf("reading sshd's configuration: %w", err))
}

// file reads one file. A Match block that was open where the file is included goes
// on inside it, and limits those that the file opens, which end with it.
func (r *sshdReader) file(name, outer string, depth int) {
	match := outer
	if depth > sshdDepth || len(r.config.Files) == sshdFiles {
		r.full = true
		r.problem(fmt.Errorf("%s: files include one another too often", name))
		return
	}
	data, err := r.m.Root.ReadFile(name, sshdFileLimit)
	if errors.Is(err, fs.ErrNotExist) { // sshd does without it too
		return
	}
	r.config.Files = append(r.config.Files, name)
	if err != nil {
		r.problem(err)
		return
	}
	settings, bad := ParseSSHD(name, data)
	for _, err := range bad {
		r.problem(err)
	}
	for _, s := range settings {
		switch s.Keyword {
		case "match":
			match = strings.TrimSpace(outer + " " + strings.Join(s.Args, " "))
		case "include":
			r.include(s, match, depth+1)
		default:
			s.Match = match
			r.config.Settings = append(r.config.Settings, s)
		}
	}
}

func (r *sshdReader) include(s SSHDSetting, match string, depth int) {
	for _, pattern := range s.Args {
		if !path.IsAbs(pattern) {
			pattern = path.Join(path.Dir(SSHDConfigFile), pattern)
		}
		names, err := r.m.Root.Glob(strings.ReplaceAll(pattern, "[!", "[^"))
		if err != nil {
			r.problem(fmt.Errorf("%s line %d: %w", s.File, s.Line, err))
		}
		for _, name := range names {
			if hidden(name) && !hidden(pattern) { // glob(3) passes these over
				continue
			}
			if r.full {
				return
			}
			r.file(name, match, depth)
		}
	}
}

func hidden(name string) bool { return strings.HasPrefix(path.Base(name), ".") }
