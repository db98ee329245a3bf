package distro

import (
	"cmp"
	"path"
	"regexp"
	"strings"
)

// ufwIdle: ufw's boot script reads both files as shell text and does nothing unless
// ENABLED is "yes"; without either it gives up.
func (m *Machine) ufwIdle(ruleFiles []string) (config, why string, err error) {
	if program, err := m.Program("ufw"); program == "" {
		return "", "its program is gone", err
	}
	conf, ok, err := m.firewallFile(UFWConf)
	if err != nil || !ok {
		return UFWConf, "this file is missing, and nothing is loaded without it", err
	}
	if !ufwEnabled(conf) {
		return UFWConf, "ENABLED is not \"yes\" (ufw --force enable sets it)", nil
	}
	defaults, ok, err := m.firewallFile(ufwDefaults)
	if err != nil || !ok {
		return ufwDefaults, "this file is missing, and nothing is loaded without it", err
	}
	if shellValue(defaults, "DEFAULT_INPUT_POLICY") != "ACCEPT" {
		return UFWConf, "", nil
	}
	for _, name := range ruleFiles {
		rules, _, err := m.firewallFile(name)
		if err != nil || parseIPTables(rules).refusesAnywhere() {
			return UFWConf, "", err
		}
	}
	return ufwDefaults, "DEFAULT_INPUT_POLICY is ACCEPT, and no rule refuses anything", nil
}

// ufwEnabled reports whether ufw.conf switches ufw on, as its boot script reads it.
func ufwEnabled(conf []byte) bool {
	enabled := shellValue(conf, "ENABLED")
	return enabled == "yes" || enabled == "YES"
}

// firewalldIdle: every zone that firewalld ships refuses what it does not name, but
// some that take everything; so may a zone of the machine's own. The default zone
// counts, and the one of the interface that has a droplet's public address.
func (m *Machine) firewalldIdle([]string) (config, why string, err error) {
	conf, ok, err := m.firewallFile(firewalldConf)
	if err != nil {
		return "", "", err
	}
	if ok {
		config = firewalldConf
	}
	zone := path.Base(cmp.Or(shellValue(conf, "DefaultZone"), publicZone))
	if zone == trustedZone {
		return config, "the default zone is trusted, which takes everything", nil
	}
	for _, dir := range firewalldZones { // a file of the machine's own replaces the shipped one
		name := path.Join(dir, zone+".xml")
		data, found, err := m.firewallFile(name)
		switch {
		case err != nil:
			return config, "", err
		case acceptingZone.Match(data):
			return name, "the default zone takes everything", nil
		}
		if found {
			break
		}
	}
	return m.acceptedInterface(config)
}

// acceptedInterface looks for the public interface in a zone that takes everything.
func (m *Machine) acceptedInterface(config string) (string, string, error) {
	names, err := m.Root.Glob(path.Join(firewalldZones[0], "*.xml"))
	for _, name := range names {
		data, _, err := m.firewallFile(name)
		if err != nil {
			return config, "", err
		}
		if acceptingZone.Match(data) && publicInterface.Match(data) {
			return name, "this zone takes everything, and the public interface is in it", nil
		}
	}
	return config, "", err
}

// acceptingZone is the head of a zone whose target is ACCEPT (firewalld.zone(5));
// publicInterface is a line of one that holds a droplet's first interface.
var (
	acceptingZone   = regexp.MustCompile(`<zone\s[^>]*\btarget\s*=\s*["']ACCEPT["']`)
	publicInterface = regexp.MustCompile(`<interface\s[^>]*\bname\s*=\s*["'](?:eth0|ens3)["']`)
)

func (m *Machine) csfIdle([]string) (config, why string, err error) {
	if disabled, err := m.exists(csfDisabled); disabled || err != nil {
		return csfDisabled, "this file switches it off", err
	}
	conf, ok, err := m.firewallFile(csfConf)
	if err != nil || !ok {
		return csfConf, "this file is missing", err
	}
	if csfValue(conf, "TESTING") != "0" {
		return csfConf, "TESTING is not \"0\", so the rules are taken back after some minutes", nil
	}
	return csfConf, "", nil
}

func (m *Machine) iptablesIdle(ruleFiles []string) (config, why string, err error) {
	name, data, err := m.firstFile(ruleFiles)
	switch {
	case err != nil:
		return name, "", err
	case name == "":
		return "", "no rules are saved", nil
	case !parseIPTables(data).refuses():
		return name, nothingRefused, nil
	}
	return name, "", nil
}

// shellValue returns the last plain value that shell text gives a variable, as
// "NAME=value" with or without quotes. The text is never run.
func shellValue(data []byte, name string) string {
	var value string
	for _, line := range lines(data) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
		rest, found := strings.CutPrefix(line, name+"=")
		if !found {
			continue
		}
		value = ""
		if words := quotedFields(rest); len(words) > 0 && strings.HasPrefix(rest, words[0]) {
			value = plainValue(words[0])
		}
	}
	return value
}

// plainValue takes the quotes off a word of shell text, and returns nothing for one
// that is not plain.
func plainValue(word string) string {
	if n := len(word); n > 1 && (word[0] == '"' || word[0] == '\'') && word[n-1] == word[0] {
		word = word[1 : n-1]
	}
	if strings.ContainsAny(word, "\"'`$\\") {
		return ""
	}
	return word
}

// csfValue returns the value of a `NAME = "value"` line, the last one.
func csfValue(data []byte, name string) string {
	var value string
	for _, line := range lines(data) {
		key, rest, found := strings.Cut(line, "=")
		if found && strings.TrimSpace(key) == name {
			value = strings.Trim(strings.TrimSpace(rest), `"`)
		}
	}
	return value
}
