package distro

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// sshdOptionFiles are what the units of Debian and of Red Hat take sshd's options
// from: they are stronger than its configuration.
var sshdOptionFiles = [...]struct{ path, variable string }{
	{"/etc/default/ssh", "SSHD_OPTS"},
	{"/etc/sysconfig/sshd", "OPTIONS"},
}

// options reads the settings that sshd is started with.
func (r *sshdReader) options(name, variable string) {
	data, err := r.m.Root.ReadFile(name, sshdFileLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		r.problem(err)
		return
	}
	settings, err := parseSSHDOptions(name, variable, data)
	if err != nil {
		r.problem(err)
	}
	r.config.Settings = append(r.config.Settings, settings...)
}

// parseSSHDOptions reads the options "-o Keyword=value" in a variable of an
// environment file. The error is a LineError.
func parseSSHDOptions(name, variable string, data []byte) ([]SSHDSetting, error) {
	var settings []SSHDSetting
	var problem error
	for i, line := range lines(data) {
		value, found := strings.CutPrefix(strings.Trim(line, blanks), variable+"=")
		if !found {
			continue
		}
		settings, problem = nil, nil // the last one counts
		words := strings.Fields(strings.NewReplacer(`"`, " ", "'", " ").Replace(value))
		for at := 0; at < len(words); at++ {
			word := words[at]
			if len(word) == 2 && strings.ContainsAny(word[1:], "of") && word[0] == '-' && at+1 < len(words) {
				at++
				word += words[at]
			}
			switch {
			case strings.HasPrefix(word, "-f"):
				problem = LineError{name, i + 1, "starts sshd with another configuration, which is not read here"}
			case strings.HasPrefix(word, "-o"):
				read, bad := ParseSSHD(name, []byte(word[2:]))
				if len(bad) > 0 {
					problem = fmt.Errorf("%w in an option", LineError{name, i + 1, "cannot be read"})
				}
				for _, s := range read {
					s.Line = i + 1
					settings = append(settings, s)
				}
			}
		}
	}
	return settings, problem
}
