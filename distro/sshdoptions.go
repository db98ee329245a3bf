package distro

import (
	"errors"
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
		if found { // the last one counts
			settings, problem = optionSettings(name, i+1, value)
		}
	}
	return settings, problem
}

// optionSettings reads sshd's command line.
func optionSettings(name string, line int, options string) (settings []SSHDSetting, problem error) {
	words := strings.Fields(strings.NewReplacer(`"`, " ", "'", " ").Replace(options))
	for at := 0; at < len(words); at++ {
		word := words[at]
		if (word == "-o" || word == "-f") && at+1 < len(words) {
			at++
			word += words[at]
		}
		if strings.HasPrefix(word, "-f") {
			problem = LineError{name, line, "starts sshd with another configuration, which is not read here"}
		}
		option, found := strings.CutPrefix(word, "-o")
		if !found {
			continue
		}
		read, bad := ParseSSHD(name, []byte(option))
		if len(bad) > 0 {
			problem = LineError{name, line, "has an option that cannot be read"}
		}
		for _, s := range read {
			s.Line = line
			settings = append(settings, s)
		}
	}
	return settings, problem
}
