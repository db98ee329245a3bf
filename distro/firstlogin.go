package distro

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Root's start-up file, and the one that it is restored from.
const (
	RootBashrc = "/root/.bashrc"
	SkelBashrc = "/etc/skel/.bashrc"
)

const startupLimit = 1 << 20

// LoginScript is a script that root's start-up file runs.
type LoginScript struct {
	Path string
	// Line, from 1, is where RootBashrc runs it.
	Line int
	// Missing: it is not there. CannotRun tells why the shell could not run it, "" where
	// it could.
	Missing   bool
	CannotRun string
	// Guarded: it is run under a condition, which may keep it from running twice.
	Guarded bool
	// Restores: the script, or the start-up file itself, takes the call out again.
	// It is judged for scripts only, not for the distribution's programs.
	Restores bool
	// NoSkel: it is restored from a file that is not there.
	NoSkel bool
}

// systemDirs hold the distributions' programs, which may well run at every login.
var systemDirs = [...]string{"/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/lib/", "/lib/", "/usr/libexec/", "/usr/share/"}

// LoginScripts lists the scripts that root's start-up file runs, in the order of its
// lines, each once. A machine without the file has none.
func (m *Machine) LoginScripts(context.Context) ([]LoginScript, error) {
	data, err := m.Root.ReadFile(RootBashrc, startupLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading root's start-up file: %w", err)
	}
	var scripts []LoginScript
	var problems []error
	var executable []string // by a chmod before the call
	for _, c := range parseShellCommands(data) {
		known := slices.ContainsFunc(scripts, func(s LoginScript) bool { return s.Path == c.path })
		switch {
		case c.chmod:
			executable = append(executable, c.path)
			continue
		case known, c.sourced && c.guarded, systemProgram(c.path):
			continue
		}
		c.byShell = c.byShell || slices.Contains(executable, c.path)
		script, err := m.loginScript(c, restoring(data))
		scripts, problems = append(scripts, script), append(problems, err)
	}
	if err := errors.Join(problems...); err != nil {
		return scripts, fmt.Errorf("looking at what runs at root's login: %w", err)
	}
	return scripts, nil
}

func systemProgram(name string) bool {
	return slices.ContainsFunc(systemDirs[:], func(dir string) bool { return strings.HasPrefix(name, dir) })
}

func (m *Machine) loginScript(c shellCommand, restored bool) (LoginScript, error) {
	s := LoginScript{Path: c.path, Line: c.line, Guarded: c.guarded, Restores: true}
	info, err := m.Root.Stat(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		s.Missing = true
		return s, nil
	}
	if err != nil || c.sourced || !info.Mode().IsRegular() {
		return s, err
	}
	why, err := m.CannotRun(c.path)
	if err != nil {
		return s, err
	}
	// A shell runs a script without a first line all the same.
	if why != noFirstLine && why != emptyFile && (!c.byShell || why != notExecutable) {
		s.CannotRun = why
	}
	text, _, err := m.Root.ReadHead(c.path, startupLimit)
	if err != nil || strings.HasPrefix(string(text), "\x7fELF") {
		return s, err
	}
	s.Restores = restored || restoring(text)
	if strings.Contains(string(text), SkelBashrc) {
		there, err := m.exists(SkelBashrc)
		s.NoSkel = !there
		return s, err
	}
	return s, nil
}

// restoringLine is a command that may change a .bashrc, or a name for it under which
// one may.
var restoringLine = regexp.MustCompile(`(?:^|[\s;&|(])(?:cp|mv|rm|sed|perl|install|ln|tee|truncate|ed|ex|python3?|awk)\s.*\.bashrc|^\s*(?:local\s+|readonly\s+)?[A-Za-z_]\w*=\S*\.bashrc|[^>]>\s*[^>\s]*\.bashrc`)

// restoring reports whether a script looks as if it took its own call out of .bashrc.
func restoring(text []byte) bool {
	for _, line := range lines(text) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") && restoringLine.MatchString(line) {
			return true
		}
	}
	return false
}
