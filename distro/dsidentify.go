package distro

import (
	"errors"
	"io/fs"
	"strings"
)

// ds-identify is the helper by which cloud-init's generator decides whether cloud-init
// runs, and with which source of metadata.
const (
	dsIdentifyFile  = "/etc/cloud/ds-identify.cfg"
	dsIdentifyLimit = 1 << 20
	policyArg       = "ci.di.policy="
	policyDisabled  = "disabled"
)

// cloudPolicy reads the mode in which ds-identify works.
func (m *Machine) cloudPolicy() ([]CloudFault, error) {
	settings, err := m.dsIdentify()
	if policy := settings["policy"]; policyMode(policy.text) == policyDisabled {
		return []CloudFault{{dsIdentifyFile, policy.line, "this policy switches cloud-init off"}}, err
	}
	return nil, err
}

func (m *Machine) dsIdentify() (map[string]dsSetting, error) {
	data, err := m.Root.ReadFile(dsIdentifyFile, dsIdentifyLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return parseDSIdentify(data), err
}

// dsSetting is one line of ds-identify.cfg.
type dsSetting struct {
	text string
	line int
}

// parseDSIdentify reads "name: value" lines as ds-identify does, the last one of a name.
func parseDSIdentify(data []byte) map[string]dsSetting {
	settings := map[string]dsSetting{}
	for i, line := range lines(data) {
		line, _, _ = strings.Cut(line, "#")
		name, value, found := strings.Cut(line, ":")
		value = strings.Join(strings.Fields(value), " ")
		if n := len(value); n > 1 && value[0] == value[n-1] && strings.IndexByte(`"'`, value[0]) >= 0 {
			value = value[1 : n-1]
		}
		if found {
			settings[strings.TrimSpace(name)] = dsSetting{value, i + 1}
		}
	}
	return settings
}

// policyMode is the mode that a policy ("search,found=all") names, "" for the default.
func policyMode(policy string) string {
	mode := ""
	for word := range strings.SplitSeq(policy, ",") {
		if knownWord(word, "enabled disabled search report") {
			mode = word
		}
	}
	return mode
}
