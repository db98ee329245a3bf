package distro

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"strings"
)

// scriptLine is the most of a file's first line that the kernel reads.
const scriptLine = 256

// Reasons that do not hold for every caller.
const (
	notExecutable = "is not executable"
	noFirstLine   = "has no first line with an interpreter (#!/bin/sh)"
	emptyFile     = "is empty"
)

// CannotRun tells why the machine could not run a file as a program, "" where it could:
// its mode, its first line and the interpreter that it names are looked at, what the
// program then does is not.
func (m *Machine) CannotRun(file string) (why string, err error) {
	info, err := m.Root.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is a link that leads to nothing here", nil
	case err != nil:
		return "", err
	case info.IsDir():
		return "is a folder", nil
	case !info.Mode().IsRegular():
		return "is no regular file", nil
	case info.Mode().Perm()&0o111 == 0:
		return notExecutable, nil
	}
	head, _, err := m.Root.ReadHead(file, scriptLine)
	if err != nil {
		return "", err
	}
	interpreter, why := parseScriptHead(head)
	if interpreter == "" {
		return why, nil
	}
	return m.noInterpreter(interpreter)
}

// parseScriptHead reads how a program begins: the interpreter, a path or the name that
// env looks for, or why the kernel would not run it. Both are empty for a binary.
func parseScriptHead(head []byte) (interpreter, why string) {
	switch {
	case len(head) == 0:
		return "", emptyFile
	case bytes.HasPrefix(head, []byte("\x7fELF")):
		return "", ""
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf#!")):
		return "", "begins with a byte order mark before \"#!\", so that nothing can run it"
	case !bytes.HasPrefix(head, []byte("#!")):
		return "", noFirstLine
	}
	line, _, _ := bytes.Cut(head[2:], []byte("\n"))
	if bytes.HasSuffix(line, []byte("\r")) {
		return "", "has a first line that ends like in Windows (CR LF): there is no such interpreter"
	}
	words := strings.FieldsFunc(string(line), func(r rune) bool { return r == ' ' || r == '\t' })
	if len(words) == 0 {
		return "", "has a first line that names no interpreter"
	}
	switch {
	case path.Base(words[0]) == "env":
		return envProgram(words[0], words[1:]), ""
	case !path.IsAbs(words[0]):
		return "", "names its interpreter without a full path"
	}
	return words[0], ""
}

// envProgram is what "/usr/bin/env [-S] [NAME=VALUE]… PROGRAM" runs, env itself where
// that cannot be told.
func envProgram(env string, words []string) string {
	for _, word := range words {
		word = strings.TrimPrefix(word, "-S")
		if word == "" || strings.HasPrefix(word, "-") || strings.Contains(word, "=") {
			continue
		}
		return word
	}
	return env
}

// noInterpreter tells why an interpreter cannot be run, "" where it can. A name without
// a slash is looked up as env does.
func (m *Machine) noInterpreter(name string) (why string, err error) {
	missing := "names an interpreter that is not there: " + shownName(name)
	if !strings.Contains(name, "/") {
		program, err := m.Program(name)
		if program == "" && err == nil {
			return missing, nil
		}
		return "", err
	}
	info, err := m.Root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return missing, nil
	case err != nil:
		return "", err
	case !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0:
		return "names an interpreter that is not executable: " + shownName(name), nil
	}
	return "", nil
}

// shownName makes what a script calls its interpreter fit to be repeated: plain and
// short, as programs are called.
func shownName(name string) string {
	const longest = 100
	for _, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune("/._+-", rune(c)) {
			return "(an odd name)"
		}
	}
	if len(name) > longest {
		return "(a long name)"
	}
	return name
}
